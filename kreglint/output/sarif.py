"""`sarif`: SARIF 2.1.0, with rules, fixes, related places and what is suppressed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic, Location, PlacedEdit, PlacedFix, Related, Safety, Severity, Suppression
from kreglint.output.json_shape import JsonObject, dumped
from kreglint.output.links import HOME
from kreglint.output.sarif_rules import rule_object
from kreglint.output.sarif_uri import uri

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "kreglint/v1"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_KINDS = {Suppression.NOQA: "inSource", Suppression.BASELINE: "external"}


def render(diagnostics: Iterable[Diagnostic], version: str) -> Iterator[str]:
    """Yield the whole log. Suppressed diagnostics are results that say so; `version` is kreglint's own."""
    found = list(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    yield dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(found, codes, version)]})


def _run(found: list[Diagnostic], codes: list[str], version: str) -> JsonObject:
    driver = {
        "name": "kreglint",
        "informationUri": HOME,
        "version": version,
        "semanticVersion": version,
        "rules": [rule_object(code, LEVELS) for code in codes],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in found],
    }


def _result(diagnostic: Diagnostic, rule_index: int) -> JsonObject:
    result: JsonObject = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [_location(diagnostic)],
        "partialFingerprints": {_FINGERPRINT: diagnostic.fingerprint},
        "suppressions": list(_suppressions(diagnostic)),
        "properties": {"keras": list(diagnostic.keras)},
    }
    if diagnostic.related:
        result["relatedLocations"] = [_related(number, related) for number, related in enumerate(diagnostic.related)]
    fix = diagnostic.fix
    if fix is not None and fix.safety is not Safety.DISPLAY and diagnostic.cell is None:
        result["fixes"] = [_fix(diagnostic.filename, fix)]
    return result


def _suppressions(diagnostic: Diagnostic) -> Iterator[JsonObject]:
    if diagnostic.suppressed is not None:
        yield {"kind": _KINDS[diagnostic.suppressed]}


def _location(place: Diagnostic | Related) -> JsonObject:
    """In a notebook the cell is named, and its row is one of the JSON."""
    file = {"artifactLocation": {"uri": uri(place.filename)}}
    if place.cell is None:
        return {"physicalLocation": {**file, "region": _region(place.location, place.end_location)}}
    row, column = place.location
    cell = {"name": f"cell {place.cell}:{row}:{column}", "kind": "element"}
    file_row = place.file_row if isinstance(place, Diagnostic) else None
    region = {} if file_row is None else {"region": {"startLine": file_row}}
    return {"physicalLocation": {**file, **region}, "logicalLocations": [cell]}


def _related(number: int, related: Related) -> JsonObject:
    return {"id": number, "message": {"text": related.message}, **_location(related)}


def _region(start: Location, end: Location) -> JsonObject:
    return {"startLine": start.row, "startColumn": start.column, "endLine": end.row, "endColumn": end.column}


def _fix(filename: str, fix: PlacedFix) -> JsonObject:
    replacements = [_replacement(edit) for edit in fix.edits]
    return {
        "description": {"text": fix.message},
        "artifactChanges": [{"artifactLocation": {"uri": uri(filename)}, "replacements": replacements}],
        "properties": {"applicability": fix.safety.value},
    }


def _replacement(edit: PlacedEdit) -> JsonObject:
    return {
        "deletedRegion": _region(edit.location, edit.end_location),
        "insertedContent": {"text": edit.content},
    }
