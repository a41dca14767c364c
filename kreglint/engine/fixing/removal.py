"""Taking an argument out of a call: its comma and its own line go with it, comments around it stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from kreglint.diagnostics import Edit, Removal, Span

_TOKEN = re.compile(
    r"(?P<newline>\r\n|\r|\n)|(?P<blank>[ \t\f]+|\\(?:\r\n|\r|\n))|(?P<comment>#[^\r\n]*)|(?P<mark>[(),])"
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What stands around an argument: the `(` or `,` before it, its own comma, and all that is between and after.

    `before` is what stands before that `(` or `,`, `gap` lies between the argument and its comma or the closing
    parenthesis, `tail` between the comma and what follows; `closed` says that this is the closing parenthesis.
    """

    span: Span
    before: tuple[_Token, ...]
    opening: _Token
    lead: tuple[_Token, ...]
    gap: tuple[_Token, ...]
    comma: _Token | None
    tail: tuple[_Token, ...]
    next_start: int
    closed: bool

    @property
    def end(self) -> int:
        return self.comma.end if self.comma is not None else self.span.end

    @property
    def is_only(self) -> bool:
        return self.opening.text == "(" and self.closed

    @property
    def rest_of_line(self) -> list[_Token]:
        """What follows on the argument's last line, the comma left out, with the line's end."""
        following = (*self.gap, *self.tail)
        rest = list(takewhile(lambda token: token.kind != "newline", following))
        return [*rest, *following[len(rest) : len(rest) + 1]]


def removal_edits(removal: Removal, text: str) -> tuple[Edit, ...] | None:
    """The edits that take an argument out; None where the text around it is not as expected."""
    around = _surroundings(removal, text)
    if around is None:
        return None
    if around.is_only and not _comments(around.lead, around.gap, around.tail):
        return (_cut(around.opening.end, around.next_start),)
    if _has_its_own_line(around):
        return _with_its_line(around)
    with_comma = _leading_comma_line(around)
    if with_comma is not None:
        return (with_comma,)
    comma_line = _trailing_comma_line(around)
    if comma_line is not None:
        return (_up_to_its_comma_line(around), comma_line)
    if _comments(around.gap):
        return (*_commas(around), _cut(around.span.start, around.span.end))
    return _from_within_a_line(around)


def _has_its_own_line(around: _Surroundings) -> bool:
    begins = [token for token in around.lead if token.kind != "blank"]
    rest = around.rest_of_line
    ends = bool(rest) and rest[-1].kind == "newline"
    comma_is_on_it = around.comma is None or not any(token.kind == "newline" for token in around.gap)
    return bool(begins) and begins[-1].kind == "newline" and ends and comma_is_on_it


def _leading_comma_line(around: _Surroundings) -> Edit | None:
    """The line that holds nothing but the comma before the argument and the argument."""
    if around.opening.text != ",":
        return None
    begins = [token for token in around.before if token.kind != "blank"]
    ends = [token for token in around.gap if token.kind != "blank"]
    if not begins or not ends or begins[-1].kind != "newline" or ends[0].kind != "newline":
        return None
    return None if any(token.kind != "blank" for token in around.lead) else _cut(begins[-1].end, ends[0].end)


def _trailing_comma_line(around: _Surroundings) -> Edit | None:
    """The line below the argument that holds nothing but its comma."""
    if around.comma is None:
        return None
    before = [token for token in around.gap if token.kind != "blank"]
    after = [token for token in around.tail if token.kind != "blank"]
    if not before or not after or before[-1].kind != "newline" or after[0].kind != "newline":
        return None
    return _cut(before[-1].end, after[0].end)


def _up_to_its_comma_line(around: _Surroundings) -> Edit:
    """The argument with what was there for it on its line, of which a comment stays."""
    rest = around.rest_of_line
    comment = _comments(rest)
    begins = [token for token in around.lead if token.kind != "blank"]
    if begins and begins[-1].kind == "newline":
        return _cut(around.span.start, comment[0].start) if comment else _cut(begins[-1].end, rest[-1].end)
    blanks = sum(token.end - token.start for token in around.lead) if not begins else 0
    return _cut(around.span.start - blanks, around.span.end)


def _with_its_line(around: _Surroundings) -> tuple[Edit, ...]:
    """The whole line; where a comment ends it, that stays on the line."""
    comment = _comments(around.rest_of_line)
    line_start = next(token.end for token in reversed(around.lead) if token.kind == "newline")
    line = _cut(around.span.start, comment[0].start) if comment else _cut(line_start, around.rest_of_line[-1].end)
    return (line,) if around.comma is not None else (*_commas(around), line)


def _from_within_a_line(around: _Surroundings) -> tuple[Edit, ...]:
    if not around.closed:
        return (_with_what_parts_it(around),)
    if _comments(around.lead):
        return (*_commas(around), _cut(around.span.start, around.span.end))
    if around.opening.text == "(":
        return (_cut(around.span.start, around.end),)
    if around.comma is None:
        return (_cut(around.opening.start, around.span.end),)
    return (_cut(around.opening.end, around.end),)


def _with_what_parts_it(around: _Surroundings) -> Edit:
    """Up to the next argument; where that is on another line, the blanks before it in place of those behind."""
    rest = around.rest_of_line
    ends_line = bool(rest) and (rest[-1].kind == "newline" or bool(_comments(rest)))
    if not ends_line or (around.opening.text == "(" and not _comments(around.tail) and not around.lead):
        return _cut(around.span.start, around.next_start)
    begins_line = any(token.kind != "blank" for token in around.lead[-2:])
    blanks = 0 if begins_line else sum(token.end - token.start for token in around.lead)
    return _cut(around.span.start - blanks, around.end)


def _commas(around: _Surroundings) -> tuple[Edit, ...]:
    """Its own comma, or the one before it where it has none and nothing follows."""
    if around.comma is not None:
        return (_cut(around.comma.start, around.comma.end),)
    return (_cut(around.opening.start, around.opening.end),) if around.opening.text == "," else ()


def _surroundings(removal: Removal, text: str) -> _Surroundings | None:
    before = list(_tokens(text, removal.after, removal.span.start))
    opening = next((token for token in reversed(before) if token.text in ("(", ",")), None)
    following = _tokens(text, removal.span.end, len(text))
    gap = tuple(takewhile(lambda token: token.kind != "mark", following))
    comma_start = gap[-1].end if gap else removal.span.end
    mark = text[comma_start : comma_start + 1]
    if opening is None or mark not in (",", ")"):
        return None
    comma = _Token("mark", ",", comma_start, comma_start + 1) if mark == "," else None
    tail = tuple(takewhile(lambda token: token.kind != "mark", following)) if comma is not None else ()
    next_start = tail[-1].end if tail else comma_start + len(mark if comma else "")
    lead = tuple(token for token in before if token.start >= opening.end)
    closed = text[next_start : next_start + 1] == ")"
    earlier = tuple(token for token in before if token.end <= opening.start)
    return _Surroundings(removal.span, earlier, opening, lead, gap, comma, tail, next_start, closed)


def _tokens(text: str, start: int, end: int) -> Iterator[_Token]:
    """The blanks, comments, parentheses and commas from `start` on, up to anything else."""
    while start < end and (match := _TOKEN.match(text, start, end)):
        yield _Token(match.lastgroup or "", match.group(), start, match.end())
        start = match.end()


def _comments(*parts: tuple[_Token, ...] | list[_Token]) -> list[_Token]:
    return [token for tokens in parts for token in tokens if token.kind == "comment"]


def _cut(start: int, end: int) -> Edit:
    return Edit(Span(start, end), "")
