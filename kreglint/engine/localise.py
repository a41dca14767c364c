"""From the rows of a program that was put together to those of the cell or the file where they stand."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from kreglint.diagnostics import Diagnostic, Location, PlacedEdit, PlacedFix, Related
from kreglint.inventory import LayerEntry, RegularizerEntry
from kreglint.source.text import Part, Source


class Localiser:
    """Tells where the places of one program stand."""

    def __init__(self, source: Source) -> None:
        self._parts = source.parts
        self._rows = [part.row for part in source.parts]

    def diagnostic(self, found: Diagnostic) -> Diagnostic:
        part = self._part(found.location)
        return replace(
            found,
            cell=part.cell,
            location=_moved(found.location, part),
            end_location=_moved(found.end_location, part),
            noqa_row=_row(found.noqa_row, part),
            noqa_rows=tuple(_row(row, part) for row in found.noqa_rows),
            source_lines=tuple(part.margin + line for line in found.source_lines),
            related=tuple(self._related(related, part) for related in found.related),
            fix=self._fix(found.fix) if found.fix is not None else None,
        )

    def layer(self, entry: LayerEntry) -> LayerEntry:
        part = self._part(entry.location)
        return replace(
            entry,
            cell=part.cell,
            location=_moved(entry.location, part),
            end_location=_moved(entry.end_location, part),
            regularizers=tuple(map(self._regularizer, entry.regularizers)),
        )

    def _regularizer(self, entry: RegularizerEntry) -> RegularizerEntry:
        return replace(
            entry,
            location=self._place(entry.location),
            end_location=self._place(entry.end_location),
            alternatives=tuple(replace(way, location=self._place(way.location)) for way in entry.alternatives),
            origin=tuple(map(self._place, entry.origin)),
        )

    def _related(self, related: Related, part: Part) -> Related:
        there = self._part(related.location)
        elsewhere = "" if there.cell == part.cell else f" in cell {there.cell}"
        return replace(
            related,
            message=related.message + elsewhere,
            location=_moved(related.location, there),
            end_location=_moved(related.end_location, there),
        )

    def _fix(self, fix: PlacedFix) -> PlacedFix:
        return replace(fix, edits=tuple(map(self._edit, fix.edits)))

    def _edit(self, edit: PlacedEdit) -> PlacedEdit:
        part = self._part(edit.location)
        return PlacedEdit(
            edit.content.replace("\n", f"\n{part.margin}"),
            _moved(edit.location, part),
            _moved(edit.end_location, part),
            part.cell,
        )

    def _place(self, location: Location) -> Location:
        return _moved(location, self._part(location))

    def _part(self, location: Location) -> Part:
        index = bisect_right(self._rows, location.row) - 1
        return self._parts[max(index, 0)] if self._parts else Part(1)


def _moved(location: Location, part: Part) -> Location:
    return Location(_row(location.row, part), location.column + len(part.margin))


def _row(row: int, part: Part) -> int:
    return row - part.row + part.first_row
