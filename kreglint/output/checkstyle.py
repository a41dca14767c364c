"""`checkstyle`: XML as Checkstyle writes it, which many CI systems read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kreglint.diagnostics import Diagnostic
from kreglint.output.place import message_with_cell
from kreglint.output.xml_text import HEADER, attributes


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    yield f'{HEADER}<checkstyle version="4.3">\n'
    for filename, found in groupby(diagnostics, key=lambda diagnostic: diagnostic.filename):
        yield f"  <file{attributes(name=filename)}>\n"
        yield from map(_error, found)
        yield "  </file>\n"
    yield "</checkstyle>\n"


def _error(diagnostic: Diagnostic) -> str:
    named = attributes(
        line=diagnostic.file_row or diagnostic.location.row,
        column=diagnostic.location.column,
        severity=diagnostic.severity.value,
        message=f"{diagnostic.code} {message_with_cell(diagnostic)}",
        source=f"kreglint.{diagnostic.code}",
    )
    return f"    <error{named}/>\n"
