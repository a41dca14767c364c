"""Arguments: what `**` brings to a call, what a partial adds, and which parameter each sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, EntryPlace, Mapping, OneOf, Origin, Resolution, Value, one_of
from kreglint.facts.values import Sequence as SequenceValue

_SUFFIX = "_regularizer"  # of the parameters that every layer of Keras has None for


def with_unpacked(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments as written, a `**` marked as expanded where it is known whole, and after them what these bring."""
    written: list[Argument] = []
    brought: list[Argument] = []
    for argument in arguments:
        unpacked = list(_unpacked(argument)) if argument.star == "**" else []
        complete = argument.star == "**" and _is_whole(argument.value, unpacked)
        written.append(replace(argument, expanded=True) if complete else argument)
        brought += unpacked
    return (*written, *brought)


def _ways(value: Value) -> tuple[Value, ...]:
    return value.alternatives if isinstance(value, OneOf) else (value,)


def _is_whole(value: Value, unpacked: list[Argument]) -> bool:
    keys = {key for way in _ways(value) if isinstance(way, Mapping) for key, _ in way.entries}
    complete = all(isinstance(way, Mapping) and way.complete for way in _ways(value))
    return complete and keys == {argument.keyword for argument in unpacked}


def _unpacked(argument: Argument) -> Iterator[Argument]:
    """The keywords that a `**` certainly brings, as arguments placed where their values stand."""
    ways = [way for way in _ways(argument.value) if isinstance(way, Mapping)]
    if len(ways) < len(_ways(argument.value)):
        return
    for key in dict.fromkeys(key for way in ways for key, _ in way.entries):
        values = [_brought_by(way, key, argument) for way in ways]
        known = [value for value in values if value is not None]
        if isinstance(key, str) and len(known) == len(values):
            value = one_of(known, argument.value_span)
            if isinstance(value, OneOf):
                value = replace(value, resolution=argument.value.resolution)
            yield _placed(argument, key, value, ways)


def _placed(argument: Argument, key: str, value: Value, ways: list[Mapping]) -> Argument:
    """The keyword that a `**` brings, at the one place where it is written, else at the `**` itself."""
    is_given = all(way.get(key) is not None for way in ways)
    places = list(dict.fromkeys(way.place_of(key) for way in ways))
    place = places[0] if len(places) == 1 else None
    if place is None:
        given = argument.value_span
        origin = tuple(Origin(each.key) for each in places if each is not None)
        return Argument(
            span=value.span,
            value=value,
            value_span=value.span,
            keyword=key,
            keyword_span=given if is_given else None,
            keyword_origin=origin,
            source=argument.source,
            inherited=True,
            given_at=given,
        )
    return Argument(
        span=Span(place.key.start, place.value.end, place.key.file),
        value=value,
        value_span=place.value,
        keyword=key,
        keyword_span=place.key if is_given else None,
        keyword_source=place.key_source,
        source=place.value_source,
        inherited=True,
        inline=_is_inline(ways[0], argument),
        given_at=argument.value_span,
    )


def _is_inline(mapping: Mapping, argument: Argument) -> bool:
    """Whether the dict that a `**` brings is written there and then, so that nothing else has it."""
    return mapping.span == argument.value_span


def places_of(arguments: Sequence[Argument]) -> tuple[tuple[object, EntryPlace], ...]:
    """Where keywords are written, for the dict that `**kwargs` make of them."""
    return tuple(
        (each.keyword, EntryPlace(each.keyword_span, each.keyword_source, each.value_span, each.source))
        for each in arguments
        if each.keyword_span is not None
    )


def _brought_by(mapping: Mapping, key: object, argument: Argument) -> Value | None:
    """The value that a dict has for a key. A layer that is given no regularizer has None."""
    found = mapping.get(key)
    if found is None:
        absent = isinstance(key, str) and key.endswith(_SUFFIX) and mapping.complete
        place = argument.value_span
        none = Const(span=place, value=None, origin=(Origin(place),), resolution=mapping.resolution)
        return none if absent else None
    if mapping.resolution is not Resolution.UNKNOWN:
        found = at_least(found, mapping.resolution)
    return found if found.origin or _is_inline(mapping, argument) else replace(found, origin=(Origin(mapping.span),))


def merged_arguments(first: Sequence[Argument], later: Sequence[Argument], call: Span) -> tuple[Argument, ...]:
    """The arguments of a partial and then those of its call, which win where both have a keyword."""
    again = {argument.keyword for argument in later if argument.keyword is not None}
    kept = [
        replace(each, inherited=True, inline=False, given_at=call)
        for each in first
        if each.keyword is None or each.keyword not in again
    ]
    return (*kept, *later)


def has_certain_keys(argument: Argument) -> bool:
    """Whether a `**` is known whole and brings the same keywords whatever way it came: what is absent has no value."""
    ways = [way for way in _ways(argument.value) if isinstance(way, Mapping)]
    return argument.expanded and len({frozenset(key for key, _ in way.entries) for way in ways}) <= 1


def by_position(arguments: Sequence[Argument]) -> list[Value] | None:
    """What a call passes by position, with what its `*` bring; None where that is not known."""
    found: list[Value] = []
    for argument in arguments:
        if argument.star == "*":
            if not isinstance(argument.value, SequenceValue) or argument.value.kind != "tuple":
                return None
            found += argument.value.items
        elif argument.keyword is None and not argument.star:
            found.append(argument.value)
    return found


def named_by(params: nodes.Parameters, arguments: Sequence[Argument]) -> dict[str, Value] | None:
    """The arguments by the names of the parameters that they set, without those that `*args` take.

    None where there are too many, or it is not known which sets which.
    """
    places = [*params.posonly_params, *params.params]
    takes_rest = isinstance(params.star_arg, nodes.Param)
    values = by_position(arguments) if places or not takes_rest else []
    if values is None or (len(values) > len(places) and not takes_rest):
        return None
    named = {param.name.value: value for param, value in zip(places, values, strict=False)}
    by_keyword = {a.keyword: a.value for a in arguments if a.keyword is not None}
    return {**named, **by_keyword} if not named.keys() & by_keyword.keys() else None
