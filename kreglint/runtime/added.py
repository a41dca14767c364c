"""What layers add to the loss in their calls, by activity regularizers and `add_loss`, as the mean over an epoch.

Such a term has a value only inside the step that made it: afterwards TensorFlow has a symbolic tensor and JAX a tracer.
So the step itself sums them up, weighted by the size of the batch as Keras weights `loss`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live

_STEP, _LOSS = "train_step", "compute_loss"


class AddedLosses:
    """Watches the training of one model.

    On TensorFlow and Torch the terms are read after `train_step`. On JAX they end with the gradient, so they are read
    after `compute_loss`, and the sums are a metric of the model, as only the model's own state outlives a step.
    """

    def __init__(self, model: KerasObject) -> None:
        self._model = model
        self._live: Live | None = None
        self._meter: KerasObject = None
        self._adding: set[int] = set()
        self._unreadable = self._in_training = False
        self._undo: list[Callable[[], None]] = []

    def watch(self) -> None:
        """Note each step from here on. The step is compiled anew."""
        step = getattr(self._model, _STEP)
        on_jax = Live(self._model).backend == "jax"
        if on_jax or self._model.built:
            self._make_meter()
        if on_jax:
            self._model._metrics.append(self._meter)  # noqa: SLF001  it says nothing, and nobody resets it
            self._undo.append(lambda: self._model._metrics.remove(self._meter))  # noqa: SLF001
            self._replace(_STEP, self._flagging(step))
            self._replace(_LOSS, self._noting_loss(getattr(self._model, _LOSS)))
        else:
            self._replace(_STEP, self._noting_step(step))
        self._model.train_function = None
        self._model.make_train_function()

    def leave(self) -> None:
        """Leave the model as it was before; its next `fit` compiles the step anew."""
        while self._undo:
            self._undo.pop()()
        self._model.train_function = None

    def start(self) -> None:
        """An epoch begins."""
        if self._meter is not None:
            self._meter.sums.assign([0.0] * self._meter.sums.shape[0])

    def means(self) -> dict[str, float] | None:
        """Return the mean by the path of each layer that added something; None where that could not be seen."""
        sums = [] if self._meter is None or self._live is None else self._live.array(self._meter.sums).tolist()
        if self._unreadable or not sums or not sums[-1]:
            return None if _may_add(Live(self._model)) else {}
        nodes = self._live.nodes if self._live is not None else ()
        return {nodes[index].path: sums[index] / sums[-1] for index in sorted(self._adding)}

    def _replace(self, name: str, wrapper: Any) -> None:  # noqa: ANN401  a function with attributes
        """Where monitors wrap each other, those that have left are taken off as soon as they are the outermost."""
        attributes: dict[str, Any] = self._model.__dict__
        wrapper.inner, wrapper.left = attributes.get(name), False
        attributes[name] = wrapper

        def put_back() -> None:
            wrapper.left = True
            while getattr(attributes.get(name), "left", False):
                inner = attributes.pop(name).inner
                attributes.update({} if inner is None else {name: inner})

        self._undo.append(put_back)

    def _noting_step(self, step: Callable[..., Any]) -> Callable[..., Any]:
        note = self._note
        if Live(self._model).backend == "tensorflow":  # whose Keras 2 rewrites what a step calls
            note = importlib.import_module("tensorflow").autograph.experimental.do_not_convert(note)

        def train_step(data: KerasObject) -> KerasObject:
            result = step(data)
            note(data)
            return result

        return train_step

    def _flagging(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def train_step(*arguments: KerasObject) -> KerasObject:
            self._in_training = True
            try:
                return step(*arguments)
            finally:
                self._in_training = False

        return train_step

    def _noting_loss(self, loss: Callable[..., Any]) -> Callable[..., Any]:
        def compute_loss(*arguments: KerasObject, **keywords: KerasObject) -> KerasObject:
            result = loss(*arguments, **keywords)
            if self._in_training:
                self._note((arguments, keywords))
            return result

        return compute_loss

    def _note(self, data: KerasObject) -> None:
        """Runs where the step is traced: what it cannot read must not end the training."""
        try:
            if self._meter is None:
                self._make_meter()
            self._add(data)
        except Exception:  # a term of an inner graph, as in a loop; a batch without a size
            self._unreadable = True

    def _make_meter(self) -> None:
        self._live = Live(self._model)
        with _outside_graphs(self._model, self._live):
            self._meter = _meter_class(self._live.keras)(len(self._live.nodes) + 1)

    def _add(self, data: KerasObject) -> None:
        live = self._live
        assert live is not None
        ops = live.keras.ops if live.major == 3 else importlib.import_module("tensorflow")
        add = ops.sum if live.major == 3 else ops.reduce_sum
        dtype = self._meter.sums.dtype
        size = ops.cast(_batch_size(data, live, ops), dtype)
        values = [ops.zeros((), dtype)] * len(live.nodes)
        places = {id(node): index for index, node in enumerate(live.nodes)}
        for node, term in live.terms_of_step():
            index = places[id(node)]
            self._adding.add(index)
            values[index] = values[index] + add(ops.cast(term, dtype))
        self._meter.sums.assign_add(ops.stack([each * size for each in values] + [size]))


def _batch_size(data: KerasObject, live: Live, ops: KerasObject) -> KerasObject:
    """Return the batch size of the first tensor, as Keras weights `loss`."""
    flatten = live.keras.tree.flatten if live.major == 3 else ops.nest.flatten
    first = next(each for each in flatten(data) if len(getattr(each, "shape", ())) > 0)
    return ops.shape(first)[0]


@contextmanager
def _outside_graphs(model: KerasObject, live: Live) -> Iterator[None]:
    """A variable that is made while a step is traced must not be the graph's; made before, it is the strategy's."""
    with ExitStack() as entered:
        if live.backend == "tensorflow":
            tensorflow = importlib.import_module("tensorflow")
            entered.enter_context(tensorflow.init_scope())
            if tensorflow.distribute.in_cross_replica_context():
                entered.enter_context(model.distribute_strategy.scope())
        yield


def _meter_class(keras: KerasObject) -> KerasObject:
    class Meter(keras.metrics.Metric):  # type: ignore[misc]
        """Sums that Keras carries through its steps, and in which its own loops over metrics find nothing."""

        def __init__(self, size: int) -> None:
            super().__init__(name="kreglint_added_losses")
            self.sums = self.add_weight(name="sums", shape=(size,), initializer="zeros")

        def update_state(self, *_: object, **__: object) -> None:
            pass

        def reset_state(self) -> None:
            pass

        def result(self) -> dict[str, KerasObject]:
            return {}

    return Meter


def _may_add(live: Live) -> bool:
    return any(live.may_add(node.layer) for node in live.nodes)
