"""Check 5: λ does not touch what the model predicts, and what `evaluate` reports is told in its parts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kreglint.runtime import faults
from kreglint.runtime.faults import fault
from kreglint.runtime.formulas import Array
from kreglint.runtime.keras_objects import KerasObject, first_line
from kreglint.runtime.live import Live
from kreglint.runtime.regularizers import asked
from kreglint.runtime.result import MATCH, MISMATCH, NOT_CHECKED, Check, Fault
from kreglint.runtime.scaling import without
from kreglint.runtime.slots import Slot
from kreglint.runtime.trial import Trial


def check_prediction(trial: Trial, slots: Iterable[Slot], misplaced: Iterable[Slot]) -> tuple[Check, list[Fault]]:
    """`slots` are all regularizers of the model; `misplaced` stand where a layer wants something else."""
    live = trial.live
    wrong = [_misplaced(slot, live) for slot in misplaced]
    regularizers = [
        each for slot in (*slots, *misplaced) for each in (slot.acting, slot.configured) if each is not None
    ]
    if not regularizers:
        return Check(NOT_CHECKED, "the model has no regularizer"), []
    try:
        before = _predicted(trial)
        with without(live, regularizers):
            after = _predicted(trial)
        told = _evaluated(trial, regularizers)
    except Exception as error:
        return Check(NOT_CHECKED, f"predict cannot be called: {first_line(error)}"), wrong
    same = len(before) == len(after) and all(map(_equal, before, after))
    if not same and not wrong:
        wrong.append(fault(faults.IN_PREDICTION, "predict gives something else without the regularizers"))
    text = "predict is the same with and without" if same else "predict differs with and without"
    return Check(MATCH if same and not wrong else MISMATCH, f"{text} the regularizers{told}"), wrong


def _misplaced(slot: Slot, live: Live) -> Fault:
    label = asked(slot.configured, live.keras).label
    name = (slot.attribute or "").lstrip("_")
    text = f"{slot.node.name!r} ({slot.node.kind}) has {label} as its {name}: it acts on predictions and is no penalty"
    return fault(faults.IN_PREDICTION, text, slot)


def _predicted(trial: Trial) -> list[Array]:
    model = trial.live.model
    trial.start_anew()
    model.predict_function = None
    found = model.predict(trial.batch.x, verbose=0)
    model.predict_function = None
    return [np.asarray(each) for each in _leaves(found)]


def _evaluated(trial: Trial, regularizers: list[KerasObject]) -> str:
    """Return what `evaluate` reports, in its parts.

    Nothing where the model is not compiled or evaluates in its own way.
    """
    live = trial.live
    if not live.is_compiled or trial.batch.y is None:
        return ""
    try:
        whole = _evaluated_loss(trial)
        with without(live, regularizers):
            data = _evaluated_loss(trial)
    except Exception as error:
        return f"; evaluate cannot be called: {first_line(error)}"
    if whole is None or data is None:
        return ""
    return f"; evaluate reports {whole:.6g} = {data:.6g} without the regularizers + penalty {whole - data:.6g}"


def _evaluated_loss(trial: Trial) -> float | None:
    model, batch = trial.live.model, trial.batch
    trial.start_anew()
    model.test_function = None
    found = model.evaluate(batch.x, batch.y, sample_weight=batch.sample_weight, verbose=0, return_dict=True)
    model.test_function = None
    return float(found["loss"]) if "loss" in found else None


def _leaves(tree: KerasObject) -> list[KerasObject]:
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in _leaves(tree[key])]
    if isinstance(tree, list | tuple):
        return [leaf for each in tree for leaf in _leaves(each)]
    return [tree]


def _equal(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
