"""`report --output-format markdown`: the table for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kreglint.inventory import LayerEntry
from kreglint.output.inventory_rows import table
from kreglint.output.table import Row, Table

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&]")


def render(layers: Sequence[LayerEntry], files: int, *, all_calls: bool = False) -> Iterator[str]:
    return write(table(layers, files, all_calls=all_calls))


def write(shown: Table) -> Iterator[str]:
    if shown.rows:
        yield _line(shown.headings)
        yield _line(["---"] * len(shown.headings))
        yield from map(_line, map(_escaped, shown.rows))
        yield "\n"
    yield from (f"- {item}\n" for item in _escaped(shown.items))
    yield "\n" if shown.items else ""
    yield f"{shown.closing}\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(row: Row) -> Row:
    """Return the cells with what Markdown takes for markup escaped."""
    return tuple(_MARKUP.sub(r"\\\g<0>", cell) for cell in row)
