"""`report --output-format text`: a table, and the totals below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.output.table import Row, Table
from kreglint.output.width import display_width, padded


def render(table: Table) -> Iterator[str]:
    if table.rows:
        yield from _lines([table.headings, *table.rows])
        yield "\n"
    yield from (f"{item}\n" for item in table.items)
    yield f"{table.closing}\n"


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(padded, row, widths)).rstrip() + "\n"
