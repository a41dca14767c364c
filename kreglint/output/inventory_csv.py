"""`report --output-format csv`: a line for each regularizer argument, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from kreglint.inventory import LayerEntry, RegularizerEntry
from kreglint.output.inventory_rows import value_text
from kreglint.output.inventory_summary import finite

_PLACE = ("filename", "cell", "row", "column", "layer", "canonical", "name", "scope")
_VALUE = ("argument", "source", "kind", "l1", "l2", "factor", "resolution", "reason", "alternatives")

Cell = str | int | float | None


def render(layers: Iterable[LayerEntry], files: int) -> Iterator[str]:
    """Yield a heading and the lines, as RFC 4180 has them; what is absent is empty. `files` is not told."""
    yield _line((*_PLACE, *_VALUE))
    for layer in layers:
        start = _place(layer)
        values = [_value(entry) for entry in layer.regularizers] or [(None,) * len(_VALUE)]
        yield from (_line((*start, *value)) for value in values)


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
