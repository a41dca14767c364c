"""What is done to dicts, as a new value for each step.

A dict that is not `complete` has entries that are not known. Where these are what callers may pass (`**kwargs`),
it is `overridable`: what stands in it is then a default.
"""

from __future__ import annotations

from collections.abc import Callable

from kreglint.analysis import bounds
from kreglint.analysis.semantic.access_paths import Path
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.items import as_tuple
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Const,
    EntryPlace,
    Mapping,
    OneOf,
    Origin,
    Provenance,
    Sequence,
    Unknown,
    Value,
    one_of,
    unknown,
)
from kreglint.records import replace


def open_mapping(span: Span) -> Mapping:
    """Return the `**kwargs` of a function, of which nothing is known but that callers decide."""
    return Mapping(span=span, entries=(), complete=False, overridable=True)


def with_entry(mapping: Mapping, key: object, value: Value, place: EntryPlace | None = None) -> Mapping:
    kept = without_entry(mapping, key)
    if len(kept.entries) >= bounds.ENTRIES:
        return without_anything_known(mapping)
    places = kept.places if place is None else (*kept.places, (key, place))
    return replace(kept, entries=(*kept.entries, (key, value)), places=places)


def without_entry(mapping: Mapping, key: object) -> Mapping:
    entries = tuple(entry for entry in mapping.entries if not _alike(entry[0], key))
    return replace(mapping, entries=entries, places=tuple(p for p in mapping.places if not _alike(p[0], key)))


def without_anything_known(mapping: Mapping) -> Mapping:
    return replace(mapping, entries=(), places=(), complete=False, overridable=False)


def updated(mapping: Mapping, other: Value) -> Mapping:
    """`{**mapping, **other}`."""
    if not isinstance(other, Mapping):
        return without_anything_known(mapping)
    if other.complete:
        by_callers = other.provenance >= Provenance.CALLERS  # who may pass another, with more entries
        found = _no_surer_than(mapping, other.provenance) if by_callers else mapping
    elif other.overridable:
        found = _no_surer_than(mapping, Provenance.DEFAULT)
        found = replace(found, complete=False, overridable=mapping.complete or mapping.overridable)
    else:
        found = without_anything_known(mapping)
    for key, value in other.entries:
        found = with_entry(found, key, at_least(value, other.provenance), other.place_of(key))
    return found


def _no_surer_than(mapping: Mapping, provenance: Provenance) -> Mapping:
    return replace(mapping, entries=tuple((key, at_least(value, provenance)) for key, value in mapping.entries))


def private(value: Value, is_shared: Callable[[Path], bool], path: Path = ()) -> Value:
    """Return a dict or list without what is shared of those within it, since these may be changed unseen."""

    def kept(key: object, inner: Value) -> Value:
        if not is_changeable(inner):
            return inner
        if is_shared((*path, key)):
            reason = f"a {kind_of(inner)} within a {kind_of(value)} that is used elsewhere too"
            return unknown(inner.span, reason)
        return private(inner, is_shared, (*path, key))

    match value:
        case OneOf(alternatives=alternatives):
            return replace(value, alternatives=tuple(private(way, is_shared, path) for way in alternatives))
        case Mapping(entries=entries):
            return replace(value, entries=tuple((key, kept(key, inner)) for key, inner in entries))
        case Sequence(items=items):
            return replace(value, items=tuple(kept(index, inner) for index, inner in enumerate(items)))
    return value


def handed_on(value: Value, reason: str, span: Span) -> Value:
    """Return what is known of a value that others may change: a list is still a list, of whatever they make of it.

    `reason` is why nothing is known of a dict.
    """
    match value:
        case OneOf(alternatives=alternatives):
            return one_of([handed_on(way, reason, span) for way in alternatives], span)
        case Sequence(kind="tuple", items=items):
            return replace(value, items=tuple(handed_on(item, reason, span) for item in items))
        case Sequence(kind=kind, items=items):
            changed = f"in a {kind}, which may be changed after it is made"
            changing = unknown(span, changed)
            return replace(value, items=(changing,) * max(len(items), 1))
        case Mapping():
            return unknown(span, reason)
    return value


def kind_of(value: Value) -> str:
    """Return what a value that can be changed is called."""
    first = value.ways[0]
    return first.kind if isinstance(first, Sequence) else "dict"


def is_changeable(value: Value) -> bool:
    """True if it is a dict, list or set, holds one, or may be one."""
    match value:
        case Mapping():
            return True
        case Sequence(kind=kind, items=items):
            return kind != "tuple" or any(map(is_changeable, items))
        case OneOf(alternatives=alternatives):
            return any(map(is_changeable, alternatives))
    return False


def item_of(owner: Value, key: Value, span: Span) -> Value:
    """`owner[key]`, for a dict, list or tuple."""
    owner = as_tuple(owner)
    match owner:
        case Mapping():
            return looked_up(owner, key, span)
        case Sequence(kind="list" | "tuple", items=items) if isinstance(key, Const) and type(key.value) is int:
            if -len(items) <= key.value < len(items):
                found = at_least(items[key.value], max(owner.provenance, key.provenance))
                return replace(found, origin=(*owner.origin, *found.origin))
            return unknown(span, "an item that is not there")
        case OneOf():
            return owner.map(lambda way: item_of(way, key, span), span)
        case Unknown(reason=reason):
            return unknown(span, reason)
    reason = "an item of a sequence" if isinstance(owner, Sequence) else "an entry of something that is no known dict"
    return unknown(span, reason)


def looked_up(mapping: Mapping, key: Value, span: Span, default: Value | None = None) -> Value:
    """`mapping[key]`, or `mapping.get(key, default)` where a default is given."""
    if not isinstance(key, Const):
        return unknown(span, "an entry whose key is not known")
    found = mapping.get(key.value)
    if found is not None:
        return _out_of(mapping, at_least(found, max(mapping.provenance, key.provenance)))
    if default is not None and (mapping.complete or mapping.overridable):
        return at_least(default, mapping.provenance if mapping.complete else Provenance.DEFAULT)
    return unknown(span, "an entry that is not known")


def _out_of(mapping: Mapping, value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    return replace(value, origin=(*(mapping.origin or (Origin(mapping.span),)), *value.origin))


def each(value: Value, change: Callable[[Mapping], Value], span: Span) -> Value:
    """Return what a step makes of a dict, or of each of the dicts that a value may be."""
    if not all(isinstance(way, Mapping) for way in value.ways):
        reason = value.reason if isinstance(value, Unknown) else "an entry of something that is no known dict"
        return unknown(span, reason)
    return value.map(lambda way: change(way) if isinstance(way, Mapping) else way, span)


def _alike(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
