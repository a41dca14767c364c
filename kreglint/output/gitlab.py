"""`gitlab`: a code quality report for GitLab, in the format of Code Climate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic, Location, Severity
from kreglint.output.json_shape import JsonObject, dumped
from kreglint.output.place import message_with_cell

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    yield dumped([_issue(diagnostic) for diagnostic in diagnostics])


def _issue(diagnostic: Diagnostic) -> JsonObject:
    return {
        "type": "issue",
        "check_name": diagnostic.code,
        "description": f"{diagnostic.code}: {message_with_cell(diagnostic)}",
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[diagnostic.severity],
        "fingerprint": diagnostic.fingerprint,
        "location": {"path": diagnostic.filename, "positions": _positions(diagnostic)},
    }


def _positions(diagnostic: Diagnostic) -> JsonObject:
    if diagnostic.cell is not None:  # rows of a cell are no lines of the file
        start = end = Location(diagnostic.file_row or 1, 1)
    else:
        start, end = diagnostic.location, diagnostic.end_location
    return {"begin": _position(start), "end": _position(end)}


def _position(location: Location) -> JsonObject:
    return {"line": location.row, "column": location.column}
