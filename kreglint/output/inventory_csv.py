"""`report --output-format csv`: a line for each regularizer argument, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from kreglint.inventory import CALL, LayerEntry, RegularizerEntry
from kreglint.output.inventory_rows import effect_text, value_text
from kreglint.output.inventory_summary import finite
from kreglint.output.table import Table

_PLACE = ("filename", "cell", "row", "column", "layer", "canonical", "name", "scope")
_VALUE = ("argument", "source", "kind", "l1", "l2", "factor", "resolution", "reason", "alternatives")
_ADDED = ("entry", "effect")  # at the end, where they move no other column

Cell = str | int | float | None


def write(table: Table) -> Iterator[str]:
    """Yield a table's heading and lines. What stands below it is not told."""
    yield _line(tuple(heading.lower() for heading in table.headings))
    yield from map(_line, table.rows)


def render(layers: Iterable[LayerEntry], files: int, *, all_calls: bool = False) -> Iterator[str]:
    """Yield a heading and the lines, as RFC 4180 has them; what is absent is empty. `files` is not told."""
    yield _line((*_PLACE, *_VALUE, *_ADDED))
    for layer in layers if all_calls else (each for each in layers if each.entry != CALL):
        start = _place(layer)
        for entry in layer.regularizers:
            yield _line((*start, *_value(entry), layer.entry, effect_text(entry)))
        if not layer.regularizers:
            yield _line((*start, *[None] * len(_VALUE), layer.entry, None))


def _place(layer: LayerEntry) -> tuple[Cell, ...]:
    row, column = layer.location
    return layer.filename, layer.cell, row, column, layer.layer, layer.canonical, layer.name, layer.scope


def _value(entry: RegularizerEntry) -> tuple[Cell, ...]:
    factors = map(finite, (entry.l1, entry.l2, entry.factor))
    ways = " or ".join(dict.fromkeys(map(value_text, entry.alternatives)))
    return (entry.argument, entry.source, entry.kind, *factors, entry.resolution, entry.reason, ways)


def _line(cells: tuple[Cell, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
