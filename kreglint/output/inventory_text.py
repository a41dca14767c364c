"""`report --output-format text`: a table of layer calls and their regularizers, and the totals below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kreglint.inventory import LayerEntry
from kreglint.output.inventory_rows import HEADINGS, Row, rows, totals
from kreglint.output.inventory_summary import summarised
from kreglint.output.width import display_width, padded


def render(layers: Iterable[LayerEntry], files: int) -> Iterator[str]:
    entries = list(layers)
    if entries:
        yield from _table([HEADINGS, *(row for layer in entries for row in rows(layer))])
        yield "\n"
    yield totals(summarised(entries, files)) + "\n"


def _table(lines: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(display_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(map(padded, line, widths)).rstrip() + "\n"
