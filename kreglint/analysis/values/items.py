"""The items of a sequence: what unpacking takes of it, and what a loop over it goes through."""

from __future__ import annotations

from collections.abc import Iterable

from kreglint.analysis.semantic.scopes import Pick
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Mapping, OneOf, Provenance, Sequence, Unknown, Value, one_of, unknown

_NOT_PLAIN = "unpacked from something that is not a plain list or tuple"


def picked(value: Value, picks: tuple[Pick, ...], span: Span) -> Value:
    """Return the part of a value that unpacking gives to a name."""
    for pick in picks:
        value = _item(value, pick, span)
    return value


def _item(value: Value, pick: Pick, span: Span) -> Value:
    value = as_tuple(value)
    if isinstance(value, OneOf):
        return value.map(lambda way: _item(way, pick, span), span)
    if not isinstance(value, Sequence) or value.kind == "set":
        return unknown(span, _NOT_PLAIN)
    if pick.starred:
        if any(isinstance(item, Unknown) for item in value.items):
            return unknown(span, _NOT_PLAIN)
        return Sequence(
            span=value.span, kind="list", items=value.items[pick.place : pick.stop], provenance=value.provenance
        )
    if not -len(value.items) <= pick.place < len(value.items):
        return unknown(span, "unpacked from too few items")
    return at_least(value.items[pick.place], value.provenance)


def as_tuple(value: Value) -> Value:
    """Return a named tuple as a plain one; any other value as it is."""
    items = value.held if isinstance(value, OwnValue) else None
    if items is None:
        return value
    plain = tuple(item for _, item in items)
    return Sequence(span=value.span, kind="tuple", items=plain, origin=value.origin, provenance=value.provenance)


def items_of(value: Value) -> tuple[Value, ...] | None:
    """Return what a loop over a value goes through, turn by turn; None where that or its order is not known."""
    value = as_tuple(value)
    match value:
        case Sequence(kind="list" | "tuple", items=items) if not any(
            isinstance(item, Unknown) for item in items
        ):  # of a known length then
            return tuple(at_least(item, value.provenance) for item in items)
        case Mapping(entries=entries, complete=True):
            return tuple(key_of(key, value) for key, _ in entries)
    return None


def any_of(value: Value, picks: tuple[Pick, ...], span: Span) -> Value:
    """Return one of the items of a value, or of the parts that unpacking takes of each."""
    if isinstance(value, OneOf):
        return value.map(lambda way: any_of(way, picks, span), span)
    turns = value.items if isinstance(value, Sequence) and value.kind == "set" else items_of(value)
    return one_of([picked(turn, picks, span) for turn in turns], span) if turns else unknown(span, "set by a loop")


def key_of(key: object, mapping: Mapping) -> Value:
    """Return a key of a dict, as a value."""
    if isinstance(key, (str, bytes, int, float, complex, type(None))):
        return Const(span=mapping.span, value=key, provenance=mapping.provenance)
    return unknown(mapping.span, "a key of a dict")


def row_of(key: Value, value: Value, mapping: Mapping) -> Value:
    """What `items()` of a dict gives at one turn."""
    return Sequence(span=mapping.span, kind="tuple", items=(key, value), provenance=mapping.provenance)


def rows_of(rows: Iterable[tuple[Value, ...]], span: Span, provenance: Provenance = Provenance.EXACT) -> Value:
    """Return a tuple of tuples."""
    items = tuple(Sequence(span=span, kind="tuple", items=row) for row in rows)
    return Sequence(span=span, kind="tuple", items=items, provenance=provenance)


def view_of(method: str, mapping: Mapping, span: Span) -> Value | None:
    """Return what `items()`, `keys()` or `values()` of a dict give, one after the other.

    None where that is not known.
    """
    keys = items_of(mapping)
    values = tuple(value for _, value in mapping.entries)
    if keys is None:
        return None
    if method == "items":
        return rows_of(zip(keys, values, strict=True), span, mapping.provenance)
    items = keys if method == "keys" else values
    return Sequence(span=span, kind="tuple", items=items, provenance=mapping.provenance)
