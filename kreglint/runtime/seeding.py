"""Weights that tell nothing (zeros, ones) are random for as long as they are judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from kreglint.runtime.formulas import seeded, tells_nothing
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live
from kreglint.runtime.regularizers import asked
from kreglint.runtime.slots import Slot


@contextmanager
def telling_weights(live: Live, slots: Iterable[Slot]) -> Iterator[frozenset[int]]:
    """Make every regularized weight tell its penalty inside the block; give the ids of those that were made to."""
    changed: set[int] = set()
    with ExitStack() as undo:
        for slot in slots:
            if slot.variable is not None and id(slot.variable) not in changed and _is_mute(slot, live):
                undo.callback(slot.variable.assign, live.kept(slot.variable))
                slot.variable.assign(_random(slot.variable, len(changed), live))
                changed.add(id(slot.variable))
        yield frozenset(changed)


def _is_mute(slot: Slot, live: Live) -> bool:
    wanted = asked(slot.configured, live.keras)
    if wanted.formula is None and (wanted.kind != "custom" or slot.acting is None):
        return False
    return tells_nothing(live.array(slot.variable), wanted.formula)


def _random(variable: KerasObject, seed: int, live: Live) -> KerasObject:
    values = seeded(tuple(variable.shape), seed)
    return values.astype(live.array(variable).dtype)
