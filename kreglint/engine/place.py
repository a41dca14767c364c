"""The stage that places: from offsets to the rows and columns, and the cell, where a reader finds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kreglint.diagnostics import (
    Diagnostic,
    Finding,
    Fix,
    Note,
    PlacedFix,
    Related,
    Severity,
    Span,
)
from kreglint.engine.fixing.realise import Realiser
from kreglint.engine.merge import Merged
from kreglint.engine.placed_edits import placed_edit
from kreglint.engine.reading import Reading
from kreglint.engine.remark import Remark
from kreglint.rules.base import Rule
from kreglint.source.joined import Continuations, may_be_joined
from kreglint.source.layout import without_layout
from kreglint.source.paths import known_from, shown
from kreglint.source.text import Part, Source


class Placed(NamedTuple):
    """A diagnostic, with the rows of the program on which a comment suppresses it.

    `codes` are the rules that speak in it: it is reported where all of them are on.
    """

    diagnostic: Diagnostic
    codes: frozenset[str]
    rows: tuple[int, ...] = ()


class Placer:
    """Makes the diagnostics of one file.

    `statements` are the spans whose first and last row a `# noqa` may stand on; `root` is the folder from which a
    fingerprint knows the file. `seen` counts what was placed already, of another program of the same file.
    """

    def __init__(
        self,
        source: Source,
        statements: Iterable[Span] = (),
        root: str | None = None,
        seen: Counter[str] | None = None,
    ) -> None:
        self._source = source
        self._known_as = known_from(root, source.path)
        self._statements = tuple(statements)
        self._seen: Counter[str] = Counter() if seen is None else seen
        self._realiser = Realiser(source)

    def finding(self, rule: type[Rule], merged: Merged, *, offer_fix: bool = True) -> Placed:
        """Call it in the order of the file: the fingerprint of what stands there twice counts the times."""
        span = merged.finding.span
        around = [s for s in self._statements if s.start <= span.start and span.end <= s.end]
        return self._placed(rule, merged, max(around, default=span), offer_fix=offer_fix)

    def comment(self, rule: type[Rule], merged: Merged) -> Placed:
        """Return what is found about a comment: the statement around it has nothing to do with it."""
        return self._placed(rule, merged, merged.finding.span)

    def remark(self, remark: Remark) -> Placed:
        """Return what is said of the file itself. No comment suppresses it."""
        known_by = f"{remark.rule.code}\0{self._source.path}\0{remark.message}{remark.known_by}"
        codes = {remark.rule.code, remark.about or remark.rule.code}
        return Placed(
            Diagnostic(
                code=remark.rule.code,
                name=remark.rule.name,
                severity=Severity.ERROR,
                message=remark.message,
                filename=self._source.path,
                location=remark.location,
                end_location=remark.location,
                noqa_row=remark.location.row,
                keras=(),
                fingerprint=_digest(known_by),
                cell=remark.cell,
                code_cell=remark.code_cell,
                file_row=remark.file_row,
                source_lines=(remark.line,) if remark.line else (),
            ),
            frozenset(codes),
        )

    def _placed(self, rule: type[Rule], merged: Merged, statement: Span, *, offer_fix: bool = True) -> Placed:
        """`statement` is the innermost around; of one with a block, the last row is not to be relied on."""
        finding = merged.finding
        first, last = self._row(finding.span.start), self._row(finding.span.end)
        comment_row, rows = self._rows_of_comments(first, last, statement)
        location, end_location, cell = self._source.extent(finding.span)
        part = self._source.part(first)
        return Placed(
            Diagnostic(
                code=rule.code,
                name=rule.name,
                severity=merged.severity,
                message=finding.message,
                filename=self._source.path,
                location=location,
                end_location=end_location,
                noqa_row=part.moved_row(comment_row),
                keras=tuple(str(major) for major in merged.majors),
                fingerprint=self._fingerprint(rule.code, finding),
                cell=cell,
                code_cell=part.code_cell,
                file_row=self._source.file_row(part, location.row),
                related=tuple(self._related(note) for note in finding.related),
                fix=self._fix(finding.fix) if finding.fix is not None and offer_fix else None,
                source_lines=self._lines(part, first, last),
                noqa_rows=tuple(map(part.moved_row, rows)),
            ),
            frozenset({rule.code}),
            rows,
        )

    def _lines(self, part: Part, first: int, last: int) -> tuple[str, ...]:
        if part.inline is not None:
            return (part.inline.line,)
        return tuple(part.margin_of(row) + self._source.shown_line(row) for row in range(first, last + 1))

    def _rows_of_comments(self, first: int, last: int, statement: Span) -> tuple[int, tuple[int, ...]]:
        """Return the row where a new comment is to be written, and all rows on which one suppresses."""
        rows = (*range(first, last + 1), self._row(statement.start), *self._source.part(first).rows_behind)
        if self._row(statement.end) <= last and not any(may_be_joined(self._source.line(row)) for row in rows):
            return last, rows
        return self._continued.joined.get(last, last), (*rows, *self._later_rows(rows, last))

    def _later_rows(self, rows: Iterable[int], last: int) -> Iterator[int]:
        """Where the comments stand of rows whose ends cannot have any, and of what begins on the last of a finding."""
        yield from (self._continued.joined[row] for row in rows if row in self._continued.joined)
        yield from sorted(self._continued.last_rows(last))

    @cached_property
    def _continued(self) -> Continuations:
        return Continuations(self._source.text)

    def _row(self, offset: int) -> int:
        return self._source.location(offset).row

    def _fingerprint(self, code: str, finding: Finding) -> str:
        """Return a name for the finding that moving and reformatting the line leaves as it is."""
        text = without_layout(self._source.text[finding.span.start : finding.span.end])
        key = f"{code}\0{self._known_as}\0{text}"
        self._seen[key] += 1
        return _digest(f"{key}\0{self._seen[key]}")

    def _related(self, note: Note) -> Related:
        if note.elsewhere is not None:
            place = note.elsewhere
            return Related(note.message, shown(place.filename), place.location, place.end_location)
        return Related(note.message, self._source.path, *self._source.extent(note.span))

    def _is_prompted(self, span: Span) -> bool:
        return self._source.part(self._row(span.start)).prompted

    def _fix(self, fix: Fix) -> PlacedFix | None:
        plain = self._realiser.plain(fix)
        if plain is None or any(self._is_prompted(edit.span) for edit in plain.edits):
            return None
        if any(edit.span.start < self._source.context for edit in plain.edits):  # an import for an example alone
            return None
        return PlacedFix(plain.title, plain.safety, tuple(placed_edit(edit, self._source) for edit in plain.edits))


def remarks(read: Reading) -> tuple[Diagnostic, ...]:
    """Return what is said of a file as it was read, before any rule is asked."""
    placer = Placer(read.source)
    return tuple(placer.remark(each).diagnostic for each in read.remarks)


def _digest(key: str) -> str:
    from hashlib import blake2b  # here, since a run without findings need not pay for it

    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
