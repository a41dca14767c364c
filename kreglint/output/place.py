"""How a place is written for a person: `path:row:column`, with the cell in a notebook."""

from __future__ import annotations

from kreglint.diagnostics import Location
from kreglint.output.width import visible


def place(filename: str, location: Location, cell: int | None = None) -> str:
    in_cell = "" if cell is None else f"cell {cell}:"
    return f"{visible(filename)}:{in_cell}{location.row}:{location.column}"
