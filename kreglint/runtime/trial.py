"""One step of training through the model's own `train_step`, with nothing moved: what gradients it gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kreglint.runtime.formulas import Array
from kreglint.runtime.inputs import Batch, as_tensors, synthetic_targets
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live, eager
from kreglint.runtime.recording import Gradients, recording, sampled
from kreglint.runtime.state import State, restored, seed


class Trial:
    """Feeds one batch to a model, the same way each time."""

    def __init__(self, live: Live, batch: Batch, state: State) -> None:
        self.live = live
        self.batch = batch
        self._data: Any = as_tensors(batch.data, live)
        self._state = state

    def outputs(self) -> KerasObject:
        """Return what the model says to the batch, not as in training."""
        self.start_anew()
        return self.live.model(as_tensors(self.batch.x, self.live), training=False)

    def complete(self) -> None:
        """Make up targets where there are none."""
        if self.batch.y is None and self.batch.synthetic:
            targets = synthetic_targets(self.live, self.outputs())
            self.batch = Batch(self.batch.x, targets)
            self._data = as_tensors(self.batch.data, self.live)

    def start_anew(self) -> None:
        """Make what is random, and what steps move, as it was the last time from here on."""
        self._state.restore()
        self.live.forget_gradients()
        seed(self.live)

    def movements(self) -> dict[int, Array]:
        """Return how far one step moves each trained weight, by id, without the optimizers that the model holds.

        Of many numbers, as `sampled`. Raises whatever the model's own code raises.
        """
        self.start_anew()
        variables = self.live.model.trainable_variables
        before = [sampled(self.live.array(each)) for each in variables]
        with recording(self.live):
            after = self._step() or variables
        found = {
            id(each): sampled(self.live.array(moved)) - start
            for each, moved, start in zip(variables, after, before, strict=True)
        }
        self._state.restore()
        return found

    def gradients(self) -> Gradients:
        """Return the gradients that the optimizers get in one step. Raises whatever the model's own code raises."""
        self.start_anew()
        with recording(self.live) as found:
            self._step()
        return found

    def loss(self) -> float:
        """Return what `compute_loss` gives for the batch."""
        model = self.live.model
        weights = None if self.batch.sample_weight is None else self._data[2]
        y = self._data[1] if len(self._data) > 1 else None
        value = model.compute_loss(x=self._data[0], y=y, y_pred=self.outputs(), sample_weight=weights)
        return self.live.total(value)

    def _step(self) -> list[KerasObject] | None:
        """Run one step; with JAX, whose steps assign nothing, the values that the trained weights shall get."""
        model = self.live.model
        if self.live.backend != "jax":
            model.train_step(self._data)
            return None
        parts = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
        _, (trained, *_) = model.train_step(tuple([each.value for each in part] for part in parts), self._data)
        return list(trained)


@contextmanager
def undisturbed(live: Live, *, everything: bool) -> Iterator[State]:
    """Leave the model as it was, whatever is tried inside the block."""
    with eager(live), restored(live, everything=everything) as state:
        yield state
