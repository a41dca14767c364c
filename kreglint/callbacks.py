"""A Keras callback that tells how much of the loss is penalty while a model trains."""

from __future__ import annotations

import importlib
import math
import sys
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.runtime.keras_objects import KerasObject


class RegularizationMonitor:
    """Adds, at the end of each epoch, the penalty of each regularized weight to the epoch's logs.

    The logs get `penalty` (the sum of the weights' penalties, in the loss's unit), `penalty_share` (the part of the
    loss that it is) and, where `per_layer`, `penalty/<path>/<weight>`; so `History`, `CSVLogger` and `TensorBoard`
    that come after it in the list of callbacks have them. It works with Keras 2 and Keras 3: making one makes a
    callback of the Keras that the program has imported, or of the one that `keras` is given as.

    Raises:
        ImportError: no Keras is installed.
    """

    def __new__(cls, *, per_layer: bool = True, keras: KerasObject = None) -> Any:  # noqa: ANN401  see above
        return _monitor_class(keras if keras is not None else _imported())(per_layer)


def _imported() -> KerasObject:
    """tf_keras where the program uses it alone, else Keras."""
    name = "tf_keras" if "tf_keras" in sys.modules and "keras" not in sys.modules else "keras"
    return importlib.import_module(name)


def _monitor_class(keras: KerasObject) -> KerasObject:
    class Monitor(keras.callbacks.Callback):  # type: ignore[misc]
        def __init__(self, per_layer: bool) -> None:
            super().__init__()
            self._per_layer = per_layer

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if logs is not None:
                logs.update(_penalties(self.model, logs.get("loss"), per_layer=self._per_layer))

    Monitor.__name__ = Monitor.__qualname__ = RegularizationMonitor.__name__
    return Monitor


def _penalties(model: KerasObject, loss: float | None, *, per_layer: bool) -> dict[str, float]:
    from kreglint.runtime.live import Live
    from kreglint.runtime.slots import weight_slots
    from kreglint.runtime.terms import read_terms

    live = Live(model)
    terms = read_terms(live).by_variable
    found = {}
    for slot in weight_slots(live):
        term = terms.get(id(slot.variable))
        if term is not None:
            found[f"penalty/{slot.node.path}/{slot.what}"] = math.fsum(term.values)
    total = math.fsum(found.values())
    share = {} if not loss else {"penalty_share": total / float(loss)}
    return {"penalty": total, **share, **(found if per_layer else {})}
