"""Values as the facts of one file may have them: every span is of this file, and nothing of the analysis is left.

A value that stands in another file is given the place in this file that leads there, and the other place as an
origin of its own: there is nothing here that an edit could change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from kreglint.analysis.values.session import Session
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Construct, Function, Mapping, OneOf, Origin, Sequence, Value

AnyValue = TypeVar("AnyValue", bound=Value)


class Localizer:
    """Brings values to the first file of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def arguments(self, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
        return tuple(self.argument(argument, argument.given_at or argument.value_span) for argument in arguments)

    def construct(self, value: Construct, place: Span) -> Construct:
        arguments = tuple(self.argument(argument, place) for argument in value.arguments)
        symbol = replace(value.symbol, span=self._span(value.symbol.span, place))
        callee = self._span(value.callee_span, place)
        return self._placed(replace(value, arguments=arguments, symbol=symbol, callee_span=callee), place)

    def argument(self, argument: Argument, place: Span) -> Argument:
        """The argument of a call at `place`."""
        value_span = self._span(argument.value_span, place)
        argument = replace(
            argument,
            span=self._span(argument.span, place),
            value=self.value(argument.value, value_span),
            value_span=value_span,
            given_at=self._span(argument.given_at, place) if argument.given_at is not None else None,
        )
        return self._with_keyword(argument, place)

    def _with_keyword(self, argument: Argument, place: Span) -> Argument:
        span = argument.keyword_span
        origin = tuple(self._origin(step, place) for step in argument.keyword_origin)
        if span is None or self._session.elsewhere(span) is None:
            return replace(argument, keyword_origin=origin)
        origin = (*origin, self._origin(Origin(span), place))
        return replace(argument, keyword_span=place, keyword_origin=origin, inline=False)

    def value(self, value: Value, place: Span) -> Value:
        """The value as it is used at `place`."""
        match value:
            case Construct():
                return self.construct(value, place)
            case OneOf(alternatives=alternatives):
                return self._placed(
                    replace(value, alternatives=tuple(self.value(w, place) for w in alternatives)), place
                )
            case Sequence(items=items):
                return self._placed(replace(value, items=tuple(self.value(item, place) for item in items)), place)
            case Mapping(entries=entries):
                entries = tuple((key, self.value(entry, place)) for key, entry in entries)
                return self._placed(replace(value, entries=entries), place)
            case Function():
                return self._placed(replace(value, body=None), place)
        return self._placed(value, place)

    def _placed(self, value: AnyValue, place: Span) -> AnyValue:
        origin = tuple(self._origin(step, place) for step in value.origin)
        elsewhere = self._session.elsewhere(value.span)
        if elsewhere is not None:
            return replace(value, span=place, origin=(*origin, Origin(place, elsewhere=elsewhere)))
        return replace(value, origin=origin) if origin else value

    def _origin(self, origin: Origin, place: Span) -> Origin:
        elsewhere = self._session.elsewhere(origin.span)
        return Origin(place, elsewhere=elsewhere) if elsewhere is not None else origin

    def _span(self, span: Span, place: Span) -> Span:
        return place if self._session.elsewhere(span) is not None else span
