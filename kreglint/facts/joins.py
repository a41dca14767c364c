"""How layers belong together: those that a piece of code makes, and those before and after one in its model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from kreglint.diagnostics import Span
from kreglint.facts.file import LayerCall

T = TypeVar("T")


class Placed(Generic[T]):
    """Things by where their code starts, to be found by the pieces of code that have them."""

    __slots__ = ("_starts", "_things")

    def __init__(self, things: Iterable[tuple[Span, T]]) -> None:
        ordered = sorted(things, key=lambda pair: pair[0])
        self._starts = [span.start for span, _ in ordered]
        self._things = [thing for _, thing in ordered]

    def inside(self, pieces: Iterable[Span]) -> list[T]:
        """Return those that start in any of the pieces, in order, each once."""
        found = {index for piece in pieces for index in self._range(piece)}
        return [self._things[index] for index in sorted(found)]

    def any_inside(self, pieces: Iterable[Span]) -> bool:
        """True if one of them starts in any of the pieces."""
        return any(self._range(piece) for piece in pieces)

    def _range(self, piece: Span) -> range:
        return range(bisect_left(self._starts, piece.start), bisect_left(self._starts, piece.end))


class Chain:
    """Layers in the order in which one certainly gets the output of another.

    `previous` has a pair for each: where the layer starts, and where the one before it does.
    """

    __slots__ = ("_after", "_all_after", "_before")

    def __init__(self, layers: Iterable[LayerCall], previous: Iterable[tuple[int, int]]) -> None:
        calls = {layer.span.start: layer for layer in layers}
        links = [(calls[start], calls[last]) for start, last in previous if start in calls and last in calls]
        self._before = {layer.span.start: last for layer, last in links}
        self._after = {last.span.start: layer for layer, last in links}
        self._all_after: dict[int, list[LayerCall]] = {}
        for layer, last in links:
            self._all_after.setdefault(last.span.start, []).append(layer)

    def directly_after(self, layer: LayerCall) -> tuple[LayerCall, ...]:
        """Return those that get the layer's output."""
        return tuple(self._all_after.get(layer.span.start, ()))

    def before(self, layer: LayerCall) -> Iterator[LayerCall]:
        """Yield those before a layer, the nearest first, each once."""
        return _walk(layer, self._before)

    def after(self, layer: LayerCall) -> Iterator[LayerCall]:
        """Yield the layers after a layer, nearest first, each once; if several get an output, follow the last."""
        return _walk(layer, self._after)


def _walk(layer: LayerCall, links: dict[int, LayerCall]) -> Iterator[LayerCall]:
    seen = {layer.span.start}
    following = links.get(layer.span.start)
    while following is not None and following.span.start not in seen:
        yield following
        seen.add(following.span.start)
        following = links.get(following.span.start)
