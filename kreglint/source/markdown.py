"""The Python in a Markdown file: its fenced code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PYTHON = ("python", "python3", "py", "ipython")
_FENCE = re.compile(r"(?P<margin>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\r\n]*)")
_WORD = re.compile(r"[{.\s]*([\w+-]*)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")


class Block(NamedTuple):
    """A block's lines without the blanks that indent its fence, and the row in the file where they begin.

    `bare_rows` are the blank lines that lack those blanks, by their row in the file.
    """

    text: str
    first_row: int
    margin: str
    bare_rows: frozenset[int] = frozenset()


def python_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks fenced as Python, in order. One with a line that is indented less than its fence is left out."""
    opening: re.Match[str] | None = None
    lines: list[str] = []
    start = 0
    for row, line in enumerate(_lines(text), start=1):
        fence = _FENCE.match(line)
        if opening is None:
            if fence is not None and not (fence["fence"][0] == "`" and "`" in fence["info"]):
                opening, lines, start = fence, [], row + 1
        elif fence is not None and _closes(fence, opening):
            yield from _block(opening, lines, start)
            opening = None
        else:
            lines.append(line)
    if opening is not None:
        yield from _block(opening, lines, start)


def _lines(text: str) -> Iterator[str]:
    return (match.group() for match in _LINE.finditer(text) if match.group())


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    return fence["fence"].startswith(opening["fence"]) and not fence["info"].strip()


def _block(opening: re.Match[str], lines: list[str], start: int) -> Iterator[Block]:
    word = _WORD.match(opening["info"])
    margin = opening["margin"]
    fits = all(line.startswith(margin) or not line.strip() for line in lines)
    if word is not None and word[1].lower() in _PYTHON and fits:
        bare_rows = frozenset(row for row, line in enumerate(lines, start) if not line.startswith(margin))
        yield Block("".join(line.removeprefix(margin) for line in lines), start, margin, bare_rows)
