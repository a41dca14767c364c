"""From the lines and columns that `ast` counts in to offsets, and the places of names that it does not tell."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_BLANK = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))"  # also the end of a line that goes on
_NAMED = re.compile(rf"(?:async{_BLANK}+)?(?:def|class|type){_BLANK}+([^\W\d]\w*)")
_IMPORTED = re.compile(rf"from{_BLANK}*(?:\.{_BLANK}*)*([^\W\d][\w.]*)")
_IDENTIFIER_BEFORE = re.compile(r"[^\W\d]\w*\Z")
_LONGEST_NAME = 200
_BLANKS_AND_COMMENTS = re.compile(r"(?:[\s\\]|#[^\r\n]*)*")
_SIGN_OR_COMMENT = re.compile(r"#[^\r\n]*|([^\s\\#])")


class Places:
    """A text by lines. Offsets count characters; the columns of `ast` count bytes of UTF-8."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lead = int(text.startswith("\ufeff"))  # which is not in what the parser was given
        self.starts = [self._lead, *(match.end() for match in _LINE_END.finditer(text))]
        self.is_ascii = text.isascii()
        wide = () if self.is_ascii else _NOT_ASCII.finditer(text)
        self.wide = frozenset(bisect_right(self.starts, each.start()) for each in wide)  # lines with more than ASCII
        self._later_bytes: dict[int, list[int]] = {}  # of these: the bytes that are not the first of a character

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line, counted from 1, and a column in bytes, counted from 0."""
        start = self.starts[line - 1]
        if line not in self.wide:
            return start + column
        later = self._later_bytes.get(line)
        if later is None:
            end = self.starts[line] if line < len(self.starts) else len(self.text)
            later = [place for place, byte in enumerate(self.text[start:end].encode()) if 0x80 <= byte < 0xC0]
            self._later_bytes[line] = later
        return start + column - bisect_left(later, column)

    def line_start(self, line: int) -> int:
        return self.starts[line - 1]

    def first_on_line(self, line: int, offset: int) -> bool:
        """True if nothing stands before an offset on its line."""
        return not self.text[self.starts[line - 1] : offset].strip()

    def defined_name(self, start: int, name: str) -> tuple[int, int]:
        """Return where the name stands that a `def`, `class` or `type` at an offset defines."""
        found = _NAMED.match(self.text, start)
        return found.span(1) if found is not None else (start, start + len(name))

    def module_name(self, start: int, name: str) -> tuple[int, int]:
        """Return where the module stands in a `from` at an offset."""
        found = _IMPORTED.match(self.text, start)
        return found.span(1) if found is not None else (start, start + len(name))

    def name_before(self, end: int, name: str) -> tuple[int, int]:
        """Return where a name stands that ends at an offset.

        `ast` has it in normal form, which may be shorter or longer.
        """
        start = end - len(name)
        if not self.is_ascii and self.text[start:end] != name:
            found = _IDENTIFIER_BEFORE.search(self.text, max(0, end - _LONGEST_NAME), end)
            return found.span() if found is not None else (start, end)
        return start, end

    def name_at(self, start: int, name: str) -> tuple[int, int]:
        """Return where a name stands that starts at an offset."""
        return start, start + len(name)

    def within_parentheses(self, start: int, end: int, least: int, most: int) -> tuple[int, int]:
        """Return a place with the parentheses around it, as far as they stand between two offsets."""
        if self.text.find("(", least, start) < 0:
            return start, end
        opened = [place for place, sign in self._signs(least, start) if sign == "("]
        for (place, sign), before in zip(self._signs(end, most), reversed(opened), strict=False):
            if sign != ")":
                break
            start, end = before, place + 1
        return start, end

    def is_parenthesized(self, start: int, first: tuple[int, int], after: int) -> bool:
        """True if a tuple that begins with a parenthesis has it to itself, or its first element has.

        `after` is where the next element begins, or the tuple ends.
        """
        opened = sum(sign == "(" for _, sign in self._signs(start, first[0]))
        closed = itertools.takewhile(lambda each: each[1] == ")", self._signs(first[1], after))
        return opened > sum(1 for _ in closed)

    def without_parentheses(self, start: int, last: int, end: int) -> tuple[int, int]:
        """Return what stands between the parentheses with which a place begins and ends.

        Its last part ends at `last`.
        """
        inner = _BLANKS_AND_COMMENTS.match(self.text, start + 1)
        assert inner is not None
        signs = [place for place, _ in self._signs(last, end - 1)]
        return min(inner.end(), end - 1), signs[-1] + 1 if signs else last

    def _signs(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Yield what is neither blank nor comment between two offsets, by single characters with their places."""
        for match in _SIGN_OR_COMMENT.finditer(self.text, start, end):
            if match[1] is not None:
                yield match.start(), match[1]
