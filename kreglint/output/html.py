"""`html`: one page that needs nothing else, for people who were sent a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.output.links import rule_page
from kreglint.output.page import page
from kreglint.output.width import visible
from kreglint.output.words import counted

_MOST_LINES = 12
_STYLE = """\
.error { color: #b3261e; } .warning { color: #8a5a00; } .info { color: #1f5fa8; }
pre { background: #f4f4f4; padding: .6em; overflow-x: auto; margin: .3em 0; }
mark { background: #ffe08a; color: inherit; }
li { margin: 0 0 1.2em; } ul.notes li { margin: 0; }
@media (prefers-color-scheme: dark) {
  .error { color: #ff8a80; } .warning { color: #ffcf70; } .info { color: #8ab8ff; }
  pre { background: #262626; } mark { background: #6b5200; }
}
"""


def render(diagnostics: Iterable[Diagnostic], version: str) -> Iterator[str]:
    found = list(diagnostics)
    yield page("kreglint: findings", _STYLE, "".join(_body(found, version)))


def _body(found: Sequence[Diagnostic], version: str) -> Iterator[str]:
    yield f"<h1>kreglint</h1>\n<p>{_totals(found)} kreglint {version}.</p>\n"
    if found:
        yield _table_of_rules(found)
    for filename, of_file in groupby(found, key=lambda diagnostic: diagnostic.filename):
        yield f"<h2>{_text(filename)}</h2>\n<ol>\n{''.join(map(_finding, of_file))}</ol>\n"


def _totals(found: Sequence[Diagnostic]) -> str:
    if not found:
        return "Nothing to report."
    counts = Counter(diagnostic.severity for diagnostic in found)
    kinds = ", ".join(f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity])
    files = len({diagnostic.filename for diagnostic in found})
    return f"{counted(len(found), 'finding')} ({kinds}) in {counted(files, 'file')}."


def _table_of_rules(found: Sequence[Diagnostic]) -> str:
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in found)
    rows = "".join(
        f'<tr><td>{_link(code)}</td><td>{_text(name)}</td><td class="number">{count}</td></tr>\n'
        for (code, name), count in sorted(counts.items())
    )
    head = "<thead><tr><th>Rule</th><th>Name</th><th>Findings</th></tr></thead>"
    return f"<table>\n{head}\n<tbody>\n{rows}</tbody>\n</table>\n"


def _finding(diagnostic: Diagnostic) -> str:
    row, column = diagnostic.location
    severity = diagnostic.severity.value
    where = f"{_in_cell(diagnostic.cell)}row {row}, column {column}"
    heading = f'{where}: {_link(diagnostic.code)} <span class="{severity}">{severity}</span> '
    return f"<li>{heading}{_text(diagnostic.message)}\n{_quotation(diagnostic)}{_notes(diagnostic)}</li>\n"


def _quotation(diagnostic: Diagnostic) -> str:
    """Return the source of the finding, marked; its first lines where it is long."""
    if not diagnostic.source_lines:
        return ""
    lines = list(diagnostic.source_lines)
    start, end = diagnostic.location.column - 1, diagnostic.end_location.column - 1
    if len(lines) > _MOST_LINES:
        lines, end = [*lines[:_MOST_LINES], "…"], 1
    whole = "\n".join(lines)
    stop = len(whole) - len(lines[-1]) + end
    return f"<pre>{_code(whole[:start])}<mark>{_code(whole[start:stop])}</mark>{_code(whole[stop:])}</pre>\n"


def _notes(diagnostic: Diagnostic) -> str:
    notes = [
        f"{_text(related.message)}: {_text(related.filename)}, {_in_cell(related.cell)}row {related.location.row}"
        for related in diagnostic.related
    ]
    if diagnostic.fix is not None:
        notes.append(f"help: {_text(diagnostic.fix.message)}")
    items = "".join(f"<li>{note}</li>\n" for note in notes)
    return f'<ul class="notes">\n{items}</ul>\n' if items else ""


def _in_cell(cell: int | None) -> str:
    return "" if cell is None else f"cell {cell}, "


def _link(code: str) -> str:
    return f'<a href="{escape(rule_page(code))}">{_text(code)}</a>'


def _code(text: str) -> str:
    return escape("\n".join(map(visible, text.split("\n"))))


def _text(text: str) -> str:
    return escape(visible(text))
