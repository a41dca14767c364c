"""`text`: each finding with its source, the places that explain it, and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic
from kreglint.output.colour import Palette
from kreglint.output.place import place
from kreglint.output.severity import painted_code, style
from kreglint.output.snippet import Gutter, gutter, quotation
from kreglint.output.width import visible


def render(diagnostics: Iterable[Diagnostic], palette: Palette) -> Iterator[str]:
    for diagnostic in diagnostics:
        yield "".join(f"{line}\n" for line in _lines(diagnostic, palette)) + "\n"


def _lines(diagnostic: Diagnostic, palette: Palette) -> Iterator[str]:
    margin = gutter(diagnostic, palette)
    yield _heading(diagnostic, palette)
    yield from quotation(diagnostic, margin, style(diagnostic.severity))
    yield from _notes(diagnostic, margin)


def _heading(diagnostic: Diagnostic, palette: Palette) -> str:
    where = place(diagnostic.filename, diagnostic.location, diagnostic.cell, diagnostic.code_cell)
    code = painted_code(diagnostic, palette)
    return f"{palette.paint(where, 'bold')}: {code} [{diagnostic.severity.value}] {visible(diagnostic.message)}"


def _notes(diagnostic: Diagnostic, margin: Gutter) -> Iterator[str]:
    for related in diagnostic.related:
        yield margin.note(f"{visible(related.message)}: {place(related.filename, related.location, related.cell)}")
    if diagnostic.fix is not None:
        yield margin.note(f"{margin.palette.paint('help', 'cyan')}: {visible(diagnostic.fix.message)}")
