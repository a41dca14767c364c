"""`verify`'s table for people."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kreglint.runtime.cells import (
    HEADINGS,
    NUMBERS,
    cells,
    finding_lines,
    headline,
    is_all_well,
    not_checked_lines,
    remarks,
    shown,
)
from kreglint.runtime.result import Verification

_STYLES = {"match": "green", "mismatch": "bold red", "inert": "bold red", "not-checked": "yellow"}
_NARROWEST = 120


def render(found: Verification, *, colour: bool, width: int | None = None) -> Iterator[str]:
    """`width` in columns: the terminal's; None: as wide as the table wants to be."""
    out = StringIO()
    console = Console(
        file=out,
        force_terminal=colour,
        color_system="standard" if colour else None,
        width=max(width or 1000, _NARROWEST) if width else 1000,
        highlight=False,
        soft_wrap=True,
    )
    console.print(Text(headline(found), _headline_style(found)))
    if shown(found):
        console.print(_table(found))
    for text in remarks(found):
        console.print(Text(text))
    for text in finding_lines(found):
        console.print(Text(text, "red"))
    for text in not_checked_lines(found):
        console.print(Text(text, "yellow"))
    yield "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _headline_style(found: Verification) -> str:
    if is_all_well(found):
        return "bold green"
    return "bold yellow" if found.ok else "bold red"


def _table(found: Verification) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left", overflow="fold")
    for penalty in shown(found):
        *row, status = cells(penalty)
        table.add_row(*map(Text, row), Text(status, _STYLES.get(status, "")))
    return table
