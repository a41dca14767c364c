"""How a place is written for a person: `path:row:column`, with the cell in a notebook."""

from __future__ import annotations

from kreglint.diagnostics import Diagnostic, Location
from kreglint.output.width import visible


def place(filename: str, location: Location, cell: int | None = None, code_cell: int | None = None) -> str:
    counted = "" if code_cell is None else f" (code cell {code_cell})"
    in_cell = "" if cell is None else f"cell {cell}{counted}:"
    return f"{visible(filename)}:{in_cell}{location.row}:{location.column}"


def one_line(diagnostic: Diagnostic) -> str:
    where = place(diagnostic.filename, diagnostic.location, diagnostic.cell)
    return f"{where}: {diagnostic.code} {visible(diagnostic.message)}"


def message_with_cell(diagnostic: Diagnostic) -> str:
    """Return the message, with the place in a notebook before it, for formats that know lines of files only."""
    if diagnostic.cell is None:
        return diagnostic.message
    row, column = diagnostic.location
    return f"cell {diagnostic.cell}, row {row}, column {column}: {diagnostic.message}"
