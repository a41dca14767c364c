"""Optimizers that move nothing and write down the gradients that they are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from kreglint.runtime.formulas import Array
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live

MOST_SAMPLED = 1 << 16


@dataclass(slots=True)
class Gradients:
    """Per weight, by id, the sum of its gradients in float64 at the sampled places, and how often it was updated."""

    sums: dict[int, Array] = field(default_factory=dict)
    updates: dict[int, int] = field(default_factory=dict)

    def add(self, variable: KerasObject, values: Array) -> None:
        found = sampled(values)
        self.sums[id(variable)] = self.sums.get(id(variable), 0.0) + found
        self.updates[id(variable)] = self.updates.get(id(variable), 0) + 1


def sampled(values: Array) -> Array:
    """Return all values, or, of many, as many at the same random places each time, in float64, on their own."""
    flat = np.asarray(values).reshape(-1)
    if flat.size > MOST_SAMPLED:
        flat = flat[np.random.default_rng(flat.size).integers(0, flat.size, MOST_SAMPLED)]
    return flat.astype("float64")


@contextmanager
def recording(live: Live) -> Iterator[Gradients]:
    """Replace every optimizer that the model holds by a recorder inside the block."""
    gradients = Gradients()
    attributes = live.model.__dict__
    before = {name: value for name, value in attributes.items() if _is_optimizer(value, live)}
    try:
        for name in before:
            attributes[name] = _recorder(gradients, live)
        yield gradients
    finally:
        attributes.update(before)


def _is_optimizer(value: object, live: Live) -> bool:
    kinds = [live.keras.optimizers.Optimizer]
    legacy = getattr(live.keras.optimizers, "legacy", None)
    if live.major == 2 and legacy is not None:
        kinds.append(legacy.Optimizer)
    return isinstance(value, tuple(kinds))


def _recorder(gradients: Gradients, live: Live) -> KerasObject:
    def record(pairs: Iterable[tuple[KerasObject, KerasObject]]) -> None:
        for gradient, variable in pairs:
            if gradient is not None:
                gradients.add(variable, live.dense_array(gradient))

    class Recorder(live.keras.optimizers.SGD):  # type: ignore[misc,name-defined]
        def apply_gradients(self, grads_and_vars: KerasObject, *_: object, **__: object) -> None:
            record(grads_and_vars)

        def apply(self, grads: KerasObject, trainable_variables: KerasObject = None) -> None:
            given = self._trainable_variables if trainable_variables is None else trainable_variables
            record(zip(grads, given, strict=True))

        def get_scaled_loss(self, loss: KerasObject) -> KerasObject:
            return loss

        def get_unscaled_gradients(self, scaled: KerasObject) -> KerasObject:
            return scaled

    recorder = Recorder(0.0)
    if live.major == 3:
        recorder.build(live.model.trainable_variables)
    return recorder
