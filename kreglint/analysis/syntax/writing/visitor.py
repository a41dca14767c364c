"""The visitor of libcst's tree that finds the calls and the imports of a piece of a program."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import libcst as cst

from kreglint.analysis.syntax.concrete import Concrete
from kreglint.analysis.syntax.writing.listing import Gap, Item
from kreglint.diagnostics import Span


def items_at(piece: Concrete, place: Span) -> tuple[Item, ...] | None:
    """Return the arguments of the call, or the names of the `from` import, that stands at a place."""
    visitor = _Visitor(piece.places)
    piece.module.visit(visitor)
    return visitor.items(place)


class _Visitor(cst.CSTVisitor):
    def __init__(self, places: dict[cst.CSTNode, Span]) -> None:
        super().__init__()
        self._places = places
        self._comments: list[Span] = []
        self._line_ends: list[Span] = []
        self._found: dict[Span, tuple[Span, Sequence[cst.Arg | cst.ImportAlias]]] = {}

    def visit_Call(self, node: cst.Call) -> None:
        whole = self._places[node]
        opening = self._places[node.whitespace_before_args].start
        self._found[whole] = (Span(opening, whole.end - 1), node.args)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if isinstance(node.names, cst.ImportStar):
            return
        whole = self._places[node]
        inner = Span(self._places[node.whitespace_after_import].end, whole.end)
        if node.lpar is not None:
            inner = Span(inner.start + 1, whole.end - 1)
        self._found[whole] = (inner, node.names)

    def visit_Comment(self, node: cst.Comment) -> None:
        self._comments.append(self._places[node])

    def visit_Newline(self, node: cst.Newline) -> None:
        self._line_ends.append(self._places[node])

    def items(self, place: Span) -> tuple[Item, ...] | None:
        """Return what stands at a place, once all of the piece is visited."""
        if place not in self._found:
            return None
        self._comments.sort()
        self._line_ends.sort()
        return tuple(self._items(*self._found[place]))

    def _items(self, inner: Span, nodes: Sequence[cst.Arg | cst.ImportAlias]) -> Iterator[Item]:
        ends = [*(self._places[node].start for node in nodes[1:]), inner.end]
        opening = inner.start
        for node, following in zip(nodes, ends, strict=False):  # which has an end too where it has no item
            place = self._places[node]
            comma = self._places[node.comma] if isinstance(node.comma, cst.Comma) else None
            before = self._gap(opening, place.start)
            after = self._gap(place.end, comma.start if comma is not None else following)
            opening = comma.end if comma is not None else following
            yield Item(place, comma, before, after, self._gap(opening, following))

    def _gap(self, start: int, end: int) -> Gap:
        return Gap(start, end, _within(self._comments, start, end), _within(self._line_ends, start, end))


def _within(places: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple(places[bisect_left(places, (start,)) : bisect_left(places, (end,))])
