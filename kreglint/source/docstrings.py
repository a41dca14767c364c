"""The examples in the docstrings of a Python file: sessions at `>>>`, fenced blocks, and directives of Sphinx."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kreglint.records import record
from kreglint.source import markdown, restructured_text
from kreglint.source.blocks import Block, lines_of
from kreglint.source.name_use import Names, names_of
from kreglint.source.python import tree_of

_SIGNS = (">>>", "```", "~~~", "::")
_FENCED = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+)[ \t]*[^`\s][^`\r\n]*$.*?(?:^[ \t]*(?P=fence)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_QUOTES = re.compile(r"[rRuU]?(?P<quotes>\"\"\"|'''|\"|')")
_CODE = re.compile(r"[^\r\n]")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def programs_in(text: str) -> Iterator[tuple[Block, ...]]:
    """Yield the blocks of all docstrings of a program, in groups that may run one after the other.

    Each docstring runs by itself, as `doctest` has it. Many can stand in one group all the same, so that a file is
    analysed once for all of them: those of which none reads what another one binds. Nothing comes of what Python does
    not parse.
    """
    groups: list[_Group] = []
    for blocks in _docstrings(text):
        names = names_of(block.text for block in blocks)
        group = next((each for each in groups if each.names.leaves_alone(names)), None)
        if group is None:
            groups.append(_Group(names, [*blocks]))
        else:
            group.blocks.extend(blocks)
            group.names = group.names.and_also(names)
    yield from (tuple(group.blocks) for group in groups)


@record(frozen=False)
class _Group:
    names: Names
    blocks: list[Block]


def _docstrings(text: str) -> Iterator[tuple[Block, ...]]:
    tree = tree_of(text) if any(sign in text for sign in _SIGNS) else None
    if tree is None:
        return
    lines = list(lines_of(text))
    literals = [found for node in ast.walk(tree) if (found := _docstring(node)) is not None]
    for literal in sorted(literals, key=lambda each: each.lineno):
        first, last = literal.lineno, literal.end_lineno or literal.lineno
        blocks = tuple(_blocks(_content(lines[first - 1 : last], literal), first, last))
        if blocks:
            yield blocks


def _docstring(node: ast.AST) -> ast.Constant | None:
    """Return the string at the head of a body. Two that stand side by side are one, which no row of it shows."""
    body = node.body if isinstance(node, _DOCUMENTED) else ()
    first = body[0].value if body and isinstance(body[0], ast.Expr) else None
    return first if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _content(lines: list[str], literal: ast.Constant) -> str:
    """Return the rows of a docstring, with blanks for its quotes and what stands before, and nothing behind."""
    start, end = _column(lines[0], literal.col_offset), _column(lines[-1], literal.end_col_offset or 0)
    quotes = _QUOTES.match(lines[0], start)
    head, closing = (quotes.end(), len(quotes["quotes"])) if quotes is not None else (start, 0)
    lines = [*lines[:-1], lines[-1][: end - closing]]
    return "".join((" " * head + lines[0][head:], *lines[1:]))


def _column(line: str, offset: int) -> int:
    """Return how many characters the bytes before an offset are, which is how `ast` counts."""
    return len(line.encode()[:offset].decode())


def _blocks(content: str, first_row: int, last_row: int) -> Iterator[Block]:
    fenced = list(markdown.python_blocks(content))
    rest = _FENCED.sub(lambda found: _CODE.sub("", found.group()), content)
    found = sorted((*fenced, *restructured_text.python_blocks(rest)), key=lambda block: block.first_row)
    above = first_row - 1
    for block in found:
        bare_rows = frozenset(row + above for row in block.bare_rows)
        yield block._replace(first_row=block.first_row + above, bare_rows=bare_rows, closing_row=last_row)
