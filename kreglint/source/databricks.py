"""Databricks notebooks that are kept as Python files: what stands behind `# MAGIC` is a comment to Python alone.

A cell that begins with `%python` is Python, and `%run` runs another notebook among the names of this one (Databricks'
documentation, "Format code cells", "Run a Databricks notebook from another notebook").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kreglint.source.blocks import Block, lines_of
from kreglint.source.python import is_python

HEAD = "# Databricks notebook source"
_END_OF_CELL = re.compile(r"# COMMAND -+\s*")
_MARGIN = "# MAGIC "
_READ = re.compile(r"# MAGIC %(?:python|run)\b")
_MAGIC = re.compile(r"# MAGIC(?=[ \r\n]|\Z)")
_LANGUAGE = "%python"


def cells_of(text: str) -> tuple[Block, ...] | None:
    """Return the Python in the cells of a notebook; None for any other file, and for one without such cells."""
    if not text.startswith(HEAD) or _READ.search(text) is None or not is_python(text):
        return None
    cells: list[tuple[int, list[str]]] = [(1, [])]
    for row, line in enumerate(lines_of(text), start=1):
        if _END_OF_CELL.fullmatch(line):
            cells.append((row + 1, []))
        else:
            cells[-1][1].append(line)
    return tuple(_block(lines, first_row) for first_row, lines in cells)


def _block(lines: Sequence[str], first_row: int) -> Block:
    """Return a cell as it stands, or what stands behind its comments where they are Python."""
    start = next((number for number, line in enumerate(lines) if _READ.match(line)), len(lines))
    magic = [_MAGIC.match(line) for line in lines[start:] if line.strip()]
    if start == len(lines) or None in magic or any(not line.startswith("#") for line in lines[:start] if line.strip()):
        return Block("".join(lines), first_row, "")
    rows = [line[len(_MARGIN) :] if line.startswith(_MARGIN) else _MAGIC.sub("", line) for line in lines[start:]]
    bare_rows = frozenset(
        row for row, line in enumerate(lines[start:], first_row + start) if not line.startswith(_MARGIN)
    )
    text = "".join(rows)
    if text.startswith(_LANGUAGE):
        text = " " * len(_LANGUAGE) + text[len(_LANGUAGE) :]
    return Block(text, first_row + start, _MARGIN, bare_rows)
