"""`grouped`: the findings of each file under its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kreglint.diagnostics import Diagnostic
from kreglint.output.colour import Palette
from kreglint.output.severity import painted_code
from kreglint.output.width import visible


def render(diagnostics: Iterable[Diagnostic], palette: Palette) -> Iterator[str]:
    for filename, found in groupby(diagnostics, key=lambda diagnostic: diagnostic.filename):
        lines = _lines(list(found), palette)
        yield f"{palette.paint(visible(filename), 'bold')}:\n{''.join(lines)}\n"


def _lines(diagnostics: list[Diagnostic], palette: Palette) -> Iterator[str]:
    places = [_place(diagnostic) for diagnostic in diagnostics]
    width = max(map(len, places))
    for place, diagnostic in zip(places, diagnostics, strict=True):
        yield f"  {place:<{width}}  {painted_code(diagnostic, palette)} {visible(diagnostic.message)}\n"


def _place(diagnostic: Diagnostic) -> str:
    row, column = diagnostic.location
    return f"{row}:{column}" if diagnostic.cell is None else f"cell {diagnostic.cell}:{row}:{column}"
