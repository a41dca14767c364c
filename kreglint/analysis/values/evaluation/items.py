"""The items of a sequence: what unpacking takes of it, and what a loop over it goes through."""

from __future__ import annotations

from dataclasses import replace

from kreglint.analysis.semantic.scopes import Pick
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.evaluation.records import as_tuple
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Mapping, OneOf, Resolution, Sequence, Unknown, Value, one_of

_NOT_PLAIN = "unpacked from something that is not a plain list or tuple"


def picked(value: Value, picks: tuple[Pick, ...], span: Span) -> Value:
    """The part of a value that unpacking gives to a name."""
    for pick in picks:
        value = _item(value, pick, span)
    return value


def _item(value: Value, pick: Pick, span: Span) -> Value:
    value = as_tuple(value)
    if isinstance(value, OneOf):
        together = one_of([_item(way, pick, span) for way in value.alternatives], span)
        return replace(together, resolution=value.resolution) if isinstance(together, OneOf) else together
    if not isinstance(value, Sequence) or value.kind == "set":
        return _unknown(_NOT_PLAIN, span)
    if pick.starred:
        if any(isinstance(item, Unknown) for item in value.items):
            return _unknown(_NOT_PLAIN, span)
        return Sequence(
            span=value.span, kind="list", items=value.items[pick.place : pick.stop], resolution=value.resolution
        )
    if not -len(value.items) <= pick.place < len(value.items):
        return _unknown("unpacked from too few items", span)
    return at_least(value.items[pick.place], value.resolution)


def items_of(value: Value) -> tuple[Value, ...] | None:
    """What a loop over a value goes through, turn by turn; None where that or its order is not known."""
    value = as_tuple(value)
    match value:
        case Sequence(kind="list" | "tuple", items=items) if not any(
            isinstance(item, Unknown) for item in items
        ):  # of a known length then
            return tuple(at_least(item, value.resolution) for item in items)
        case Mapping(entries=entries, complete=True):
            return tuple(key_of(key, value) for key, _ in entries)
    return None


def any_of(value: Value, picks: tuple[Pick, ...], span: Span) -> Value:
    """One of the items of a value, or of the parts that unpacking takes of each."""
    if isinstance(value, OneOf):
        together = one_of([any_of(way, picks, span) for way in value.alternatives], span)
        return replace(together, resolution=value.resolution) if isinstance(together, OneOf) else together
    turns = value.items if isinstance(value, Sequence) and value.kind == "set" else items_of(value)
    return one_of([picked(turn, picks, span) for turn in turns], span) if turns else _unknown("set by a loop", span)


def key_of(key: object, mapping: Mapping) -> Value:
    """A key of a dict, as a value."""
    if isinstance(key, (str, bytes, int, float, complex, type(None))):
        return Const(span=mapping.span, value=key, resolution=mapping.resolution)
    return _unknown("a key of a dict", mapping.span)


def _unknown(reason: str, span: Span) -> Unknown:
    return Unknown(span=span, reason=reason, resolution=Resolution.UNKNOWN)
