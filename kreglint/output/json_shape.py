"""What the JSON outputs have in common."""

from __future__ import annotations

import json

from kreglint.diagnostics import Location

JsonObject = dict[str, object]


def location_object(location: Location) -> JsonObject:
    return {"row": location.row, "column": location.column}


def cell_object(cell: int | None) -> JsonObject:
    """Return the cell of a place that may be in another one than its finding; nothing outside of notebooks."""
    return {} if cell is None else {"cell": cell}


def dumped(value: object) -> str:
    """JSON text with a line end; non-ASCII characters are kept.

    Raises:
        ValueError: a float is not finite, which JSON cannot say.
    """
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
