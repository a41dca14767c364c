"""`report --output-format text`: a table, and the totals below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.inventory import LayerEntry
from kreglint.output.inventory_rows import table
from kreglint.output.table import Row, Table
from kreglint.output.width import display_width, padded


def render(layers: Sequence[LayerEntry], files: int, *, all_calls: bool = False) -> Iterator[str]:
    return write(table(layers, files, all_calls=all_calls))


def write(shown: Table) -> Iterator[str]:
    if shown.rows:
        yield from _lines([shown.headings, *shown.rows])
        yield "\n"
    yield from (f"{item}\n" for item in shown.items)
    yield f"{shown.closing}\n"


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(padded, row, widths)).rstrip() + "\n"
