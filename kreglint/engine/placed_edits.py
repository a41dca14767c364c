"""From an edit of a program to one of the file, or of the cell, that the program was put together from."""

from __future__ import annotations

import re

from kreglint.diagnostics import Edit, Location, PlacedEdit
from kreglint.source.text import Source

_LINE_START = re.compile(r"(?<=\n)(?![\r\n])")  # of a line that is not blank


def placed_edit(edit: Edit, source: Source) -> PlacedEdit:
    """Return the edit where a reader finds it, by the part that it begins in."""
    if not source.parts:
        return PlacedEdit(edit.content, *source.extent(edit.span))
    start, end = source.location(edit.span.start), source.location(edit.span.end)
    part = source.part(start.row)
    if not part.ends_line and source.part(end.row) is not part:  # what ends its last line is not of the cell
        end = Location(end.row - 1, len(source.line(end.row - 1)) + 1)
    if not edit.content and start.column == end.column == 1:  # whole lines go with their margin
        first, last = part.moved_row(start.row), part.moved_row(end.row)
        return PlacedEdit("", Location(first, 1), Location(last, 1), part.cell)
    content = _LINE_START.sub(part.margin, edit.content)
    return PlacedEdit(content, part.moved(start), part.moved(end), part.cell)
