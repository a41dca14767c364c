"""From offsets to rows and columns: findings become diagnostics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kreglint.diagnostics import (
    Diagnostic,
    Finding,
    Fix,
    Location,
    Note,
    PlacedEdit,
    PlacedFix,
    Related,
    Severity,
    Span,
)
from kreglint.engine.fixing.realise import Realiser
from kreglint.engine.merge import Merged
from kreglint.rules.base import Rule
from kreglint.source.joined import Continuations, may_be_joined
from kreglint.source.layout import without_layout
from kreglint.source.paths import known_from, shown
from kreglint.source.text import Source


class _Rows(NamedTuple):
    row: int
    end_row: int


class Placer:
    """Makes the diagnostics of one file.

    `statements` are the spans whose first and last row a `# noqa` may stand on; `root` is the folder from which a
    fingerprint knows the file.
    """

    def __init__(self, source: Source, statements: Iterable[Span], root: str | None = None) -> None:
        self._source = source
        self._known_as = known_from(root, source.path)
        self._statements = tuple(statements)
        self._seen: Counter[str] = Counter()
        self._realiser = Realiser(source)

    def diagnostic(self, rule: type[Rule], merged: Merged, *, offer_fix: bool = True) -> Diagnostic:
        """Call it in the order of the file: the fingerprint of what stands there twice counts the times."""
        finding = merged.finding
        location, end = self._bounds(finding.span)
        statement = self._statement(finding.span)
        rows = (*range(location.row, end.row + 1), statement.row)
        goes_on = statement.end_row > end.row or any(may_be_joined(self._source.line(row)) for row in rows)
        return Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=merged.severity,
            message=finding.message,
            filename=self._source.path,
            location=location,
            end_location=end,
            noqa_row=self._continued.joined.get(end.row, end.row) if goes_on else end.row,
            keras=tuple(str(major) for major in merged.majors),
            fingerprint=self._fingerprint(rule.code, finding),
            related=tuple(self._related(note) for note in finding.related),
            fix=self._fix(finding.fix) if finding.fix is not None and offer_fix else None,
            source_lines=tuple(self._source.line(row) for row in range(location.row, end.row + 1)),
            noqa_rows=(*rows, *self._later_rows(rows, end.row)) if goes_on else rows,
        )

    def _later_rows(self, rows: Iterable[int], last: int) -> Iterator[int]:
        """Where the comments stand of rows whose ends cannot have any, and of what begins on the last of a finding."""
        yield from (self._continued.joined[row] for row in rows if row in self._continued.joined)
        yield from sorted(self._continued.last_rows(last))

    @cached_property
    def _continued(self) -> Continuations:
        return Continuations(self._source.text)

    def _bounds(self, span: Span) -> tuple[Location, Location]:
        return self._source.location(span.start), self._source.location(span.end)

    def _statement(self, span: Span) -> _Rows:
        """The first and the last row of the statement around; of one with a block, the last is not to be relied on."""
        around = [s for s in self._statements if s.start <= span.start and span.end <= s.end]
        innermost = max(around, default=span)
        return _Rows(self._source.location(innermost.start).row, self._source.location(innermost.end).row)

    def _fingerprint(self, code: str, finding: Finding) -> str:
        """A name for the finding that moving and reformatting the line leaves as it is."""
        text = without_layout(self._source.text[finding.span.start : finding.span.end])
        key = f"{code}\0{self._known_as}\0{text}"
        self._seen[key] += 1
        return _digest(f"{key}\0{self._seen[key]}")

    def _related(self, note: Note) -> Related:
        if note.elsewhere is not None:
            place = note.elsewhere
            return Related(note.message, shown(place.filename), place.location, place.end_location)
        return Related(note.message, self._source.path, *self._bounds(note.span))

    def _fix(self, fix: Fix) -> PlacedFix | None:
        plain = self._realiser.plain(fix)
        if plain is None:
            return None
        edits = (PlacedEdit(edit.content, *self._bounds(edit.span)) for edit in plain.edits)
        return PlacedFix(plain.title, plain.safety, tuple(edits))


def placed_at(
    rule: type[Rule], source_path: str, location: Location, message: str, line: str = "", *, known_by: str = ""
) -> Diagnostic:
    """A diagnostic about the file itself, where there are no offsets to count from.

    `known_by` tells it from others of the same message in its fingerprint.
    """
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=Severity.ERROR,
        message=message,
        filename=source_path,
        location=location,
        end_location=location,
        noqa_row=location.row,
        keras=(),
        fingerprint=_digest(f"{rule.code}\0{source_path}\0{message}{known_by}"),
        source_lines=(line,) if line else (),
    )


def _digest(key: str) -> str:
    from hashlib import blake2b  # here, since a run without findings need not pay for it

    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
