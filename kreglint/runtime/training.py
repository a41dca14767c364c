"""Checks 4 and 7: whether a step of training counts each penalty once, and what share of the gradient it has.

λ is raised, and the change of the gradients that the optimizer gets is held against the gradient of the formula.
What the data, the batch and the rest of the model add is the same in both steps and falls out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.derivatives import own_gradient, own_penalty
from kreglint.runtime.faults import fault, weight_of
from kreglint.runtime.formulas import Array, epsilon
from kreglint.runtime.keras_objects import first_line
from kreglint.runtime.live import Live
from kreglint.runtime.movement import Counted, check_movements
from kreglint.runtime.places import place_of_function
from kreglint.runtime.recording import Gradients, sampled
from kreglint.runtime.regularizers import asked
from kreglint.runtime.result import MATCH, MISMATCH, NOT_CHECKED, Check, Fault, NotChecked
from kreglint.runtime.scaling import strengthened
from kreglint.runtime.slots import Slot
from kreglint.runtime.trial import Trial

DOMINANT_RATIO = 2.0
_MOST_ROWS = 4096  # of a matrix whose orthogonal gradient is worked out
_CLOSE = 1e-3
_NOISE = 0.05
_CLIPPED = "the train_step changes the gradients, by clipping for instance"


@dataclass(frozen=True, slots=True)
class Trained:
    """What the check says, with the ratio of each slot's penalty gradient to the data's, by the slot's id."""

    check: Check
    faults: tuple[Fault, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()


def check_training(trial: Trial, slots: list[Slot]) -> Trained:
    """Check 4 at the weights that the model has now. Raises whatever the model's train_step raises."""
    live = trial.live
    judged_slots = [each for each in slots if _is_judged(each, live)]
    if not judged_slots:
        return Trained(Check(NOT_CHECKED, "no weight that trains has a penalty whose gradient is known"))
    try:
        found = _counted(trial, judged_slots)
        loss_counts = _loss_detail(trial, judged_slots)
    except Exception as error:
        why = f"its train_step cannot be fed: {first_line(error)}"
        return Trained(Check(NOT_CHECKED, why), not_checked=(NotChecked("training", why),))
    return _told(found, live, loss_counts)


def gradient_shares(trial: Trial, slots: list[Slot]) -> dict[int, float]:
    """Return by weight's id the length of its penalty's gradient over that of the rest of its gradient, as of now."""
    live = trial.live
    gradients = trial.gradients()
    shares = {}
    for slot in slots:
        if _is_judged(slot, live) and id(slot.variable) in gradients.sums:
            penalty = _gradient(slot, live)
            whole = gradients.sums[id(slot.variable)] / gradients.updates[id(slot.variable)]
            rest = float(np.linalg.norm(whole - penalty))
            if rest > 16 * epsilon(live.dtype(slot.variable)) * float(np.linalg.norm(whole)):  # else it is rounding
                shares[id(slot.variable)] = float(np.linalg.norm(penalty)) / rest
    return shares


def dominant(slot: Slot, share: float, *, synthetic: bool) -> Fault:
    """KRG807. Random data prove nothing about the user's, so there it is a hint."""
    data = "on made-up data " if synthetic else ""
    text = f"{weight_of(slot)}: {data}the penalty's gradient is {share:.3g} times the data's at these weights"
    return fault(faults.DOMINANT, text, slot, Severity.INFO if synthetic else Severity.WARNING)


def _is_judged(slot: Slot, live: Live) -> bool:
    if slot.variable is None or slot.acting is None or id(slot.variable) not in live.trainable_ids:
        return False
    formula = asked(slot.acting, live.keras).formula
    if formula is None:
        if own_gradient(slot.acting, slot.variable, live) is None:
            return False
    elif formula.factor is not None and max(slot.variable.shape) > _MOST_ROWS:
        return False
    activities = (getattr(node.layer, "activity_regularizer", None) for node in live.nodes)
    return not any(each is slot.acting for each in activities)


def _counted(trial: Trial, slots: list[Slot]) -> list[Counted]:
    live = trial.live
    first, again = trial.gradients(), trial.gradients()
    step = _useful_step(first, slots, live)
    with strengthened(live, (slot.acting for slot in slots), step):
        changed = trial.gradients()
    recorded = (first, again, changed)
    by_hand = [each for each in slots if any(id(each.variable) not in found.sums for found in recorded)]
    moved = check_movements(trial, by_hand) if by_hand else {}
    return [moved.get(slot) or _times(slot, step, recorded, live) for slot in slots]


def _useful_step(gradients: Gradients, slots: list[Slot], live: Live) -> float:
    """Return how much to add to λ, so that the penalties' gradients are not lost in the rounding of the data's."""
    needed = [1.0]
    for slot in slots:
        whole = gradients.sums.get(id(slot.variable))
        expected = float(np.linalg.norm(_gradient(slot, live, 1.0)))
        if whole is not None and expected > 0:
            needed.append(float(np.linalg.norm(whole)) / expected)
    return min(max(needed), 1e4)


def _times(slot: Slot, step: float, recorded: tuple[Gradients, Gradients, Gradients], live: Live) -> Counted:
    key = id(slot.variable)
    first, again, changed = (each.sums[key] / each.updates[key] for each in recorded)
    expected = _gradient(slot, live, step)
    square = float(expected @ expected)
    difference = changed - first
    if not square or not np.isfinite(difference).all():
        return Counted(slot, None, "its gradient is 0 or not finite")
    length = math.sqrt(square)
    rounding = 16 * epsilon(live.dtype(slot.variable)) * float(np.linalg.norm(first) + np.linalg.norm(changed))
    noise = (float(np.linalg.norm(again - first)) + rounding) / length
    if noise > _NOISE:
        return Counted(slot, None, "two equal steps give different gradients")
    times = float(difference @ expected) / square
    if abs(times) <= _CLOSE and _is_saturated(first):
        return Counted(slot, None, _CLIPPED)
    unlike = float(np.linalg.norm(difference - times * expected)) / length
    if unlike > _CLOSE * min(abs(times), 1.0) + noise:
        return Counted(slot, None, _CLIPPED)
    return Counted(slot, float(round(times)) if abs(times - round(times)) <= _CLOSE + noise else round(times, 3))


def _is_saturated(gradient: Array) -> bool:
    """True if most of what is not 0 has one size, as when values are clipped."""
    sizes = np.abs(gradient[gradient != 0])
    return sizes.size > 1 and float((sizes == sizes.max()).mean()) > 0.5


def _told(found: list[Counted], live: Live, loss_counts: str) -> Trained:
    judged = [each for each in found if each.times is not None]
    left = tuple(NotChecked(f"training of {weight_of(each.slot)}", each.why) for each in found if each.times is None)
    if not judged:
        why = f"of {len(found)} penalties none can be told in a step of training: {found[0].why}"
        return Trained(Check(NOT_CHECKED, why), not_checked=(NotChecked("training", why),))
    wrong = [each for each in judged if each.times != 1]
    if not wrong:
        what = "the penalty" if len(judged) == 1 else f"each of {len(judged)} penalties"
        text = f"a step of training counts {what} once{loss_counts}"
        return Trained(Check(MATCH, text), not_checked=left)
    return Trained(
        Check(MISMATCH, f"a step of training counts {len(wrong)} of {len(judged)} penalties wrongly{loss_counts}"),
        tuple(_faults(wrong, len(judged), live)),
        left,
    )


def _faults(wrong: list[Counted], count: int, live: Live) -> list[Fault]:
    """Return one fault for the whole where all are counted alike: then it is the train_step's, at its place."""
    times = {each.times for each in wrong}
    if len(wrong) == count and len(times) == 1 and count > 1:
        text = f"a step of training counts all {count} penalties {_often(wrong[0].times or 0.0)}"
        place = place_of_function(type(live.model).train_step)
        code, severity = _code(wrong[0].times or 0.0), Severity.ERROR.value
        return [Fault(code, severity, text, None, place)]
    return [
        fault(
            _code(each.times or 0.0),
            f"{weight_of(each.slot)}: a step of training counts its penalty {_often(each.times or 0.0)}",
            each.slot,
        )
        for each in wrong
    ]


def _code(times: float) -> str:
    if times == 0:
        return faults.NOT_TRAINED
    return faults.TWICE if times >= 2 and times == round(times) else faults.MISMATCH


def _often(times: float) -> str:
    words = {0: "not at all", 2: "twice"}
    return words.get(round(times), f"{times:g} times") if times == round(times) else f"{times:.4g} times"


def _loss_detail(trial: Trial, slots: list[Slot]) -> str:
    """Return how `compute_loss` takes the penalties: by how much it grows when every λ does."""
    live = trial.live
    if not hasattr(live.model, "compute_loss"):
        return ""
    try:
        before = trial.loss()
        with strengthened(live, (slot.acting for slot in slots), 1.0):
            after = trial.loss()
    except Exception as error:
        return f"; compute_loss cannot be called: {first_line(error)}"
    expected = math.fsum(_grown(slot, live) for slot in slots)
    times = (after - before) / expected if expected else 0.0
    if not math.isfinite(times):
        return ""
    often = "once" if abs(times - 1) <= 1e-2 else _often(float(f"{times:.2g}"))
    return f"; compute_loss counts them {often}"


def _grown(slot: Slot, live: Live) -> float:
    """Return by how much a penalty grows when it is strengthened by 1."""
    formula = asked(slot.acting, live.keras).formula
    weights = live.array(slot.variable)
    if formula is None:
        return own_penalty(slot.acting, weights, live) or 0.0
    return formula.changed(lambda _: 1.0).penalty(weights)


def _gradient(slot: Slot, live: Live, step: float | None = None) -> Array:
    """Return the gradient of a penalty, or, with a step, its growth when the penalty is strengthened by that."""
    formula = asked(slot.acting, live.keras).formula
    if formula is None:
        found = own_gradient(slot.acting, slot.variable, live)
        assert found is not None  # `_is_judged` left out the others
        return sampled(found) * (1.0 if step is None else step)
    if step is not None:
        formula = formula.changed(lambda _: step)
    weights = live.array(slot.variable)
    if formula.factor is None:  # each number's gradient is its own affair
        return formula.gradient(sampled(weights))
    return sampled(formula.gradient(weights))
