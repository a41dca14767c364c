"""`report --output-format html`: the table as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kreglint.output.page import page
from kreglint.output.table import Row, Table

_STYLE = "td { font-family: ui-monospace, monospace; font-size: 14px; }\n"


def render(table: Table) -> Iterator[str]:
    items = "".join(f"<li>{escape(item)}</li>\n" for item in table.items)
    body = f"<h1>{escape(table.title)}</h1>\n<p>{escape(table.closing)}</p>\n"
    body += f"<ul>\n{items}</ul>\n" if items else ""
    yield page("kreglint: regularizers", _STYLE, body + (_table(table) if table.rows else ""))


def _table(table: Table) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in table.headings)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(map(_line, table.rows))}</tbody>\n</table>\n"


def _line(row: Row) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n"
