"""From the rows of a program that was put together to those of the cell or the file where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from kreglint.diagnostics import Diagnostic, Location, PlacedEdit, PlacedFix, Related
from kreglint.inventory import LayerEntry, Place, RegularizerEntry
from kreglint.source.text import Part, Source

_LINE_START = re.compile(r"(?<=\n)(?![\r\n])")  # of a line that is not blank


class Localiser:
    """Tells where the places of one program stand."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._parts = source.parts or (Part(1),)
        self._rows = [part.row for part in self._parts]

    def diagnostic(self, found: Diagnostic) -> Diagnostic:
        part = self.part(found.location.row)
        return replace(
            found,
            cell=part.cell,
            location=part.moved(found.location),
            end_location=part.moved(found.end_location),
            noqa_row=part.moved_row(found.noqa_row),
            noqa_rows=tuple(map(part.moved_row, found.noqa_rows)),
            source_lines=tuple(part.margin + line for line in found.source_lines),
            related=tuple(map(self._related, found.related)),
            fix=self._fix(found.fix) if found.fix is not None else None,
        )

    def layer(self, entry: LayerEntry) -> LayerEntry:
        part = self.part(entry.location.row)
        return replace(
            entry,
            cell=part.cell,
            location=part.moved(entry.location),
            end_location=part.moved(entry.end_location),
            regularizers=tuple(map(self._regularizer, entry.regularizers)),
        )

    def part(self, row: int) -> Part:
        """The part that a row of the program belongs to."""
        return self._parts[max(bisect_right(self._rows, row) - 1, 0)]

    def _regularizer(self, entry: RegularizerEntry) -> RegularizerEntry:
        return replace(
            entry,
            location=self._location(entry.location),
            end_location=self._location(entry.end_location),
            alternatives=tuple(replace(way, location=self._location(way.location)) for way in entry.alternatives),
            origin=tuple(map(self._origin, entry.origin)),
        )

    def _origin(self, place: Place) -> Place:
        if place.filename != self._source.path:
            return place
        part = self.part(place.location.row)
        return Place(place.filename, part.moved(place.location), part.cell)

    def _related(self, related: Related) -> Related:
        if related.filename != self._source.path:
            return related
        part = self.part(related.location.row)
        return replace(
            related,
            location=part.moved(related.location),
            end_location=part.moved(related.end_location),
            cell=part.cell,
        )

    def _fix(self, fix: PlacedFix) -> PlacedFix:
        return replace(fix, edits=tuple(map(self._edit, fix.edits)))

    def _edit(self, edit: PlacedEdit) -> PlacedEdit:
        part = self.part(edit.location.row)
        end = edit.end_location
        if not part.ends_line and self.part(end.row) is not part:  # what ends its last line is not of the cell
            end = Location(end.row - 1, len(self._source.line(end.row - 1)) + 1)
        if not edit.content and edit.location.column == end.column == 1:  # whole lines go with their margin
            first, last = part.moved_row(edit.location.row), part.moved_row(end.row)
            return PlacedEdit("", Location(first, 1), Location(last, 1), part.cell)
        content = _LINE_START.sub(part.margin, edit.content)
        return PlacedEdit(content, part.moved(edit.location), part.moved(end), part.cell)

    def _location(self, location: Location) -> Location:
        return self.part(location.row).moved(location)
