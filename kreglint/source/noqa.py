"""Suppression comments: `# noqa`, `# noqa: KRG302` and `# kreglint: ignore-file`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kreglint.diagnostics import Location
from kreglint.records import field, record
from kreglint.source.text import Source
from kreglint.source.tokens import python_tokens

OUR_CODES = "KRG"  # how they begin

_WORDS = ("noqa", "kreglint")  # in any case
_NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,\s]+")
_IGNORE_FILE = re.compile(r"#\s*kreglint:\s*ignore-file\b", re.IGNORECASE)


@record()
class Directive:
    """A `# noqa` that names codes, in the comment that begins at `location`; `start` is where in it."""

    location: Location
    comment: str
    start: int = 0

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes as they are written, or their beginnings."""
        return tuple(_SEPARATOR.split(self._match["codes"]))

    @property
    def is_ours(self) -> bool:
        """True if it names no code of another linter."""
        return all(code.upper().startswith(OUR_CODES) for code in self.codes)

    @property
    def text(self) -> str:
        """The directive itself, from `#` to its last code."""
        return self._match.group()

    @property
    def before(self) -> str:
        """What the comment says before the directive."""
        return self.comment[: self._match.start()]

    @property
    def after(self) -> str:
        """What the comment says after the directive."""
        return self.comment[self._match.end() :]

    def with_codes(self, codes: Sequence[str]) -> str:
        """Return the directive with other codes, parted as they are now."""
        separator = _SEPARATOR.search(self._match["codes"])
        head = self.text[: self._match.start("codes") - self._match.start()]
        return head + (separator.group() if separator else ", ").join(codes)

    @property
    def _match(self) -> re.Match[str]:
        match = _NOQA.match(self.comment, self.start)
        if match is None:
            raise ValueError(f"expected a noqa comment, received {self.comment!r}")
        return match


@record()
class Suppressions:
    """What a file's comments suppress.

    `rows` has the codes, or their beginnings, that each row's `# noqa` names, one or more of them in its comment; no
    codes means all. `directives` are those that name codes.
    """

    file_ignored: bool = False
    rows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    directives: tuple[Directive, ...] = ()

    def suppresses(self, code: str, rows: Iterable[int]) -> bool:
        """True if a `# noqa` on one of these rows suppresses this code."""
        return any(self._row_suppresses(code, row) for row in rows)

    def _row_suppresses(self, code: str, row: int) -> bool:
        named = self.rows.get(row)
        return named is not None and (not named or code.startswith(named))


def suppressions(source: Source) -> Suppressions:
    """Read the suppression comments. Text in strings is none; where tokenizing fails, what follows is not read."""
    if not _mentions(source.text):
        return Suppressions()
    file_ignored, rows, directives = False, {}, []
    for location, comment, alone in _comments(source.text):
        found = tuple(_NOQA.finditer(comment))
        if found:
            rows[location.row] = _codes([noqa["codes"] for noqa in found])
        directives += [Directive(location, comment, noqa.start()) for noqa in found if noqa["codes"]]
        file_ignored = file_ignored or (alone and _IGNORE_FILE.match(comment) is not None)
    return Suppressions(file_ignored, rows, tuple(directives))


def _mentions(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _WORDS)


def _codes(named: Sequence[str | None]) -> tuple[str, ...]:
    """Return what the directives of a comment name together; nothing, which means all, where one of them names none."""
    codes = [code for each in named if each for code in _SEPARATOR.split(each.upper())]
    return tuple(codes) if all(named) else ()


def _comments(text: str) -> Iterator[tuple[Location, str, bool]]:
    """Yield each comment that mentions us with its place, and whether it stands alone on its row."""
    from tokenize import COMMENT  # here, since few files need it

    for token in python_tokens(text):
        if token.type == COMMENT and _mentions(token.string):
            row, column = token.start
            yield Location(row, column + 1), token.string, not token.line[:column].strip()
