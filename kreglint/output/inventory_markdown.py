"""`report --output-format markdown`: the table for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kreglint.inventory import LayerEntry
from kreglint.output.inventory_rows import HEADINGS, Row, rows, totals
from kreglint.output.inventory_summary import summarised

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&]")


def render(layers: Iterable[LayerEntry], files: int) -> Iterator[str]:
    entries = list(layers)
    if entries:
        yield _line(HEADINGS)
        yield _line(["---"] * len(HEADINGS))
        for layer in entries:
            yield from map(_line, map(_escaped, rows(layer)))
        yield "\n"
    yield totals(summarised(entries, files)) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(row: Row) -> Row:
    """Return the cells with what Markdown takes for markup escaped."""
    return tuple(_MARKUP.sub(r"\\\g<0>", cell) for cell in row)
