"""The examples in the docstrings of a Python file: sessions at `>>>`, fenced blocks, and directives of Sphinx."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from kreglint.source import markdown, restructured_text
from kreglint.source.blocks import Block, lines_of

_SIGNS = (">>>", "```", "~~~", "::")
_FENCED = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+)[ \t]*[^`\s][^`\r\n]*$.*?(?:^[ \t]*(?P=fence)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_QUOTES = re.compile(r"[rRuU]?(?P<quotes>\"\"\"|'''|\"|')")
_CODE = re.compile(r"[^\r\n]")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Examples(NamedTuple):
    """The blocks of one docstring, which are one program, and the row in the file on which it ends."""

    blocks: tuple[Block, ...]
    last_row: int


def examples_in(text: str) -> Iterator[Examples]:
    """Yield what each docstring of a program has, in order; nothing of what Python does not parse."""
    if not any(sign in text for sign in _SIGNS):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = list(lines_of(text))
    literals = [found for node in ast.walk(tree) if (found := _docstring(node)) is not None]
    for literal in sorted(literals, key=lambda each: each.lineno):
        first, last = literal.lineno, literal.end_lineno or literal.lineno
        blocks = tuple(_blocks(_content(lines[first - 1 : last], literal), first))
        if blocks:
            yield Examples(blocks, last)


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


def _blocks(content: str, first_row: int) -> Iterator[Block]:
    fenced = list(markdown.python_blocks(content))
    rest = _FENCED.sub(lambda found: _CODE.sub("", found.group()), content)
    found = sorted((*fenced, *restructured_text.python_blocks(rest)), key=lambda block: block.first_row)
    for block in found:
        bare_rows = frozenset(row + first_row - 1 for row in block.bare_rows)
        yield block._replace(first_row=block.first_row + first_row - 1, bare_rows=bare_rows)
