"""Calls: of imported names, of builtins, and of values."""

from __future__ import annotations

from functools import partial
from itertools import product

from kreglint.analysis import bounds
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.behaviour import called
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.displays import method_of_dict
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import At, Call
from kreglint.analysis.values.names import symbol
from kreglint.analysis.values.own_values import OwnValue
from kreglint.facts.values import Argument, Construct, OneOf, Provenance, Symbol, Unknown, Value, one_of, unknown
from kreglint.records import replace


def call(node: nodes.Call, at: At) -> Value:
    asked = Call(at.module.span(node), at.module.span(node.func), at, partial(arguments_of, node, at), node)
    paths = at.module.paths.of(node.func, at.scope, at.time)
    callee = _of_project_alone(asked, paths)
    if callee is not None:
        return called(callee, asked)
    if paths:
        made = [value for path in paths for value in _of_path(path, asked)]
        return _named_for_callers(one_of(made, asked.span), asked)
    if isinstance(node.func, nodes.Name):
        return _of_name(node.func, asked)
    if isinstance(node.func, nodes.Attribute):
        return _of_attribute(node, node.func, asked)
    return _of_expression(node, asked)


def _of_project_alone(asked: Call, paths: tuple[str, ...]) -> Value | None:
    """Return what another file defines or makes that can be called, or several such."""
    if not paths or any(canonical(path) is not None for path in paths):
        return None
    module = asked.at.module
    callee = symbol(asked.callee, paths, module)
    if callee is None or isinstance(callee, Construct):
        makes = module.libraries.made_calls
        return callee if callee is not None and callee.symbol.path in makes else None
    return callee if all(isinstance(way, OwnValue) for way in callee.ways) else None


def _of_path(path: str, asked: Call) -> list[Value]:
    """Return the call of an imported name."""
    work = asked.at.module.libraries.calls.get(path)
    found = work(path, asked) if work is not None else None
    return [found] if found is not None else constructs(path, asked)


def constructs(path: str, asked: Call) -> list[Value]:
    """Return the call of an unknown imported name: a value for each combination of what it is given."""
    arguments = asked.arguments()
    count = 1
    for argument in arguments:
        count *= len(argument.value.ways)
    if count > bounds.COMBINATIONS:
        return [unknown(asked.span, "too many combinations of branches")]
    name = Symbol(span=asked.callee, path=path, canonical=canonical(path))
    return [
        Construct(span=asked.span, symbol=name, callee_span=asked.callee, arguments=_with_values(arguments, values))
        for values in product(*(argument.value.ways for argument in arguments))
    ]


def _with_values(arguments: tuple[Argument, ...], values: tuple[Value, ...]) -> tuple[Argument, ...]:
    return tuple(replace(argument, value=value) for argument, value in zip(arguments, values, strict=True))


def _named_for_callers(made: Value, asked: Call) -> Value:
    """Mark several values of a call as its callers' doing where no argument has branches of its own."""
    if not isinstance(made, OneOf):
        return made
    sources = {a.value.provenance for a in asked.arguments() if isinstance(a.value, OneOf)}
    return replace(made, provenance=Provenance.CALLERS) if sources == {Provenance.CALLERS} else made


def _of_name(func: nodes.Name, asked: Call) -> Value:
    at = asked.at
    binding = lookup(func.value, at.scope, at.time)
    if binding is None:
        return _of_builtin(func.value, asked)
    callee = infer(func, at)
    if isinstance(callee, Unknown) and not isinstance(binding, DefinitionBinding):
        return unknown(asked.span, f"returned by '{func.value}'")
    return _called(callee, asked)


def _of_builtin(name: str, asked: Call) -> Value:
    work = asked.at.module.libraries.builtins.get(name)
    found = work(name, asked) if work is not None else None
    return found or unknown(asked.span, f"returned by '{name}'")


def _of_attribute(node: nodes.Call, func: nodes.Attribute, asked: Call) -> Value:
    """Return the call of a method of a value, or of what an attribute holds."""
    name, at = func.attr.value, asked.at
    found = method_of_dict(node, name, func.value, at)
    work = at.module.libraries.methods.get(name) if found is None else None
    if work is not None:
        found = work(infer(func.value, at), name, asked)
    return found or _of_expression(node, asked)


def _of_expression(node: nodes.Call, asked: Call) -> Value:
    callee = infer(node.func, asked.at)
    if isinstance(callee, Unknown):
        reason = callee.reason if isinstance(node.func, nodes.Lambda) else "returned by a call"
        return unknown(asked.span, reason)
    return _called(callee, asked)


def _called(callee: Value, asked: Call) -> Value:
    """The call of a value, which may be a name of a library that no plain name leads to."""
    found: list[Value] = []
    for way in callee.ways:
        if isinstance(way, Symbol):
            found += (at_least(made, way.provenance) for made in _of_path(way.path, asked))
        else:
            found.append(called(way, asked))
    together = one_of(found, asked.span)
    by_callers = isinstance(callee, OneOf) and callee.provenance is Provenance.CALLERS and isinstance(together, OneOf)
    return replace(together, provenance=Provenance.CALLERS) if by_callers else together
