"""`github`: workflow commands, which GitHub Actions shows as annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.output.place import place

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    for diagnostic in diagnostics:
        command = _COMMANDS[diagnostic.severity]
        properties = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in _properties(diagnostic))
        where = place(diagnostic.filename, diagnostic.location, diagnostic.cell)
        message = f"{where}: {diagnostic.code} {diagnostic.message}"
        yield f"::{command} {properties}::{message.translate(_DATA)}\n"


def _properties(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    yield "title", f"kreglint ({diagnostic.code})"
    yield "file", diagnostic.filename
    if diagnostic.cell is not None:  # rows of a cell are no lines of the file
        if diagnostic.file_row is not None:
            yield "line", str(diagnostic.file_row)
        return
    (row, column), (end_row, end_column) = diagnostic.location, diagnostic.end_location
    yield "line", str(row)
    yield "endLine", str(end_row)
    if row == end_row:  # the runner takes columns within one line only
        yield "col", str(column)
        yield "endColumn", str(end_column)
