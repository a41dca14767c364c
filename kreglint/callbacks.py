"""A Keras callback that tells how much of the loss is penalty while a model trains."""

from __future__ import annotations

import importlib
import math
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.runtime.keras_objects import KerasObject
    from kreglint.runtime.live import Live


class RegularizationMonitor:
    """Adds, at the end of each epoch, the penalties of a model to the epoch's logs.

    `penalty` is their sum and `penalty_share` is `penalty` over `loss`. Where `per_layer`:

    - `penalty/<path>/<weight>` is the penalty of a weight, as the weight is at the end of the epoch;
    - `penalty/<path>/added` is what a layer (or the model itself) adds in its calls, by an activity regularizer or
      `add_loss`: the mean over the epoch's training batches, weighted by their sizes as `loss` is.

    What a layer adds is known only inside the step of training. Where that could not be read (JAX with a `train_step`
    of the user's own that does not call `compute_loss`; a term inside a loop of the graph), there is no `added`, and
    `penalty` and `penalty_share` are left out.

    `History`, `CSVLogger` and `TensorBoard` that come after it in the list of callbacks have the values. It works with
    Keras 2 and Keras 3, and takes the Keras of the model that it is given to; `keras` says whose callback it is until
    then.

    Raises:
        ImportError: no Keras is installed.
    """

    def __new__(cls, *, per_layer: bool = True, keras: KerasObject = None) -> Any:  # noqa: ANN401  see above
        return _monitor_class(keras if keras is not None else _probable())(per_layer)


def _probable() -> KerasObject:
    """The Keras that the program has imported, or has."""
    names = ("keras", "tf_keras")
    imported = [name for name in names if name in sys.modules]
    installed = [name for name in names if not imported and find_spec(name) is not None]
    return importlib.import_module((*imported, *installed, *names)[0])


@cache
def _monitor_class(keras: KerasObject) -> KerasObject:
    from kreglint.runtime.added import AddedLosses  # here, where there is a Keras, and so a NumPy
    from kreglint.runtime.keras_objects import keras_of

    class Monitor(keras.callbacks.Callback):  # type: ignore[misc]
        def __init__(self, per_layer: bool) -> None:
            super().__init__()
            self._per_layer = per_layer
            self._added: AddedLosses | None = None

        def set_model(self, model: KerasObject) -> None:
            """What calls a callback is of the model's Keras, so the callback becomes one of it."""
            of_model = _monitor_class(keras_of(model))
            if type(self) is not of_model:
                self.__class__ = of_model
                of_model.__init__(self, self._per_layer)
            super(of_model, self).set_model(model)

        def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
            self._leave()
            self._added = AddedLosses(self.model)
            self._added.watch()

        def on_train_end(self, logs: dict[str, float] | None = None) -> None:
            self._leave()

        def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if self._added is not None:
                self._added.start()

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if logs is not None:
                added = None if self._added is None else self._added.means()
                logs.update(_penalties(self.model, logs.get("loss"), added, per_layer=self._per_layer))

        def _leave(self) -> None:
            if self._added is not None:
                self._added.leave()
            self._added = None

    Monitor.__name__ = Monitor.__qualname__ = RegularizationMonitor.__name__
    return Monitor


def _penalties(
    model: KerasObject, loss: float | None, added: dict[str, float] | None, *, per_layer: bool
) -> dict[str, float]:
    from kreglint.runtime.live import Live

    live = Live(model)
    found = {**_of_weights(live), **{f"penalty/{path}/added": value for path, value in (added or {}).items()}}
    parts = found if per_layer else {}
    if added is None:
        return parts
    total = math.fsum(found.values())
    share = {} if not loss else {"penalty_share": total / float(loss)}
    return {"penalty": total, **share, **parts}


def _of_weights(live: Live) -> dict[str, float]:
    from kreglint.runtime.slots import weight_slots
    from kreglint.runtime.terms import read_terms

    terms = read_terms(live).by_variable
    found = {}
    for slot in weight_slots(live):
        term = terms.get(id(slot.variable))
        if term is not None:
            found[f"penalty/{slot.node.path}/{slot.what}"] = math.fsum(term.values)
    return found
