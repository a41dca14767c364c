"""From an expression to its value, on demand.

Names are looked up at the moment at which the expression is reached (scopes.py). What is not understood is Unknown,
with the reason that a reader of the file would give. Depth and size of what is worked out are bounded, so that no
program can make it fail or take long.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from kreglint.analysis import bounds
from kreglint.analysis.semantic import constants
from kreglint.analysis.semantic.scopes import Binding, Guard, Ways
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import is_regularizer, surest, truth
from kreglint.analysis.values.module import At, Module
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Construct, OneOf, Origin, Provenance, Unknown, Value, unknown
from kreglint.records import replace


def infer(node: nodes.Expression, at: At) -> Value:
    """Return what the expression is known to be when it is reached there: worked out once for each frame."""
    module = at.module
    if not module.memory.may_step():
        return unknown(module.span(node), "too deeply nested")
    found: Value | None = module.memory.ask((node, at.time, at.frame), None, partial(_infer, node, at), steps=1)
    return unknown(module.span(node), "depends on itself") if found is None else found


def _infer(node: nodes.Expression, at: At) -> Value:
    module = at.module
    value = module.analysis.interpreter.expressions.get(type(node), _literal)(node, at)
    return unknown(module.span(node), "too large to follow") if module.memory.is_too_large() else value


def _literal(node: nodes.Expression, at: At) -> Value:
    try:
        return computed(constants.literal(node), (), at.module.span(node))
    except constants.NotConstantError as reason:
        return unknown(at.module.span(node), str(reason))


def bound(name: str, span: Span, binding: Binding, at: At) -> Value:
    """Return the value of a binding of a module, in a frame, read under `name` at `span`."""
    work = at.module.analysis.interpreter.bindings.get(type(binding))
    return unknown(span, f"'{name}' is not followed") if work is None else work(name, span, binding, at)


def hold(guards: tuple[Guard, ...], at: At) -> tuple[bool | None, Provenance]:
    """Return whether conditions hold, None where that is not known; and the least sure that was needed for it."""
    with at.module.memory.guarded() as is_within_bounds:
        return _hold(guards, at) if is_within_bounds else (None, Provenance.EXACT)


def _hold(guards: tuple[Guard, ...], at: At) -> tuple[bool | None, Provenance]:
    holds: bool | None = True
    provenance = Provenance.EXACT
    for guard in guards:
        if guard.test is None:
            holds = None
            continue
        test = infer(guard.test, at.moved(guard.scope, guard.time))
        counts = truth(test)
        if counts is None:
            holds = None
            continue
        provenance = max(provenance, surest(test))
        if counts is not guard.expected:
            return False, provenance
    return holds, provenance


def ruled_out(joins: tuple[Ways, ...], at: At) -> Provenance | None:
    """Return how surely conditions rule out all ways through one of several joins; None where they may not."""
    for ways in joins:
        tried = [hold(guards, at) for guards in ways]
        if tried and all(holds is False for holds, _ in tried):
            return max(provenance for _, provenance in tried)
    return None


def may_call(at: At) -> bool:
    """True if one more call of the user's own functions is within bounds."""
    return at.module.memory.may_call() and (at.frame is None or at.frame.level < bounds.FRAMES)


def computed(value: object, operands: Iterable[Value], span: Span) -> Value:
    """Return a constant that is worked out of others."""
    if not isinstance(value, (str, bytes, int, float, complex, type(None))):
        return unknown(span, "a computed value")
    operands = tuple(operands)
    origin = tuple(dict.fromkeys(place for operand in operands for place in operand.origin))
    surest = max((operand.provenance for operand in operands), default=Provenance.EXACT)
    return Const(span=span, value=value, origin=origin, provenance=surest)


def through(span: Span, value: Value, place: Origin, module: Module) -> Value:
    """Return a value as it is found by a name, which is also a place from which it may be changed."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, OneOf):
        ways = [through(span, way, place, module) for way in value.alternatives]
        lost = next((way for way in ways if isinstance(way, Unknown)), None)
        return lost or replace(value, alternatives=tuple(ways), origin=(place, *value.origin))
    if isinstance(value, Construct) and module.changed_factors and is_regularizer(value):
        return unknown(span, f"a '{min(module.changed_factors)}' is set after construction in this file")
    return replace(value, origin=(place, *value.origin))
