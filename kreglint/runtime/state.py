"""What a trial may change in a model, kept and put back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from kreglint.runtime.formulas import Array
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live

SEED = 20


class State:
    """The values of a model's variables.

    `everything`: the trained weights too, which a trial moves only where the model's own code assigns them by hand.
    """

    def __init__(self, live: Live, *, everything: bool) -> None:
        self._live = live
        variables = {id(each): each for each in _variables(live)}.values()
        kept = [each for each in variables if everything or id(each) not in live.trainable_ids]
        self._kept: list[tuple[KerasObject, Array]] = [(each, live.kept(each)) for each in kept]

    def restore(self) -> None:
        for variable, values in self._kept:
            if self._live.array(variable).ctypes.data != values.ctypes.data:  # still the same memory: nothing moved it
                variable.assign(values)


@contextmanager
def restored(live: Live, *, everything: bool) -> Iterator[State]:
    """Put the model's variables and the random states of Python and NumPy back after the block."""
    python, numpy = random.getstate(), np.random.get_state()
    state = State(live, everything=everything)
    try:
        yield state
    finally:
        state.restore()
        random.setstate(python)
        np.random.set_state(numpy)


def seed(live: Live) -> None:
    """Make what is random (dropout, noise) the same each time."""
    live.keras.utils.set_random_seed(SEED)


def _variables(live: Live) -> Iterator[KerasObject]:
    yield from live.model.variables
    for metric in live.model.metrics:
        yield from metric.variables
    for node in live.nodes:
        yield from live.carried(node.layer)
