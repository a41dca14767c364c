"""The findings of a verification as diagnostics, for the formats of `check`."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from kreglint.diagnostics import Diagnostic, Location, Related, Severity
from kreglint.rules import RULES
from kreglint.runtime.result import Fault, Place, Verification

_NAMES = {rule.code: rule.name for rule in RULES}


def diagnostics(found: Verification) -> Iterator[Diagnostic]:
    """In the order of the findings; one without a place is at the start of the target's file."""
    for fault in found.findings:
        yield _diagnostic(fault, found)


def _diagnostic(fault: Fault, found: Verification) -> Diagnostic:
    place = fault.place or Place(_file(found.target), 1)
    line = _line(place)
    indent = len(line) - len(line.lstrip())
    end = Location(place.row, 1 + len(line))
    major = found.keras.partition(".")[0]
    return Diagnostic(
        code=fault.code,
        name=_NAMES[fault.code],
        severity=Severity(fault.severity),
        message=fault.message,
        filename=place.filename,
        location=Location(place.row, max(place.column, 1 + indent)),
        end_location=end,
        noqa_row=place.row,
        keras=(major,),
        fingerprint=sha256(f"{fault.code}\0{place.filename}\0{fault.message}".encode()).hexdigest()[:16],
        related=tuple(_related(message, where) for message, where in fault.related),
        source_lines=(line,) if line else (),
    )


def _related(message: str, place: Place) -> Related:
    return Related(
        message, place.filename, place.location, Location(place.row, max(place.column, 1 + len(_line(place))))
    )


def _file(target: str) -> str:
    place, colon, _ = target.rpartition(":")
    return place if colon and place.endswith(".py") else target


def _line(place: Place) -> str:
    path = Path(place.filename)
    if path.suffix != ".py":
        return ""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[place.row - 1]
    except (OSError, IndexError):
        return ""
