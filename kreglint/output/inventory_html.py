"""`report --output-format html`: the table as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from kreglint.inventory import LayerEntry
from kreglint.output.inventory_rows import table
from kreglint.output.page import page
from kreglint.output.table import Row, Table

_STYLE = "td { font-family: ui-monospace, monospace; font-size: 14px; }\n"


def render(layers: Sequence[LayerEntry], files: int, *, all_calls: bool = False) -> Iterator[str]:
    return write(table(layers, files, all_calls=all_calls))


def write(shown: Table) -> Iterator[str]:
    items = "".join(f"<li>{escape(item)}</li>\n" for item in shown.items)
    body = f"<h1>{escape(shown.title)}</h1>\n<p>{escape(shown.closing)}</p>\n"
    body += f"<ul>\n{items}</ul>\n" if items else ""
    yield page("kreglint: regularizers", _STYLE, body + (_table(shown) if shown.rows else ""))


def _table(shown: Table) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in shown.headings)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(map(_line, shown.rows))}</tbody>\n</table>\n"


def _line(row: Row) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n"
