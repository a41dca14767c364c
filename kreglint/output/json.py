"""`json`: an array in the shape of Ruff's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic, PlacedEdit, PlacedFix, Related
from kreglint.output.json_shape import JsonObject, cell_object, dumped, location_object
from kreglint.output.links import rule_page


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    yield dumped([diagnostic_object(diagnostic) for diagnostic in diagnostics])


def diagnostic_object(diagnostic: Diagnostic) -> JsonObject:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "filename": diagnostic.filename,
        "cell": diagnostic.cell,
        **({} if diagnostic.code_cell is None else {"code_cell": diagnostic.code_cell}),
        "location": location_object(diagnostic.location),
        "end_location": location_object(diagnostic.end_location),
        "related": [_related_object(related) for related in diagnostic.related],
        "fix": None if diagnostic.fix is None else _fix_object(diagnostic.fix),
        "noqa_row": diagnostic.noqa_row,
        "url": rule_page(diagnostic.code),
        "keras": list(diagnostic.keras),
        "fingerprint": diagnostic.fingerprint,
    }


def _related_object(related: Related) -> JsonObject:
    return {
        "message": related.message,
        "filename": related.filename,
        **cell_object(related.cell),
        "location": location_object(related.location),
        "end_location": location_object(related.end_location),
    }


def _fix_object(fix: PlacedFix) -> JsonObject:
    return {
        "applicability": fix.safety.value,
        "message": fix.message,
        "edits": [_edit_object(edit) for edit in fix.edits],
    }


def _edit_object(edit: PlacedEdit) -> JsonObject:
    return {
        "content": edit.content,
        **cell_object(edit.cell),
        "location": location_object(edit.location),
        "end_location": location_object(edit.end_location),
    }
