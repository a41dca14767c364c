"""Where a node stands in the text.

libcst's tree has no positions, and its position provider costs twice the parse. Writing the tree out once with a
state that only counts characters costs a sixth of the parse, and is done only for a file that needs a position.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import _GeneratorContextManager
from types import TracebackType
from typing import cast

import libcst as cst
from libcst._nodes.internal import CodegenState

from kreglint.analysis.errors import UnparsableError
from kreglint.analysis.parts import Copy, Part
from kreglint.diagnostics import Span

_SOLID = re.compile(r"[^\s\\\ufeff]")


class Positions:
    """The spans of the nodes of one program, found part by part as they are asked for.

    Where libcst does not write the text as it was (it moves form feeds, and loses a backslash above a first
    statement), places are matched by what is not blank, of which it loses nothing.
    """

    def __init__(self, parts: Sequence[Part], copies: Sequence[Copy] = ()) -> None:
        self._copies = {id(copy.node): copy for copy in copies}
        self._parts = parts  # kept, so that no other node gets the identity of one of theirs
        self._read = 0
        self._spans: dict[int, tuple[int, int]] = {}

    def span(self, node: cst.CSTNode) -> Span:
        """The node without the parentheses and blanks around it, as offsets into the program's text.

        Raises:
            UnparsableError: libcst's tree does not hold the whole text.
        """
        copy = self._copies.get(id(node))
        if copy is not None:
            return Span(self.span(copy.original).start, self.span(copy.last).end)
        while id(node) not in self._spans:
            self._spans |= _spans_in(self._parts[self._read])
            self._read += 1
        return Span(*self._spans[id(node)])


def _spans_in(part: Part) -> dict[int, tuple[int, int]]:
    module, text, start, _ = part
    state = _CountingState(module, start)
    module._codegen(state)
    added = len(module.default_newline)  # by libcst at the end, as it takes the tree for empty
    if "\f" not in text and state.offset - added == start + len(text):
        return state.spans
    written, read = _solid(module.code), [start + offset for offset in _solid(text)]
    if len(written) != len(read):
        raise UnparsableError(1, 1, "Python reads this syntax, but the parser here (libcst) does not")
    return {
        node: _moved(Span(first - start, last - start), written, read) for node, (first, last) in state.spans.items()
    }


def _solid(text: str) -> list[int]:
    """The places of the characters that are neither blank nor a backslash at a line's end."""
    return [match.start() for match in _SOLID.finditer(text)]


def _moved(span: Span, written: list[int], read: list[int]) -> Span:
    """A span in what libcst writes as the span of the same characters in what it read."""
    first, last = bisect_left(written, span.start), bisect_left(written, span.end) - 1
    if last < first:
        return Span(read[first], read[first]) if first < len(read) else Span(read[-1] + 1, read[-1] + 1)
    return Span(read[first], read[last] + 1)


class _CountingState(CodegenState):
    """Counts the characters that the tree writes, and notes between which counts each node stands.

    Each node is a `with` of libcst's, tens of thousands in a file. So one object stands for all of them, and nodes
    are known by their identity, since libcst's own hash of a node is that, by way of two calls.
    """

    def __init__(self, module: cst.Module, start: int) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.offset = start
        self.spans: dict[int, tuple[int, int]] = {}
        self.open: list[tuple[int, int]] = []

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.offset += len(token)

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def pop_trailing_newline(self) -> None:
        """The newline that a last line lacks is counted after every node, so it moves none."""

    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _GeneratorContextManager[None, None, None]:
        self.open.append((id(node), self.offset))
        return cast("_GeneratorContextManager[None, None, None]", self)

    def __enter__(self) -> None:
        """The node was noted as it was named."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        node, start = self.open.pop()
        self.spans[node] = start, self.offset
