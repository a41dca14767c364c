"""Diagnostics as plain lists and back, for JSON: a cache may come from anywhere, so nothing in it is executed."""

from __future__ import annotations

from typing import Any

from kreglint.diagnostics import (
    Diagnostic,
    Location,
    PlacedEdit,
    PlacedFix,
    Related,
    Safety,
    Severity,
    Suppression,
)


def to_record(found: Diagnostic) -> list[Any]:
    """All that a diagnostic says."""
    fix = found.fix
    return [
        [found.code, found.name, found.severity.value, found.message, found.filename],
        [found.location, found.end_location, found.noqa_row, found.cell, found.code_cell, found.file_row],
        [found.keras, found.fingerprint, found.source_lines, found.noqa_rows],
        found.suppressed.value if found.suppressed is not None else None,
        [[each.message, each.filename, each.location, each.end_location, each.cell] for each in found.related],
        None
        if fix is None
        else [fix.message, fix.safety.value, [[e.content, e.location, e.end_location, e.cell] for e in fix.edits]],
    ]


def from_record(record: list[Any]) -> Diagnostic:
    """Return the diagnostic of a record. Raises ValueError, TypeError or KeyError for anything else."""
    told, place, known, suppressed, related, fix = record
    code, name, severity, message, filename = told
    location, end, noqa_row, cell, code_cell, file_row = place
    keras, fingerprint, source_lines, noqa_rows = known
    return Diagnostic(
        code=code,
        name=name,
        severity=Severity(severity),
        message=message,
        filename=filename,
        location=Location(*location),
        end_location=Location(*end),
        noqa_row=noqa_row,
        keras=tuple(keras),
        fingerprint=fingerprint,
        cell=cell,
        code_cell=code_cell,
        file_row=file_row,
        related=tuple(_related(*each) for each in related),
        fix=None if fix is None else _fix(*fix),
        source_lines=tuple(source_lines),
        noqa_rows=tuple(noqa_rows),
        suppressed=None if suppressed is None else Suppression(suppressed),
    )


def _related(message: str, filename: str, location: list[int], end: list[int], cell: int | None) -> Related:
    return Related(message, filename, Location(*location), Location(*end), cell)


def _fix(message: str, safety: str, edits: list[Any]) -> PlacedFix:
    return PlacedFix(message, Safety(safety), tuple(_edit(*each) for each in edits))


def _edit(content: str, location: list[int], end: list[int], cell: int | None) -> PlacedEdit:
    return PlacedEdit(content, Location(*location), Location(*end), cell)
