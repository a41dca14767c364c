"""`report --output-format text`: a table of layer calls and their regularizers, and the totals below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.inventory import LayerEntry
from kreglint.output.columns import aligned
from kreglint.output.inventory_rows import HEADINGS, rows, totals
from kreglint.output.inventory_summary import summarised


def render(layers: Iterable[LayerEntry], files: int) -> Iterator[str]:
    entries = list(layers)
    if entries:
        for line in aligned([HEADINGS, *(row for layer in entries for row in rows(layer))]):
            yield "  ".join(line).rstrip() + "\n"
        yield "\n"
    yield totals(summarised(entries, files)) + "\n"
