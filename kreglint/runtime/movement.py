"""Check 4 where a train_step moves weights by itself: the weights tell whether λ matters, without an optimizer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kreglint.runtime.formulas import Array, epsilon
from kreglint.runtime.live import Live
from kreglint.runtime.recording import sampled
from kreglint.runtime.scaling import strengthened
from kreglint.runtime.slots import Slot
from kreglint.runtime.state import State
from kreglint.runtime.trial import Trial

_STEP = 10.0  # added to λ: enough to be seen at a small rate, and no movement is used


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How often a step counts a penalty; None where that cannot be told, and then why."""

    slot: Slot
    times: float | None
    why: str = ""


def check_movements(trial: Trial, slots: Iterable[Slot]) -> dict[Slot, Counted]:
    """Return whether the movement of each weight has its penalty in it.

    Putting the weights back takes a copy of them.
    """
    slots, live = list(slots), trial.live
    mover = Trial(live, trial.batch, State(live, everything=True))
    first, again = mover.movements(), mover.movements()
    with strengthened(live, (slot.acting for slot in slots), _STEP):
        changed = mover.movements()
    recorded = (first, again, changed)
    return {slot: _counted(slot, [each[id(slot.variable)] for each in recorded], live) for slot in slots}


def _counted(slot: Slot, moved: list[Array], live: Live) -> Counted:
    first, again, changed = moved
    if not first.any() and not changed.any():
        return Counted(slot, None, "the train_step gives its optimizer no gradient for it, and does not move it")
    if not np.isfinite(changed).all():
        return Counted(slot, None, "its gradient is 0 or not finite")
    rounding = 4 * epsilon(live.dtype(slot.variable)) * float(np.linalg.norm(sampled(live.array(slot.variable))))
    noise = float(np.linalg.norm(again - first))
    if noise > rounding:
        return Counted(slot, None, "two equal steps move it differently")
    if float(np.linalg.norm(changed - first)) <= rounding:
        return Counted(slot, 0.0)
    return Counted(slot, None, "it is counted; how often is not known, as no optimizer of the model gets its gradient")
