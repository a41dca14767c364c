"""Values as the facts of one file may have them: every span is of this file, and nothing of the analysis is left.

A value that stands in another file is given the place in this file that leads there, and the other place as an
origin of its own: there is nothing here that an edit could change. What is of this file already is passed as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from kreglint.analysis.values.module import Analysis
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Construct, Mapping, OneOf, Origin, Sequence, Value
from kreglint.records import replace

Item = TypeVar("Item")
Record = TypeVar("Record", Argument, Value)


class Localizer:
    """Brings values to the first file of a session."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.own: dict[Span, OwnValue] = {}  # functions, classes and instances that facts have, by their definition

    def arguments(self, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
        return _each(arguments, lambda argument: self.argument(argument, argument.given_at or argument.value_span))

    def construct(self, value: Construct, place: Span) -> Construct:
        """Return the call as it is used at `place`."""
        return cast(Construct, self.value(value, place))

    def value(self, value: Value, place: Span) -> Value:
        """Return the value as it is used at `place`."""
        if isinstance(value, OwnValue):
            if value.definition is not None:
                self.own.setdefault(value.definition, value)
            value = value.plain
        values = self._parts(value, place)
        origin = _each(value.origin, lambda step: self._origin(step, place))
        if value.span.file:
            values["span"], origin = place, (*origin, self._origin(Origin(value.span), place))
        return _with(value, origin=origin, **values)

    def _parts(self, value: Value, place: Span) -> dict[str, Any]:
        """Return what a value holds, by the names of its fields."""
        match value:
            case Construct(arguments=arguments, symbol=symbol, callee_span=callee):
                return {
                    "arguments": _each(arguments, lambda argument: self.argument(argument, place)),
                    "symbol": replace(symbol, span=place) if symbol.span.file else symbol,
                    "callee_span": _here(callee, place),
                }
            case OneOf(alternatives=ways):
                return {"alternatives": _each(ways, lambda way: self.value(way, place))}
            case Sequence(items=items):
                return {"items": _each(items, lambda item: self.value(item, place))}
            case Mapping(entries=entries):
                return {"entries": tuple((key, self.value(entry, place)) for key, entry in entries)}
        return {}

    def argument(self, argument: Argument, place: Span) -> Argument:
        """Return the argument of a call at `place`."""
        value_span = _here(argument.value_span, place)
        origin, keyword = argument.keyword_origin, argument.keyword_span
        values: dict[str, Any] = {"keyword_origin": _each(origin, lambda step: self._origin(step, place))}
        if keyword is not None and keyword.file:
            origin = (*values["keyword_origin"], self._origin(Origin(keyword), place))
            values = {"keyword_span": place, "keyword_origin": origin, "inline": False}
        return _with(
            argument,
            span=_here(argument.span, place),
            value=self.value(argument.value, value_span),
            value_span=value_span,
            given_at=_here(argument.given_at, place) if argument.given_at is not None else None,
            **values,
        )

    def _origin(self, origin: Origin, place: Span) -> Origin:
        elsewhere = self._analysis.elsewhere(origin.span)
        return Origin(place, elsewhere=elsewhere) if elsewhere is not None else origin


def _here(span: Span, place: Span) -> Span:
    return place if span.file else span


def _each(items: tuple[Item, ...], change: Callable[[Item], Item]) -> tuple[Item, ...]:
    """Return the items after a change; the same tuple where it changes none of them."""
    changed = tuple(map(change, items))
    return items if all(new is old for new, old in zip(changed, items, strict=True)) else changed


def _with(record: Record, **values: Any) -> Record:  # noqa: ANN401  whatever the fields hold
    """Return the record with these values in their fields; itself where it has them already."""
    differing: dict[str, Any] = {name: value for name, value in values.items() if getattr(record, name) is not value}
    return replace(record, **differing) if differing else record
