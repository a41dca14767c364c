"""Rows that go on in later ones: by a bracket, or by a string or a backslash, so that no comment can end them."""

from __future__ import annotations

import tokenize
from collections.abc import Iterable, Iterator

from kreglint.source.tokens import python_tokens

_ENDS = (tokenize.NL, tokenize.NEWLINE)
_PASSED_OVER = (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def may_be_joined(line: str) -> bool:
    """True if a row with code in it may have its end in a string or a backslash there. Cheap, and errs on this side."""
    return '"""' in line or "'''" in line or line.rstrip("\r\n").endswith("\\")


class Continuations:
    """Which rows go on in later ones, and where what begins on them ends.

    Where tokenizing fails, what follows is not known.
    """

    def __init__(self, text: str) -> None:
        self.joined: dict[int, int] = {}  # to the last of the rows that no comment parts: where it stands for flake8
        self._open: dict[int, _Bracket | None] = {}  # the innermost bracket that is open at the end of a row
        self._read(python_tokens(text))

    def last_rows(self, row: int) -> set[int]:
        """Return the last row of a row's statement, and those before it on which a bracket ends that the row opens.

        A bracket that was open already counts too. A formatter that splits a row puts its comment on one of these.
        """
        found: set[int] = set()
        pending = [row]
        while pending:
            end = self.joined.get(pending[-1], pending[-1])
            bracket = self._open.get(pending.pop())
            following = {end} if bracket is None else {end, *bracket.last_rows()}
            pending += following - found
            found |= following
        return found - {row}

    def _read(self, tokens: Iterable[tokenize.TokenInfo]) -> None:
        first: int | None = None
        bracket: _Bracket | None = None
        for token in tokens:
            if token.type in _PASSED_OVER:
                continue
            row = token.start[0]
            first = row if first is None else first
            if token.type == tokenize.OP and token.string in "([{":
                bracket = _Bracket(bracket)
            elif token.type == tokenize.OP and token.string in ")]}" and bracket is not None:
                bracket.last_row, bracket = row, bracket.around
            elif token.type in _ENDS:
                self.joined.update(dict.fromkeys(range(first, row), row))
                self._open.update(dict.fromkeys(range(first, row + 1), bracket))
                first = None


class _Bracket:
    __slots__ = ("around", "last_row")

    def __init__(self, around: _Bracket | None) -> None:
        self.around = around
        self.last_row = 0

    def last_rows(self) -> Iterator[int]:
        """Yield where it ends, and where those around it do."""
        bracket: _Bracket | None = self
        while bracket is not None:
            yield bracket.last_row
            bracket = bracket.around
