"""`verify --against`: each λ of the live model held against what the analysis of the source says of the same call."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kreglint.diagnostics import Severity
from kreglint.inventory import LAYER, WRAPPER, Alternative, LayerEntry, RegularizerEntry
from kreglint.runtime.cells import regularizer_text
from kreglint.runtime.result import Fault, NotChecked, Penalty, Place, Verification

CODE = "KRG809"
_FACTORS = ("l1", "l2", "factor")
_CLOSE = 1e-6  # Keras holds λ in float32


def compared(found: Verification, layers: Iterable[LayerEntry]) -> Verification:
    """Return the verification with a finding for each difference, and with what could not be compared."""
    entries = _by_file(layers)
    faults: list[Fault] = []
    left: list[NotChecked] = []
    for (place, path), rows in _by_layer(found.penalties).items():
        calls = _calls(entries.get(_key(place.filename), ()), place, rows[0].class_name) if place else []
        told = [list(_differences(entry, rows, place)) for entry in calls]
        certain = _agreed_entry(told)
        if certain is None:
            if any(row.regularizer for row in rows):
                why = "several calls there may have made it" if told else "no call there is known to make it"
                left.append(NotChecked(f"the λ of {path!r} in the source", why))
            continue
        for difference in certain:
            (faults if isinstance(difference, Fault) else left).append(difference)  # type: ignore[arg-type]
    return dataclasses.replace(found, findings=(*found.findings, *faults), not_checked=(*found.not_checked, *left))


def _by_file(layers: Iterable[LayerEntry]) -> dict[str, list[LayerEntry]]:
    files: dict[str, list[LayerEntry]] = {}
    for entry in layers:
        if entry.cell is None and entry.entry in (LAYER, WRAPPER):
            written = tuple(each for each in entry.regularizers if not each.is_inner)
            files.setdefault(_key(entry.filename), []).append(dataclasses.replace(entry, regularizers=written))
    return files


def _key(filename: str) -> str:
    return str(Path(filename).resolve())


def _by_layer(penalties: Iterable[Penalty]) -> dict[tuple[Place | None, str], list[Penalty]]:
    layers: dict[tuple[Place | None, str], list[Penalty]] = {}
    for penalty in penalties:
        layers.setdefault((penalty.place, penalty.path), []).append(penalty)
    return layers


def _calls(entries: Iterable[LayerEntry], place: Place, kind: str) -> list[LayerEntry]:
    """Return the calls of this class that may have made a layer: the call at the place, or those inside it.

    Where the place is only a line, or a call that has none of this class, the smallest around it.
    """
    of_kind = [each for each in entries if each.layer == kind]
    end = place.end_location
    if end is not None:
        exact = [each for each in of_kind if each.location == place.location]
        inside = [each for each in of_kind if place.location <= each.location and each.end_location <= end]
        if exact or inside:
            return exact or inside
    around = [each for each in of_kind if each.location.row <= place.row <= each.end_location.row]
    least = min((_rows(each) for each in around), default=0)
    return [each for each in around if _rows(each) == least]


def _rows(entry: LayerEntry) -> int:
    return entry.end_location.row - entry.location.row


def _agreed_entry(told: list[list[Fault | NotChecked]]) -> list[Fault | NotChecked] | None:
    """Return what is told of one call, or of that of several that agrees with the model, or None if none is known."""
    if len(told) == 1:
        return told[0]
    return next((each for each in told if not any(isinstance(one, Fault) for one in each)), None)


def _differences(entry: LayerEntry, rows: list[Penalty], place: Place | None) -> Iterator[Fault | NotChecked]:
    acting = {row.argument or f"{row.variable}_regularizer": row for row in rows if row.regularizer is not None}
    stated = {each.argument: each for each in entry.regularizers}
    for argument in sorted({*acting, *stated}):
        row, said = acting.get(argument), stated.get(argument)
        if said is not None and said.resolution in ("unknown", "default"):
            why = said.reason or "a parameter's default, which callers may override"
            yield NotChecked(f"{argument} of {rows[0].layer!r} in the source", why)
        elif not _agrees(None if row is None else row.regularizer, said):
            yield _fault(entry, argument, rows[0], row, said, place)


def _values(said: RegularizerEntry) -> list[RegularizerEntry | Alternative | None]:
    return [None if each.kind == "none" else each for each in said.alternatives or (said,)]


def _agrees(value: dict[str, Any] | None, said: RegularizerEntry | None) -> bool:
    if said is None:
        return value is None
    return any(_equal(value, each) for each in _values(said))


def _equal(value: dict[str, Any] | None, said: RegularizerEntry | Alternative | None) -> bool:
    if value is None or said is None:
        return value is None and said is None
    if said.kind in ("custom", "unknown", "invalid") or value["kind"] == "custom":
        return bool(said.kind == value["kind"])
    return all(_close(value[name], getattr(said, name)) for name in _FACTORS)


def _close(one: float | None, other: float | None) -> bool:
    """L2(0.1) and L1L2(l2=0.1) are the same penalty."""
    first, second = one or 0.0, other or 0.0
    return abs(first - second) <= _CLOSE * max(abs(first), abs(second))


def _fault(
    entry: LayerEntry,
    argument: str,
    layer: Penalty,
    row: Penalty | None,
    said: RegularizerEntry | None,
    place: Place | None,
) -> Fault:
    live = "none" if row is None else regularizer_text(row)
    at = (said or entry).location
    source = f"{'none' if said is None else ' '.join(said.source.split())} ({entry.filename}:{at.row})"
    text = f"{layer.layer!r} ({layer.class_name}) {argument}: the source says {source}, the model has {live}"
    related = (("the source says it here", Place(entry.filename, at.row, at.column)),)
    return Fault(CODE, Severity.WARNING.value, text, layer.layer, place, related)
