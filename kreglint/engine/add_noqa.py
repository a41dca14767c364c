"""Writes `# noqa` comments for findings into a program, or into the cells of a notebook (`--add-noqa`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import cast

from kreglint.diagnostics import Diagnostic, Edit, Location, Span
from kreglint.engine.check import check
from kreglint.engine.fixing.document import Content, document
from kreglint.engine.reading import read
from kreglint.engine.run import Run
from kreglint.records import replace
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.settings.schema import Settings
from kreglint.source.noqa import Directive, suppressions
from kreglint.source.text import Source

_Row = tuple[int, int]  # a row and before it the number of its cell, or 0
_NOT_BY_COMMENT = (UnreadableFile.code, CrashedRule.code, UnusedNoqa.code)


class RefusedError(Exception):
    """Comments that would not do what they are for; nothing is written."""


def can_be_suppressed(diagnostic: Diagnostic) -> bool:
    """True if a comment can suppress it."""
    return diagnostic.code not in _NOT_BY_COMMENT


def with_noqa(
    data: bytes, filename: str, found: Sequence[Diagnostic], reason: str, settings: Settings, run: Run
) -> bytes:
    """Return the program with a comment for each finding that a comment can suppress.

    One that names codes of ours already gets these besides; `reason` follows the codes of a new one. Beside one of
    another linter a second is written: flake8 and Ruff read the first of a row, kreglint every one, and Ruff takes a
    comment away whole when its own codes are unused. Only comments are added: everything else stays as it is, byte
    for byte.

    Raises:
        RefusedError: the comments cannot be written in the file's encoding, or would not suppress the findings.
        NotReversibleError: the file cannot be written back as it was.
    """
    pieces = document(data, filename)
    edits = comments(data, filename, found, reason)
    try:
        written = cast(bytes, pieces.edited(edits))  # of bytes come bytes
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise RefusedError(f"{filename}: {character!r} cannot be written in {error.encoding}") from error
    expected = _codes(data, filename, settings, run)
    expected.subtract(diagnostic.code for diagnostic in found if can_be_suppressed(diagnostic))
    _verify(filename, _codes(written, filename, settings, run), expected)
    return written


def comments(
    data: Content, filename: str, found: Sequence[Diagnostic], reason: str = ""
) -> dict[int | None, list[Edit]]:
    """Return the edits that write those comments, by cell; they are sorted. Nothing is asked of what they lead to."""
    pieces, directives = document(data, filename), _directives(data, filename)
    edits: dict[int | None, list[Edit]] = {}
    for (cell, row), codes in sorted(_codes_by_row(found).items()):
        edits.setdefault(cell or None, []).append(
            _extend_comment(pieces.source(cell or None), directives[cell, row], codes)
            if (cell, row) in directives
            else _comment(pieces.source(cell or None), row, codes, reason)
        )
    return edits


def _codes_by_row(found: Iterable[Diagnostic]) -> dict[_Row, list[str]]:
    rows: dict[_Row, set[str]] = {}
    for diagnostic in filter(can_be_suppressed, found):
        rows.setdefault((diagnostic.cell or 0, diagnostic.noqa_row), set()).add(diagnostic.code)
    return {row: sorted(codes) for row, codes in rows.items()}


def _directives(data: Content, filename: str) -> dict[_Row, Directive]:
    """Return the comments that name codes of ours and no others, by their cell and row."""
    source, _ = read(data, filename)
    directives = {}
    for found in filter(attrgetter("is_ours"), suppressions(source).directives):
        part = source.part(found.location.row)
        moved = part.moved(found.location)
        directives[part.cell or 0, moved.row] = replace(found, location=moved)
    return directives


def _comment(source: Source, row: int, codes: Sequence[str], reason: str) -> Edit:
    line = source.line(row)
    comment = f"  # noqa: {', '.join(codes)}{' ' if reason else ''}{reason}"
    end = source.offset(Location(row, 1)) + len(line)
    return Edit(Span(end - len(line) + len(line.rstrip(" \t\f")), end), comment)


def _extend_comment(source: Source, directive: Directive, codes: Sequence[str]) -> Edit:
    start = source.offset(directive.location) + len(directive.before)
    return Edit(Span(start, start + len(directive.text)), directive.with_codes([*directive.codes, *codes]))


def _codes(data: bytes, filename: str, settings: Settings, run: Run) -> Counter[str]:
    """Return how often each code is reported of a file."""
    return Counter(diagnostic.code for diagnostic in check(data, filename, settings, run))


def _verify(filename: str, remaining: Counter[str], expected: Counter[str]) -> None:
    """The program must be the same to every rule, and the findings must be suppressed."""
    more = [code for code in remaining if remaining[code] > expected[code]]
    if any(code not in _NOT_BY_COMMENT for code in more):
        raise RefusedError(f"{filename}: the comments would not suppress all findings, so the file is left unchanged")
    if UnreadableFile.code in more:
        raise RefusedError(f"{filename}: the file could not be parsed with the comments, so it is left unchanged")
