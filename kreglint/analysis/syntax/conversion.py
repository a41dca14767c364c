"""What turns a tree of the standard library's `ast` into nodes: by a function for each class of `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.places import Places

Part = Any  # a node of ast's, whose fields the handler of its class knows
Made = Any  # the node for it, of the class that goes with that one
Formatted = Callable[[int, int], nodes.Expression]  # of the text between two offsets
Handlers = Mapping[type, Callable[["Conversion", Any, int, int], nodes.Node]]
COMPUTED = "a computed value"


class Conversion:
    """One text's conversion.

    `formatted` reads an f-string anew where `ast` does not tell where its parts stand.
    """

    __slots__ = ("_handlers", "_starts", "_wide", "formatted", "is_ascii", "places", "text")

    def __init__(self, text: str, formatted: Formatted, handlers: Handlers) -> None:
        self.text = text
        self.places = Places(text)
        self.formatted = formatted
        self.is_ascii = self.places.is_ascii
        self._starts = self.places.starts
        self._wide = self.places.wide
        self._handlers = handlers

    def node(self, part: Part) -> Made:
        """Return what stands for a part of ast's tree."""
        first, last = part.lineno, part.end_lineno
        if first in self._wide or last in self._wide:
            start = self.places.offset(first, part.col_offset)
            end = self.places.offset(last, part.end_col_offset)
        else:
            starts = self._starts
            start = starts[first - 1] + part.col_offset
            end = starts[last - 1] + part.end_col_offset
        handler = self._handlers.get(part.__class__)
        return handler(self, part, start, end) if handler is not None else self._opaque(part, start, end)

    def maybe(self, part: Part | None) -> Made:
        return self.node(part) if part is not None else None

    def _opaque(self, part: Part, start: int, end: int) -> nodes.Node:
        parts = tuple(self._within(part))
        return (
            nodes.OpaqueStatement(start, end, parts)
            if isinstance(part, ast.stmt)
            else nodes.Opaque(start, end, parts, COMPUTED)
        )

    def _within(self, part: ast.AST) -> list[nodes.Node]:
        """Return the nodes for the parts of one that is not understood."""
        found: list[nodes.Node] = []
        for inner in ast.iter_child_nodes(part):
            if isinstance(inner, (ast.expr, ast.stmt)):
                found.append(self.node(inner))
            else:
                found += self._within(inner)
        return found
