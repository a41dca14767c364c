"""A live model, the same to look at in Keras 2 and Keras 3.

What Keras keeps per layer (its own weights, its direct sublayers, the losses of its last call) has no public name in
either major; all use of such names is in this module.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from kreglint.runtime.formulas import Array
from kreglint.runtime.keras_objects import KerasObject, keras_of


@dataclass(frozen=True, slots=True, eq=False)
class LayerNode:
    """One layer, met once however often it is used. `path` are the names from the model down to it."""

    layer: KerasObject
    path: str
    parent: LayerNode | None = None

    @property
    def name(self) -> str:
        return str(self.layer.name)

    @property
    def kind(self) -> str:
        return type(self.layer).__name__

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else 1 + self.parent.depth

    def below(self, other: LayerNode) -> bool:
        return self is other or (self.parent is not None and self.parent.below(other))


class Live:
    """A model and the Keras that it belongs to. Raises ModelError for what is no Keras model."""

    def __init__(self, model: KerasObject) -> None:
        self.model = model
        self.keras = keras_of(model)
        self.major = int(self.keras.__version__.partition(".")[0])

    @property
    def backend(self) -> str:
        return str(self.keras.backend.backend())

    @cached_property
    def nodes(self) -> tuple[LayerNode, ...]:
        """The model and every layer in it, once each, outermost first."""
        return tuple(_walk(LayerNode(self.model, str(self.model.name)), set()))

    def own_variables(self, layer: KerasObject) -> list[KerasObject]:
        """Return the weights that this layer made itself, frozen ones too."""
        names = ("trainable_variables", "non_trainable_variables")
        if self.major == 2:
            names = ("trainable_weights", "non_trainable_weights")
        found = {id(each): each for name in names for each in getattr(layer, f"_{name}", ())}
        return [each for each in found.values() if self.is_float(each)]

    def own_terms(self, layer: KerasObject) -> list[KerasObject]:
        """Return what this layer itself added to the losses in its last call."""
        return list(layer._eager_losses if self.major == 2 else layer._losses)  # noqa: SLF001

    def terms_of_step(self) -> list[tuple[LayerNode, KerasObject]]:
        """Return what each layer added to the losses in the step that is traced right now.

        JAX collects it in a scope.
        """
        if self.backend != "jax":
            return [(node, term) for node in self.nodes for term in self.own_terms(node.layer)]
        losses = list(self.model.losses)
        return [(node, term) for node in self.nodes for term in losses if id(term) in node.layer._loss_ids]  # noqa: SLF001

    def may_add(self, layer: KerasObject) -> bool:
        """True if a layer is known to add to the losses in its calls."""
        added = bool(self.own_terms(layer)) or bool(getattr(layer, "_loss_ids", ()))
        return added or getattr(layer, "activity_regularizer", None) is not None

    def carried(self, layer: KerasObject) -> list[KerasObject]:
        """Return what a stateful recurrent layer carries from one batch to the next.

        Keras counts it to no model's weights.
        """
        left, found = [getattr(layer, "states", None)], []
        while left:
            value = left.pop()
            if isinstance(value, list | tuple):
                left += value
            elif hasattr(value, "assign"):
                found.append(value)
        return found

    def callable_losses(self, layer: KerasObject) -> list[KerasObject]:
        """Keras 2's list of the functions that make this layer's weight penalties."""
        return layer._callable_losses if self.major == 2 else []  # noqa: SLF001

    @cached_property
    def trainable_ids(self) -> frozenset[int]:
        return frozenset(map(id, self.model.trainable_weights))

    def is_float(self, variable: KerasObject) -> bool:
        return "float" in self.dtype(variable)

    def dtype(self, tensor: KerasObject) -> str:
        dtype = tensor.dtype
        return str(getattr(dtype, "name", dtype)).removeprefix("torch.")

    def array(self, tensor: KerasObject) -> Array:
        """Return a variable or tensor as NumPy has it, to be read: where the backend allows it, it is no copy."""
        if isinstance(tensor, int | float | np.ndarray | np.generic):
            return np.asarray(tensor)
        if self.backend == "tensorflow":
            return _array_of_tensorflow(tensor)
        if self.dtype(tensor) == "bfloat16":
            tensor = self.keras.ops.cast(tensor, "float32")  # NumPy has no such type of its own
        return np.asarray(self.keras.ops.convert_to_numpy(tensor))

    def kept(self, variable: KerasObject) -> Array:
        """Return what a variable holds now, also when it is assigned to later.

        Of the backends Torch alone writes in place.
        """
        return self.array(variable).copy() if self.backend == "torch" else self.array(variable)

    def tensor(self, array: Array) -> KerasObject:
        """Return an array as a tensor of the model's backend."""
        if self.major == 3:
            return self.keras.ops.convert_to_tensor(array)
        return _tensorflow().convert_to_tensor(array)

    def dense_array(self, gradient: KerasObject) -> Array:
        """Return a gradient as an array, also where TensorFlow gives only the rows that are not 0 (Embedding)."""
        if hasattr(gradient, "indices") and hasattr(gradient, "dense_shape"):
            gradient = _tensorflow().convert_to_tensor(gradient)
        return self.array(gradient)

    @property
    def is_compiled(self) -> bool:
        return bool(self.model.compiled if self.major == 3 else self.model._is_compiled)  # noqa: SLF001

    def forget_gradients(self) -> None:
        """Clear the gradients: Torch adds one to that which a weight has from before."""
        for variable in self.model.trainable_variables if self.backend == "torch" else ():
            variable.value.grad = None

    @property
    def is_graph(self) -> bool:
        """True if the model is Sequential or Functional: `clone_model` takes no others."""
        kinds = {kind.__name__ for kind in type(self.model).__mro__}
        return bool(kinds & {"Sequential", "Functional"})

    def total(self, term: KerasObject) -> float:
        """Return a loss term as a number."""
        return float(np.asarray(self.array(term)).astype("float64").sum())

    def zero(self) -> KerasObject:
        if self.major == 3:
            return self.keras.ops.zeros(())
        return self.keras.backend.constant(0.0)


@contextmanager
def eager(live: Live) -> Iterator[None]:
    """Keep TensorFlow from compiling inside the block, so that a function traced before sees what is changed now."""
    if live.backend != "tensorflow":
        yield
        return
    config = _tensorflow().config
    before = config.functions_run_eagerly()
    config.run_functions_eagerly(True)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Even though the `tf.config.experimental_run_functions_eagerly`")
            yield
    finally:
        config.run_functions_eagerly(before)


@contextmanager
def code_allowed(keras: KerasObject) -> Iterator[None]:
    """Let Keras make models of configurations that hold Python code inside the block."""
    library = importlib.import_module(f"{keras.__name__}.src.saving.serialization_lib")
    with library.SafeModeScope(safe_mode=False):
        yield


def _tensorflow() -> KerasObject:
    return importlib.import_module("tensorflow")


def _array_of_tensorflow(tensor: KerasObject) -> Array:
    """By the buffer protocol, which copies nothing: a variable that is assigned to leaves what was read from it alone.

    Raises AttributeError, TypeError or NotImplementedError for a tensor that has no value yet.
    """
    value = _tensorflow().convert_to_tensor(tensor)
    if value.dtype.name == "bfloat16":  # NumPy has no such type of its own
        value = _tensorflow().cast(value, "float32")
    try:
        return np.asarray(memoryview(value))
    except ValueError:  # a dtype that the protocol does not know
        return value.numpy()


def variable_name(variable: KerasObject) -> str:
    """Return a weight's own name: `kernel`."""
    return str(variable.name).rpartition("/")[2].partition(":")[0]


@dataclass(frozen=True, slots=True)
class BoundPenalty:
    """What one of Keras 2's functions makes: the penalty of a weight. Either is None where the function is a user's."""

    variable: KerasObject | None
    regularizer: KerasObject | None


def bound_penalty(function: KerasObject) -> BoundPenalty:
    """Return the weight and the regularizer that Keras 2 tied up in a function.

    add_weight gives `add_loss` a partial with the weight, of an inner function over the regularizer, and add_loss
    wraps it in another partial.
    """
    inner = function.args[0] if isinstance(function, partial) and function.args else function
    if not isinstance(inner, partial) or not inner.args:
        return BoundPenalty(None, None)
    code = getattr(inner.func, "__code__", None)
    closure = getattr(inner.func, "__closure__", None) or ()
    held = dict(zip(code.co_freevars if code else (), (cell.cell_contents for cell in closure), strict=False))
    return BoundPenalty(inner.args[0], held.get("regularizer"))


def _is_pattern(layer: KerasObject, holder: KerasObject) -> bool:
    """Bidirectional of Keras 3.0 keeps the layer that it copied, and never uses it."""
    return type(holder).__name__ == "Bidirectional" and not layer.weights


def _walk(node: LayerNode, seen: set[int]) -> Iterator[LayerNode]:
    seen.add(id(node.layer))
    yield node
    for layer in node.layer._flatten_layers(recursive=False, include_self=False):  # noqa: SLF001
        if id(layer) not in seen and not _is_pattern(layer, node.layer):
            yield from _walk(LayerNode(layer, f"{node.path}/{layer.name}", node), seen)
