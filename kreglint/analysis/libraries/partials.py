"""`functools.partial`."""

from __future__ import annotations

from kreglint.analysis.values.arguments import merged_arguments
from kreglint.analysis.values.calls import constructs
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.functions import FunctionValue, returned
from kreglint.analysis.values.module import Call
from kreglint.facts.values import Construct, Symbol, Value, one_of, unknown
from kreglint.records import replace

PARTIAL = "functools.partial"


def completed(partial: Construct, call: Call) -> Value:
    """Return a call of `functools.partial(function, …)`, with its own arguments after those."""
    return at_least(_completed(partial, call), partial.provenance)


def _completed(partial: Construct, call: Call) -> Value:
    if partial.has_star or not partial.positional:
        return unknown(call.span, "made by a partial whose arguments are not all known")
    whole = call.passing(merged_arguments(partial.arguments[1:], call.arguments(), call.span))
    match partial.positional[0].value:
        case Symbol(path=path):
            return one_of(constructs(path, whole), call.span)
        case FunctionValue(body=body, name=name):
            return returned(name, body, whole)
        case Construct() as inner if inner.symbol.path == PARTIAL and not inner.has_star:
            arguments = merged_arguments(inner.arguments, partial.arguments[1:], call.span)
            return _completed(replace(inner, arguments=arguments), call)
    return unknown(call.span, "made by a partial of something that is not followed")


MADE_CALLS = {PARTIAL: completed}
FOLLOWED = frozenset((PARTIAL,))
