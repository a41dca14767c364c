"""What the code blocks of all kinds of texts have in common: lines, their margin, and sessions with prompts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kreglint.source.text import Inline

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_BLANKS = re.compile(r"[ \t]*")
_PROMPT = re.compile(r"(?P<margin>[ \t]*)>>>(?: |(?=[\r\n]|\Z))")
_CONTINUED = re.compile(r"\.\.\.(?: |(?=[\r\n]|\Z))")
_RAISED = re.compile(r"[ \t]*Traceback \((?:most recent call last|innermost last)\):")


class Block(NamedTuple):
    """A block's lines without the blanks before each, and the row in the file where they begin.

    `bare_rows` are the lines that lack those blanks, by their row in the file. `prompted`: the margin stands for
    the prompts of a session, which differ from row to row, or the text stands `inline`. `closing_row`: of a block in a
    docstring, the row on which that ends.
    """

    text: str
    first_row: int
    margin: str
    bare_rows: frozenset[int] = frozenset()
    prompted: bool = False
    inline: Inline | None = None
    closing_row: int | None = None


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, as Python counts them."""
    return (match.group() for match in _LINE.finditer(text) if match.group())


def with_margin(
    lines: Sequence[str], first_row: int, margin: str | None = None, *, is_loose: bool = False
) -> Iterator[Block]:
    """Yield the block of some lines with a margin, or else the smallest; none where one does not begin with it.

    `is_loose`: a line that does not goes on from one that does, as in a string, and stays as it is.
    """
    if margin is None:
        margin = min((_margin(line) for line in lines if line.strip()), key=len, default="")
    if is_loose or all(line.startswith(margin) or not line.strip() for line in lines):
        bare_rows = frozenset(row for row, line in enumerate(lines, first_row) if not line.startswith(margin))
        yield Block("".join(line.removeprefix(margin) for line in lines), first_row, margin, bare_rows)


def examples(lines: Iterable[str], first_row: int) -> Iterator[Block]:
    """Yield what a session runs, each with the rows that `...` continues; what Python answered is left out.

    A statement that Python answered with an error is one that is meant to fail, and is left out too.
    """
    statement: list[str] = []
    margin, start = "", first_row
    for row, line in enumerate(lines, first_row):
        prompt = _PROMPT.match(line)
        if prompt is not None:
            yield from _example(statement, start, margin)
            statement, start, margin = [line[prompt.end() :]], row, prompt["margin"]
        elif statement and line.startswith(margin) and (more := _CONTINUED.match(line, len(margin))) is not None:
            statement.append(line[more.end() :])
        else:
            yield from _example(statement, start, margin) if _RAISED.match(line) is None else ()
            statement = []
    yield from _example(statement, start, margin)


def is_session(lines: Iterable[str]) -> bool:
    """True if the first line that says something begins with a prompt."""
    first = next((line for line in lines if line.strip()), "")
    return _PROMPT.match(first) is not None


def _margin(line: str) -> str:
    blanks = _BLANKS.match(line)
    return blanks.group() if blanks is not None else ""


def _example(statement: Sequence[str], first_row: int, margin: str) -> Iterator[Block]:
    if statement:
        yield Block("".join(statement), first_row, margin + "    ", prompted=True)
