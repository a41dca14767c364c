"""`verify --output-format json`: the shape that the contract states."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from kreglint.runtime.result import SCHEMA, Fault, Penalty, Verification

_PENALTY = {
    "layer": "layer",
    "path": "path",
    "class": "class_name",
    "variable": "variable",
    "regularizer": "regularizer",
    "weights": "weights",
    "dtype": "dtype",
    "expected": "expected",
    "actual": "actual",
    "relative_error": "relative_error",
    "tolerance": "tolerance",
    "status": "status",
    "seeded": "seeded",
    "share": "share",
}


def render(found: Verification) -> Iterator[str]:
    document = {
        "schema": SCHEMA,
        "target": found.target,
        "keras": found.keras,
        "backend": found.backend,
        "ok": found.ok,
        "penalties": [_penalty(each) for each in found.penalties],
        "total": _fields(found.total, "expected", "actual", "status", "custom"),
        "training": _fields(found.training, "status", "detail"),
        "prediction": _fields(found.prediction, "status", "detail"),
        "survival": _fields(found.survival, "status", "detail"),
        "findings": [_finding(each) for each in found.findings],
        "not_checked": [_fields(each, "what", "why") for each in found.not_checked],
    }
    yield json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _penalty(penalty: Penalty) -> dict[str, Any]:
    return {name: _plain(getattr(penalty, attribute)) for name, attribute in _PENALTY.items()}


def _finding(fault: Fault) -> dict[str, Any]:
    place = fault.place
    where = None if place is None else {"row": place.row, "column": place.column}
    return {
        **_fields(fault, "code", "severity", "message", "layer"),
        "filename": None if place is None else place.filename,
        "location": where,
    }


def _fields(record: object, *names: str) -> dict[str, Any]:
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: object) -> object:
    """JSON knows no infinity and no NaN: they are null."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
