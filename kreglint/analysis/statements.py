"""Where the statements begin that go over several rows: a comment may stand there that speaks of all of one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.program import Program
from kreglint.analysis.walk import children
from kreglint.diagnostics import Span


def long_statements(program: Program) -> Iterator[Span]:
    """The statements of more than one row; of those with a block, what stands before it."""
    text, positions = program.text, program.positions
    for node in _statements(program.module):
        span = positions.span(node)
        end = positions.span(node.body).start if isinstance(node, _WITH_BLOCK) else span.end
        written = text[span.start : end].rstrip()
        if "\n" in written or "\r" in written:
            yield Span(span.start, span.start + len(written))


_WITH_BLOCK = (cst.FunctionDef, cst.ClassDef, cst.If, cst.For, cst.While, cst.With)


def _statements(module: cst.Module) -> Iterator[cst.CSTNode]:
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, (*_WITH_BLOCK, cst.BaseSmallStatement)):
            yield node
        stack += [each for each in children(node) if not isinstance(each, cst.BaseExpression)]
