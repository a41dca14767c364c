"""Where the statements begin that go over several rows: a comment may stand there that speaks of all of one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.semantic.program import Program
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children
from kreglint.diagnostics import Span

# Above the first statement of a block:
_COMMENTS = re.compile(r"(?:^[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))+\Z", re.MULTILINE)


def long_statements(program: Program) -> Iterator[Span]:
    """Yield the statements of more than one row; of those with a block, what stands before it."""
    for node in _statements(program.module):
        if isinstance(node, _WITH_BLOCK):
            written = _COMMENTS.sub("", program.text[node.start : node.body.start]).rstrip()
        else:
            written = program.text[node.start : node.end].rstrip()
        if "\n" in written or "\r" in written:
            yield Span(node.start, node.start + len(written))


_WITH_BLOCK = (nodes.FunctionDef, nodes.ClassDef, nodes.If, nodes.For, nodes.While, nodes.With)


def _statements(module: nodes.Module) -> Iterator[nodes.Node]:
    stack: list[nodes.Node] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, nodes.SmallStatement):
            yield node  # within which stand no others
            continue
        if isinstance(node, _WITH_BLOCK):
            yield node
        stack += [each for each in children(node) if not isinstance(each, nodes.Expression)]
