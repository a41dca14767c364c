"""`report --output-format text`: a table, and the totals below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.inventory import LayerEntry
from kreglint.output.columns import aligned
from kreglint.output.inventory_rows import table
from kreglint.output.table import Table


def render(layers: Sequence[LayerEntry], files: int, *, all_calls: bool = False) -> Iterator[str]:
    return write(table(layers, files, all_calls=all_calls))


def write(shown: Table) -> Iterator[str]:
    if shown.rows:
        for line in aligned([shown.headings, *shown.rows]):
            yield "  ".join(line).rstrip() + "\n"
        yield "\n"
    yield from (f"{item}\n" for item in shown.items)
    yield f"{shown.closing}\n"
