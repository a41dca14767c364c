"""What is done to dicts, as a new value for each step.

A dict that is not `complete` has entries that are not known. Where these are what callers may pass (`**kwargs`),
it is `overridable`: what stands in it is then a default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kreglint.analysis.certainty import at_least
from kreglint.analysis.items import Path
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Mapping, OneOf, Origin, Resolution, Sequence, Unknown, Value, one_of

_MOST_ENTRIES = 64


def open_mapping(span: Span) -> Mapping:
    """The `**kwargs` of a function, of which nothing is known but that callers decide."""
    return Mapping(span=span, entries=(), complete=False, overridable=True)


def with_entry(mapping: Mapping, key: object, value: Value) -> Mapping:
    entries = (*(entry for entry in mapping.entries if not _alike(entry[0], key)), (key, value))
    if len(entries) > _MOST_ENTRIES:
        return replace(mapping, entries=(), complete=False, overridable=False)
    return replace(mapping, entries=entries)


def without_entry(mapping: Mapping, key: object) -> Mapping:
    return replace(mapping, entries=tuple(entry for entry in mapping.entries if not _alike(entry[0], key)))


def without_anything_known(mapping: Mapping) -> Mapping:
    return replace(mapping, entries=(), complete=False, overridable=False)


def updated(mapping: Mapping, other: Value) -> Mapping:
    """`{**mapping, **other}`."""
    if not isinstance(other, Mapping):
        return without_anything_known(mapping)
    if other.complete:
        found = mapping
    elif other.overridable:
        entries = tuple((key, at_least(value, Resolution.DEFAULT)) for key, value in mapping.entries)
        found = replace(mapping, entries=entries, complete=False, overridable=mapping.complete or mapping.overridable)
    else:
        found = without_anything_known(mapping)
    for key, value in other.entries:
        found = with_entry(found, key, at_least(value, other.resolution))
    return found


def private(mapping: Mapping, is_shared: Callable[[Path], bool], path: Path = ()) -> Mapping:
    """A dict without the dicts within it that are shared, since these may be changed unseen."""

    def kept(key: object, value: Value) -> Value:
        if not holds_mapping(value):
            return value
        if is_shared((*path, key)):
            return Unknown(
                span=value.span, reason="a dict within a dict that is used elsewhere too", resolution=Resolution.UNKNOWN
            )
        return of_each(value, lambda one: private(one, is_shared, (*path, key)))

    return replace(mapping, entries=tuple((key, kept(key, value)) for key, value in mapping.entries))


def of_each(value: Value, change: Callable[[Mapping], Mapping]) -> Value:
    """The same value with each dict that it may be changed."""
    if isinstance(value, OneOf):
        return replace(value, alternatives=tuple(of_each(way, change) for way in value.alternatives))
    return change(value) if isinstance(value, Mapping) else value


def holds_mapping(value: Value) -> bool:
    """Whether it is a dict, or may be."""
    ways = value.alternatives if isinstance(value, OneOf) else (value,)
    return any(isinstance(way, Mapping) for way in ways)


def looked_up(mapping: Mapping, key: Value, span: Span, default: Value | None = None) -> Value:
    """`mapping[key]`, or `mapping.get(key, default)` where a default is given."""
    if not isinstance(key, Const):
        return Unknown(span=span, reason="an entry whose key is not known", resolution=Resolution.UNKNOWN)
    found = mapping.get(key.value)
    if found is not None:
        kept = at_least(found, max(mapping.resolution, key.resolution))
        return _out_of(mapping, kept, span)
    if default is not None and (mapping.complete or mapping.overridable):
        return at_least(default, mapping.resolution if mapping.complete else Resolution.DEFAULT)
    return Unknown(span=span, reason="an entry that is not known", resolution=Resolution.UNKNOWN)


def _out_of(mapping: Mapping, value: Value, span: Span) -> Value:
    """A value taken out of a dict, which stays the same object where it can be changed."""
    ways = value.alternatives if isinstance(value, OneOf) else (value,)
    if any(isinstance(way, Sequence) and way.kind != "tuple" for way in ways):
        return Unknown(span=span, reason="a list within a dict", resolution=Resolution.UNKNOWN)
    if isinstance(value, Unknown):
        return value
    return replace(value, origin=(*(mapping.origin or (Origin(mapping.span),)), *value.origin))


def each(value: Value, change: Callable[[Mapping], Value], span: Span) -> Value:
    """What a step makes of a dict, or of each of the dicts that a value may be."""
    ways = value.alternatives if isinstance(value, OneOf) else (value,)
    if not all(isinstance(way, Mapping) for way in ways):
        reason = value.reason if isinstance(value, Unknown) else "an entry of something that is no known dict"
        return Unknown(span=span, reason=reason, resolution=Resolution.UNKNOWN)
    together = one_of([change(way) for way in ways if isinstance(way, Mapping)], span)
    return replace(together, resolution=value.resolution) if isinstance(together, OneOf) else together


def _alike(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
