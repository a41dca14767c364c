"""Where a node stands in the text.

libcst's tree has no positions, and its position provider costs twice the parse. Writing the tree out once with a
state that only counts characters costs a sixth of the parse, and is done only for a file that needs a position.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, _GeneratorContextManager
from types import TracebackType
from typing import cast

import libcst as cst
from libcst._nodes.internal import CodegenState

from kreglint.diagnostics import Span


class Positions:
    """The spans of the nodes of one module, found on first use."""

    def __init__(self, module: cst.Module) -> None:
        self._module = module
        self._spans: dict[cst.CSTNode, Span] | None = None

    def span(self, node: cst.CSTNode) -> Span:
        """The node without the parentheses and blanks around it, as offsets into the module's text."""
        if self._spans is None:
            state = _CountingState(self._module)
            self._module._codegen(state)
            self._spans = state.spans
        return self._spans[node]


class _CountingState(CodegenState):
    """Counts the characters that the tree writes, and notes between which counts each node stands."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.offset = 0
        self.spans: dict[cst.CSTNode, Span] = {}

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
        return cast("_GeneratorContextManager[None, None, None]", _Recorder(self, node))


class _Recorder(AbstractContextManager[None]):
    __slots__ = ("node", "start", "state")

    def __init__(self, state: _CountingState, node: cst.CSTNode) -> None:
        self.state = state
        self.node = node

    def __enter__(self) -> None:
        self.start = self.state.offset

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.state.spans[self.node] = Span(self.start, self.state.offset)
