"""A verification as HTML, for notebooks and pages."""

from __future__ import annotations

from html import escape

from kreglint.runtime.cells import HEADINGS, NUMBERS, cells, finding_lines, headline, not_checked_lines, remarks, shown
from kreglint.runtime.result import Verification


def table(found: Verification) -> str:
    """Return a heading, the table, and the remarks; it needs no style and no script."""
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    lines = "".join(_line(cells(each)) for each in shown(found))
    body = f"<p><b>{escape(headline(found))}</b></p>\n"
    body += f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n"
    for texts in (finding_lines(found), remarks(found), not_checked_lines(found)):
        body += "".join(f"<li>{escape(text)}</li>\n" for text in texts).join(("<ul>\n", "</ul>\n")) if texts else ""
    return body


def _line(row: tuple[str, ...]) -> str:
    pairs = zip(HEADINGS, row, strict=True)
    return "<tr>" + "".join(f"<td{_align(heading)}>{escape(cell)}</td>" for heading, cell in pairs) + "</tr>\n"


def _align(heading: str) -> str:
    return ' style="text-align:right"' if heading in NUMBERS else ""
