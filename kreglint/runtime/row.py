"""The row of the result that tells of one penalty."""

from __future__ import annotations

import math

import numpy as np

from kreglint.runtime.activities import Activity
from kreglint.runtime.formulas import relative_error
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live
from kreglint.runtime.places import place_of
from kreglint.runtime.regularizers import Asked
from kreglint.runtime.result import Penalty
from kreglint.runtime.slots import Slot


def weight_row(
    slot: Slot,
    wanted: Asked,
    live: Live,
    status: str,
    compared: tuple[float | None, float | None, float | None],
    *,
    seeded: bool,
) -> Penalty:
    """`compared` are the penalty that was expected, the actual one, and the tolerance."""
    variable = slot.variable
    weights = 0 if variable is None else math.prod(variable.shape)
    dtype = "" if variable is None else live.dtype(variable)
    return _row(slot, wanted, slot.what, (weights, dtype), status, compared, seeded=seeded)


def activity_row(
    activity: Activity, wanted: Asked, status: str, compared: tuple[float | None, float | None, float | None]
) -> Penalty:
    """Return the same for the penalty of a layer's output; it counts the output's numbers."""
    return _row(activity.slot, wanted, "output", (activity.size, activity.dtype), status, compared, seeded=False)


def _row(
    slot: Slot,
    wanted: Asked,
    what: str,
    size: tuple[int, str],
    status: str,
    compared: tuple[float | None, float | None, float | None],
    *,
    seeded: bool,
) -> Penalty:
    expected, actual, tolerance = compared
    judged = expected is not None and actual is not None
    return Penalty(
        layer=slot.node.name,
        path=slot.node.path,
        class_name=slot.node.kind,
        variable=what,
        regularizer=None if wanted.kind == "none" else _regularizer(wanted),
        weights=size[0],
        dtype=size[1],
        expected=expected,
        actual=actual,
        relative_error=relative_error(expected, actual) if judged else None,  # type: ignore[arg-type]
        tolerance=tolerance,
        status=status,
        seeded=seeded,
        argument=slot.attribute,
        place=place_of(slot.node),
    )


def _regularizer(wanted: Asked) -> dict[str, KerasObject]:
    formula = wanted.formula
    if formula is None:
        return {"kind": "custom", "l1": None, "l2": None, "factor": None, "name": wanted.label}
    l1, l2, factor = map(_as_written, (formula.l1, formula.l2, formula.factor))
    return {"kind": wanted.kind, "l1": l1, "l2": l2, "factor": factor}


def _as_written(factor: float | None) -> float | None:
    """Return the shortest number that rounds to a λ that Keras rounded to float32: 0.01, not 0.009999999776."""
    if factor is None or float(np.float32(factor)) != factor:
        return factor
    return float(str(np.float32(factor)))
