"""Activity penalties: what each activity regularizer was given in a call, and what its layer added to the losses."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from kreglint.runtime.formulas import Formula
from kreglint.runtime.keras_objects import KerasObject, is_at_least
from kreglint.runtime.live import Live
from kreglint.runtime.regularizers import asked
from kreglint.runtime.slots import ACTIVITY, Slot


@dataclass(slots=True, eq=False)
class Activity:
    """The calls of one activity regularizer: `expected` has a penalty for each output, where it has a formula."""

    slot: Slot
    expected: list[float] = field(default_factory=list)
    calls: int = 0
    size: int = 0
    dtype: str = "float32"
    unreadable: bool = False


@contextmanager
def recorded_activities(live: Live, slots: Iterable[Slot]) -> Iterator[list[Activity]]:
    """Note what the activity regularizers are given by a call of the model inside the block."""
    with ExitStack() as undo:
        found = []
        for slot in slots:
            activity = Activity(slot)
            attributes = slot.node.layer.__dict__
            name = ACTIVITY if ACTIVITY in attributes else f"_{ACTIVITY}"
            if name in attributes:
                undo.callback(attributes.__setitem__, name, attributes[name])
                attributes[name] = _recorder(activity, live)
            found.append(activity)
        yield found


def _recorder(activity: Activity, live: Live) -> KerasObject:
    regularizer = activity.slot.configured
    formula = asked(regularizer, live.keras).formula

    class Recorder(live.keras.regularizers.Regularizer):  # type: ignore[misc,name-defined]
        def __call__(self, output: KerasObject) -> KerasObject:
            _note(activity, formula, output, live)
            return regularizer(output)

    return Recorder()


def _note(activity: Activity, formula: Formula | None, output: KerasObject, live: Live) -> None:
    try:
        values = live.array(output)
    except (AttributeError, NotImplementedError, TypeError, ValueError, RuntimeError):
        activity.unreadable = True  # a symbolic tensor: the layer compiles its own call
        return
    activity.dtype = live.dtype(output)
    activity.calls += 1
    activity.size += values.size
    if formula is not None:
        activity.expected.append(formula.penalty(values) / _divisor(values.shape, live))


def _divisor(shape: tuple[int, ...], live: Live) -> int:
    """Keras 2 and Keras 3 from 3.14 divide an activity penalty by the batch size, 3.0 to 3.13 do not."""
    return shape[0] if shape and (live.major == 2 or is_at_least(live.keras, 3, 14)) else 1


def claimed_terms(activity: Activity, live: Live, close: Callable[[float, float], bool]) -> list[KerasObject]:
    """Return the terms of the layer's last call that its activity regularizer made.

    A layer lists what it added in the order of the calls. Where it added something else too, the terms are told by
    their values.
    """
    own = live.own_terms(activity.slot.node.layer)
    if len(own) == activity.calls:
        return own
    claimed: list[KerasObject] = []
    for expected in activity.expected:
        near = [each for each in own if not _is_in(each, claimed) and close(expected, live.total(each))]
        claimed += near[:1]
    return claimed


def _is_in(term: KerasObject, terms: list[KerasObject]) -> bool:
    return any(each is term for each in terms)


def expected_total(activity: Activity) -> float:
    return math.fsum(activity.expected) if all(map(math.isfinite, activity.expected)) else math.nan
