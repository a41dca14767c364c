"""`report --output-format markdown`: the table for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kreglint.output.table import Row, Table

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&]")


def render(table: Table) -> Iterator[str]:
    if table.rows:
        yield _line(table.headings)
        yield _line(["---"] * len(table.headings))
        yield from map(_line, map(_escaped, table.rows))
        yield "\n"
    yield from (f"- {item}\n" for item in _escaped(table.items))
    yield "\n" if table.items else ""
    yield f"{table.closing}\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(row: Row) -> Row:
    """Return the cells with what Markdown takes for markup escaped."""
    return tuple(_MARKUP.sub(r"\\\g<0>", cell) for cell in row)
