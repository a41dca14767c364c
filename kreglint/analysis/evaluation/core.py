"""What all evaluation shares: each expression is worked out once in each frame, within bounds.

Depth and size of what is worked out are bounded, so that no program can make it fail or take long.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from kreglint.analysis.callers import Callers
from kreglint.analysis.frames import Frame
from kreglint.analysis.paths import Paths
from kreglint.analysis.positions import Positions
from kreglint.analysis.scopes import Scope
from kreglint.analysis.sites import Collected
from kreglint.diagnostics import Span
from kreglint.facts.values import Resolution, Unknown, Value

_DEEPEST = 60
_LARGEST = 5_000  # parts that a value may have, each counted as often as it is used
_MOST_FRAMES = 8  # calls within calls
_MOST_CALLS = 100  # of functions of the user's own, for one value that is asked for


class Evaluation(ABC):
    """The state of the evaluation of one module.

    `default_statements` are the spans from the start of a `def` to a default that was asked for.
    `changed_factors` are the attributes `l1`, `l2` and `factor` that the file sets on some object.
    """

    def __init__(
        self, text: str, found: Collected, positions: Positions, paths: Paths, changed_factors: frozenset[str]
    ) -> None:
        self.text = text
        self.found = found
        self.positions = positions
        self.paths = paths
        self.changed_factors = changed_factors
        self.callers = Callers(found.calls)
        self.default_statements: set[Span] = set()
        self.frame: Frame | None = None
        self._values: dict[tuple[cst.CSTNode, Frame | None], Value] = {}
        self._sizes: dict[tuple[cst.CSTNode, Frame | None], int] = {}
        self._depth = 0
        self._size = 0
        self._calls = 0

    def value(self, node: cst.BaseExpression, scope: Scope, time: int) -> Value:
        """What the expression is known to be when it is reached in `scope` at `time`."""
        key = (node, self.frame)
        known = self._values.get(key)
        if known is not None:
            self._size += self._sizes.get(key, 1)
            return known
        if self._depth == 0:
            self._calls = 0
        if self._depth >= _DEEPEST:
            return self.unknown(self.span(node), "too deeply nested")
        self._values[key] = self.unknown(self.span(node), "depends on itself")
        around, self._size = self._size, 1
        self._depth += 1
        value = self.work_out(node, scope, time)
        self._depth -= 1
        if self._size > _LARGEST:
            value, self._size = self.unknown(self.span(node), "too large to follow"), 1
        self._values[key], self._sizes[key] = value, self._size
        self._size += around
        return value

    @abstractmethod
    def work_out(self, node: cst.BaseExpression, scope: Scope, time: int) -> Value:
        """Work out an expression that was not asked for before."""

    def span(self, node: cst.CSTNode) -> Span:
        return self.positions.span(node)

    def unknown(self, span: Span, reason: str) -> Unknown:
        return Unknown(span=span, reason=reason, resolution=Resolution.UNKNOWN)

    @contextmanager
    def within(self, frame: Frame | None) -> Iterator[None]:
        """Work out in another frame; None is that of no call in particular."""
        outer, self.frame = self.frame, frame
        try:
            yield
        finally:
            self.frame = outer

    def may_call(self) -> bool:
        """Whether one more call of the user's own functions is within bounds."""
        self._calls += 1
        return self._calls <= _MOST_CALLS and (self.frame is None or self.frame.level < _MOST_FRAMES)
