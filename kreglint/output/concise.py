"""`concise`: one line for each finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic
from kreglint.output.colour import Palette
from kreglint.output.place import place
from kreglint.output.severity import painted_code
from kreglint.output.width import visible


def render(diagnostics: Iterable[Diagnostic], palette: Palette) -> Iterator[str]:
    for diagnostic in diagnostics:
        where = place(diagnostic.filename, diagnostic.location, diagnostic.cell)
        code = painted_code(diagnostic, palette)
        yield f"{palette.paint(where, 'bold')}: {code} {visible(diagnostic.message)}\n"
