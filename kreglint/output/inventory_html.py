"""`report --output-format html`: the inventory as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from kreglint.inventory import LayerEntry
from kreglint.output.inventory_rows import HEADINGS, Row, rows, totals
from kreglint.output.inventory_summary import summarised
from kreglint.output.page import page

_STYLE = "td { font-family: ui-monospace, monospace; font-size: 14px; }\n"


def render(layers: Iterable[LayerEntry], files: int) -> Iterator[str]:
    entries = list(layers)
    body = f"<h1>kreglint report</h1>\n<p>{escape(totals(summarised(entries, files)))}</p>\n"
    yield page("kreglint: regularizers", _STYLE, body + (_table(entries) if entries else ""))


def _table(layers: list[LayerEntry]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    lines = "".join(_line(row) for layer in layers for row in rows(layer))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n"


def _line(row: Row) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n"
