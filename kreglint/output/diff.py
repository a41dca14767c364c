"""A unified diff of what fixes would change, in bytes, so that `patch` applies it whatever the encoding is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import diff_bytes, unified_diff

_NO_LINE_END = b"\n\\ No newline at end of file\n"


def render(filename: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """Yield the lines of the diff of one file, or nothing if it would not change."""
    name = os.fsencode(filename)
    for line in diff_bytes(unified_diff, _lines(before), _lines(after), name, name, lineterm=b"\n"):
        yield line if line.endswith(b"\n") else line + _NO_LINE_END


def _lines(content: bytes) -> list[bytes]:
    """Lines as `patch` has them: they end at line feeds, and nowhere else."""
    pieces = content.split(b"\n")
    whole = [piece + b"\n" for piece in pieces[:-1]]
    return [*whole, pieces[-1]] if pieces[-1] else whole
