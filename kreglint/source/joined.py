"""Rows that no comment can end: their end lies in a string, or a backslash joins them to the next."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Mapping

_ENDS = (tokenize.NL, tokenize.NEWLINE)
_PASSED_OVER = (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def may_be_joined(line: str) -> bool:
    """Whether a row with code in it may have its end in a string or a backslash there. Cheap, and errs on this side."""
    return '"""' in line or "'''" in line or line.rstrip("\r\n").endswith("\\")


def joined_rows(text: str) -> Mapping[int, int]:
    """Each row that is joined to later ones, with the last of these: where its comment stands, as for flake8.

    Where tokenizing fails, what follows is not known.
    """
    rows: dict[int, int] = {}
    try:
        for first, last in _groups(tokenize.generate_tokens(io.StringIO(text, newline=None).readline)):
            rows.update(dict.fromkeys(range(first, last), last))
    except (tokenize.TokenError, SyntaxError):
        pass
    return rows


def _groups(tokens: Iterable[tokenize.TokenInfo]) -> Iterable[tuple[int, int]]:
    """The first and the last row of what stands between two line ends that are tokens."""
    first: int | None = None
    for token in tokens:
        if token.type in _PASSED_OVER:
            continue
        first = token.start[0] if first is None else first
        if token.type in _ENDS:
            yield first, token.start[0]
            first = None
