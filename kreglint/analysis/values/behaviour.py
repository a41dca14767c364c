"""What a call or an attribute of a value is, whatever kind of value it is."""

from __future__ import annotations

from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.module import At, Call
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Construct, OneOf, Symbol, Unknown, Value, one_of, unknown
from kreglint.records import replace


def called(callee: Value, call: Call) -> Value:
    """Return what a call of a value gives back."""
    match callee:
        case OwnValue():
            return callee.call(call)
        case Construct():
            work = call.at.module.libraries.made_calls.get(callee.symbol.path)
            if work is not None:
                return work(callee, call)
        case Unknown(reason=reason):
            return unknown(call.span, reason)
        case OneOf():
            return callee.map(lambda way: called(way, call), call.span)
    return unknown(call.span, "returned by something that is not followed")


def attribute_of(owner: Value, name: str, span: Span, at: At) -> Value | None:
    """Return an attribute of a value, read at `span`; None where nothing is known of it."""
    if isinstance(owner, OneOf):
        ways = [attribute_of(way, name, span, at) for way in owner.ways if not _is_none(way)]
        known = [way for way in ways if way is not None]
        return one_of(known, span) if known and len(known) == len(ways) else None
    found = _attribute_of_one(owner, name, span, at)
    if found is None or isinstance(found, Unknown):
        return found
    return replace(at_least(found, owner.provenance), origin=(*owner.origin, *found.origin))


def _attribute_of_one(owner: Value, name: str, span: Span, at: At) -> Value | None:
    if isinstance(owner, OwnValue):
        return owner.attribute(name, span, at)
    if not isinstance(owner, Construct | Symbol):
        return None
    path = owner.path if isinstance(owner, Symbol) else owner.symbol.path
    work = at.module.libraries.attributes.get(path)
    return work(owner, name, span, at) if work is not None else None


def _is_none(value: Value) -> bool:
    """True if it is None, which has no attribute that a program goes on with."""
    return isinstance(value, Const) and value.value is None
