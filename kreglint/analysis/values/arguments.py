"""Arguments: what `**` brings to a call, what a partial adds, and which parameter each sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.analysis.semantic.signature import Bound, Signature
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import At
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, EntryPlace, Mapping, OneOf, Origin, Provenance, Value, one_of
from kreglint.facts.values import Sequence as SequenceValue
from kreglint.records import replace

_SUFFIX = "_regularizer"  # of the parameters that every layer of Keras has None for


def arguments_of(call: nodes.Call, at: At) -> tuple[Argument, ...]:
    """Return the arguments of a call as written, and after them those that its `**` bring."""
    written = tuple(_argument(arg, at) for arg in call.args)
    if not any(argument.star == "**" for argument in written):
        return written
    return _with_unpacked(written)


def _argument(arg: nodes.Arg, at: At) -> Argument:
    module = at.module
    value_span = module.span(arg.value)
    return Argument(
        span=module.span(arg),
        value=infer(arg.value, at),
        value_span=value_span,
        keyword=arg.keyword.value if arg.keyword is not None else None,
        keyword_span=module.span(arg.keyword) if arg.keyword is not None else None,
        keyword_source=arg.keyword.value if arg.keyword is not None else "",
        star=arg.star,
        source=module.written(arg.value),
    )


def _with_unpacked(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Return the arguments as written, a `**` marked as expanded if it is known whole, and then what these bring."""
    written: list[Argument] = []
    brought: list[Argument] = []
    for argument in arguments:
        unpacked = list(_unpacked(argument)) if argument.star == "**" else []
        complete = argument.star == "**" and _is_whole(argument.value, unpacked)
        written.append(replace(argument, expanded=True) if complete else argument)
        brought += unpacked
    return (*written, *brought)


def _is_whole(value: Value, unpacked: list[Argument]) -> bool:
    keys = {key for way in value.ways if isinstance(way, Mapping) for key, _ in way.entries}
    complete = all(isinstance(way, Mapping) and way.complete for way in value.ways)
    return complete and keys == {argument.keyword for argument in unpacked}


def _unpacked(argument: Argument) -> Iterator[Argument]:
    """Yield the keywords that a `**` certainly brings, as arguments placed where their values stand."""
    ways = [way for way in argument.value.ways if isinstance(way, Mapping)]
    if len(ways) < len(argument.value.ways):
        return
    for key in dict.fromkeys(key for way in ways for key, _ in way.entries):
        values = [_brought_by(way, key, argument) for way in ways]
        known = [value for value in values if value is not None]
        if isinstance(key, str) and len(known) == len(values):
            value = one_of(known, argument.value_span)
            if isinstance(value, OneOf) and len(ways) > 1:
                value = replace(value, provenance=argument.value.provenance)
            yield _placed(argument, key, value, ways)


def _placed(argument: Argument, key: str, value: Value, ways: list[Mapping]) -> Argument:
    """Return the keyword that a `**` brings, at the one place where it is written, else at the `**` itself."""
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
    """True if the dict that a `**` brings is written there and then, so that nothing else has it."""
    return mapping.span == argument.value_span


def places_of(arguments: Sequence[Argument]) -> tuple[tuple[object, EntryPlace], ...]:
    """Return where keywords are written, for the dict that `**kwargs` make of them."""
    return tuple(
        (each.keyword, EntryPlace(each.keyword_span, each.keyword_source, each.value_span, each.source))
        for each in arguments
        if each.keyword_span is not None
    )


def _brought_by(mapping: Mapping, key: object, argument: Argument) -> Value | None:
    """Return the value that a dict has for a key. A layer that is given no regularizer has None."""
    found = mapping.get(key)
    if found is None:
        absent = isinstance(key, str) and key.endswith(_SUFFIX) and mapping.complete
        place = argument.value_span
        none = Const(span=place, value=None, origin=(Origin(place),), provenance=mapping.provenance)
        return none if absent else None
    if mapping.provenance is not Provenance.UNKNOWN:
        found = at_least(found, mapping.provenance)
    return found if found.origin or _is_inline(mapping, argument) else replace(found, origin=(Origin(mapping.span),))


def merged_arguments(first: Sequence[Argument], later: Sequence[Argument], call: Span) -> tuple[Argument, ...]:
    """Return the arguments of a partial and then those of its call, which win where both have a keyword."""
    again = {argument.keyword for argument in later if argument.keyword is not None}
    kept = [
        replace(each, inherited=True, inline=False, given_at=call)
        for each in first
        if each.keyword is None or each.keyword not in again
    ]
    return (*kept, *later)


def has_certain_keys(argument: Argument) -> bool:
    """True if a `**` is known whole and brings the same keywords whatever way it came: what is absent has no value."""
    ways = [way for way in argument.value.ways if isinstance(way, Mapping)]
    return argument.expanded and len({frozenset(key for key, _ in way.entries) for way in ways}) <= 1


def by_position(arguments: Sequence[Argument]) -> list[Value] | None:
    """Return what a call passes by position, with what its `*` bring; None where that is not known."""
    found: list[Value] = []
    for argument in arguments:
        if argument.star == "*":
            if not isinstance(argument.value, SequenceValue) or argument.value.kind != "tuple":
                return None
            found += argument.value.items
        elif argument.keyword is None and not argument.star:
            found.append(argument.value)
    return found


def bind(signature: Signature, arguments: Sequence[Argument]) -> Bound[Value] | None:
    """Return which parameter each value of a call sets; None where it is not known, or the call raises.

    With no parameter that a position sets, `*args` may take what is not known.
    """
    values = by_position(arguments)
    if values is None and not signature.positional and signature.takes_rest:
        values = []
    by_keyword = {each.keyword: each.value for each in arguments if each.keyword is not None}
    return signature.bind(values, by_keyword) if values is not None else None


def fields_given(names: Sequence[str], arguments: Sequence[Argument]) -> dict[str, Value] | None:
    """Return what a call gives to fields, which are taken in order or by their names.

    None where it does not show that.
    """
    if any(argument.star and not argument.expanded for argument in arguments):
        return None
    bound = bind(Signature(tuple(names)), [argument for argument in arguments if not argument.star])
    return bound.named if bound is not None else None
