"""`rdjson`: the Reviewdog Diagnostic Format, whose columns count bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic, Location, PlacedEdit, Safety
from kreglint.output.json_shape import JsonObject, dumped
from kreglint.output.links import HOME, rule_page
from kreglint.output.place import message_with_cell


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    yield dumped(
        {
            "source": {"name": "kreglint", "url": HOME},
            "diagnostics": [_diagnostic_object(diagnostic) for diagnostic in diagnostics],
        }
    )


def _diagnostic_object(diagnostic: Diagnostic) -> JsonObject:
    return {
        "message": message_with_cell(diagnostic),
        "location": _location(diagnostic),
        "severity": diagnostic.severity.value.upper(),
        "code": {"value": diagnostic.code, "url": rule_page(diagnostic.code)},
        "suggestions": list(_suggestions(diagnostic)),
    }


def _location(diagnostic: Diagnostic) -> JsonObject:
    found: JsonObject = {"path": diagnostic.filename}
    if diagnostic.cell is not None:  # rows of a cell are no lines of the file
        row = diagnostic.file_row
        return found if row is None else {**found, "range": {"start": {"line": row}}}
    bounds = _range(diagnostic, diagnostic.location, diagnostic.end_location)
    return found if bounds is None else {**found, "range": bounds}


def _suggestions(diagnostic: Diagnostic) -> Iterator[JsonObject]:
    """Yield the edits of a fix that may be applied, if all of them stand in lines that are known."""
    fix = diagnostic.fix
    if fix is None or fix.safety is Safety.DISPLAY or diagnostic.cell is not None:
        return
    suggestions = [_suggestion(diagnostic, edit) for edit in fix.edits]
    if all(suggestions):
        yield from filter(None, suggestions)


def _suggestion(diagnostic: Diagnostic, edit: PlacedEdit) -> JsonObject | None:
    bounds = _range(diagnostic, edit.location, edit.end_location)
    return None if bounds is None else {"range": bounds, "text": edit.content}


def _range(diagnostic: Diagnostic, start: Location, end: Location) -> JsonObject | None:
    first, last = _position(diagnostic, start), _position(diagnostic, end)
    return None if first is None or last is None else {"start": first, "end": last}


def _position(diagnostic: Diagnostic, location: Location) -> JsonObject | None:
    """Return the place in bytes, or None if its line is not among those of the finding and so cannot be counted."""
    index = location.row - diagnostic.location.row
    if location.column == 1:
        return {"line": location.row, "column": 1}
    if not 0 <= index < len(diagnostic.source_lines):
        return None
    before = diagnostic.source_lines[index][: location.column - 1]
    return {"line": location.row, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
