"""A batch to feed a model: the user's own, or one made up from the shapes that the model states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kreglint.runtime.formulas import Array
from kreglint.runtime.keras_objects import KerasObject, ModelError
from kreglint.runtime.live import Live

Nested = Any  # arrays, tensors or shapes: one, or lists and dicts of them

BATCH, UNKNOWN_SIZE = 2, 32
_MOST_SAMPLES = 32


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs and targets, of any nesting, and the sample weights. `synthetic`: made up."""

    x: Nested
    y: Nested = None
    sample_weight: Nested = None
    synthetic: bool = True

    @property
    def data(self) -> tuple[Nested, ...]:
        """As `train_step` gets it."""
        if self.sample_weight is not None:
            return self.x, self.y, self.sample_weight
        return (self.x,) if self.y is None else (self.x, self.y)


def given_batch(data: Nested) -> Batch:
    """Return the first batch of the user's data: `x`, `(x, y)` or `(x, y, sample_weight)`, or anything that gives such.

    Raises:
        ModelError: there is nothing in it.
    """
    if not _is_arrays(data):
        data = next(iter(data), None)
    if data is None:
        raise ModelError("expected data with at least one batch, received none")
    parts = data if isinstance(data, tuple) else (data,)
    if len(parts) > 3:
        raise ModelError(f"expected data as x, (x, y) or (x, y, sample_weight), received {len(parts)} parts")
    return Batch(*(_first_samples(each) for each in parts), synthetic=False)  # type: ignore[misc]


def synthetic_inputs(live: Live, shape: tuple[int | None, ...] | None = None) -> Nested:
    """Return random inputs of the shapes that a built model states, or of the given shape, the batch size included.

    Raises:
        ModelError: the model states no shape, or wants what no random number is.
    """
    if shape is not None:
        return _random(shape, "float32", live)
    if getattr(live.model, "inputs", None):
        return _like(_structure(live.model), live)
    stated = _built_shape(live.model)
    if stated is None:
        raise ModelError("the model states no shape of its inputs: build it, or give data")
    return _random_tree(stated, live)


def synthetic_targets(live: Live, outputs: Nested) -> Nested:
    """Return random targets of the outputs' shapes, such as the model's losses want."""
    if isinstance(outputs, Mapping):
        return {key: _target(live, each, _loss_of(live, key)) for key, each in outputs.items()}
    if isinstance(outputs, list | tuple):
        return [_target(live, each, _loss_of(live, index)) for index, each in enumerate(outputs)]
    return _target(live, outputs, _loss_of(live, 0))


def as_tensors(tree: Nested, live: Live) -> Nested:
    """Return the same nesting with tensors of the model's backend for its arrays."""
    if isinstance(tree, Mapping):
        return {key: as_tensors(each, live) for key, each in tree.items()}
    if isinstance(tree, tuple):
        return tuple(as_tensors(each, live) for each in tree)
    if isinstance(tree, list) and any(hasattr(each, "shape") for each in tree):
        return [as_tensors(each, live) for each in tree]
    return None if tree is None else live.tensor(tree)


def _is_arrays(data: Nested) -> bool:
    return hasattr(data, "shape") or isinstance(data, tuple | list | Mapping)


def _first_samples(part: Nested) -> Nested:
    if isinstance(part, Mapping):
        return {key: _first_samples(each) for key, each in part.items()}
    if isinstance(part, list | tuple) and any(hasattr(each, "shape") for each in part):
        return [_first_samples(each) for each in part]
    return None if part is None else np.asarray(part[:_MOST_SAMPLES])


def _structure(model: KerasObject) -> Nested:
    """Return the inputs nested as a call wants them: `_inputs_struct` of Keras 3, `_nested_inputs` of Keras 2."""
    for name in ("_inputs_struct", "_nested_inputs"):
        if getattr(model, name, None) is not None:
            return getattr(model, name)
    return model.inputs if len(model.inputs) > 1 else model.inputs[0]


def _like(specification: Nested, live: Live) -> Nested:
    if isinstance(specification, Mapping):
        return {key: _like(each, live) for key, each in specification.items()}
    if isinstance(specification, list | tuple):
        made = [_like(each, live) for each in specification]
        return made[0] if len(made) == 1 else made
    return _random(tuple(specification.shape), live.dtype(specification), live)


def _built_shape(model: KerasObject) -> Nested:
    """Return the shape that a model without symbolic inputs was built with: one, or a list or dict of them."""
    shapes = getattr(model, "_build_shapes_dict", None)
    if shapes:
        return next(iter(shapes.values())) if len(shapes) == 1 else shapes
    return getattr(model, "_build_input_shape", None)


def _random_tree(shapes: Nested, live: Live) -> Nested:
    if isinstance(shapes, Mapping):
        return {key: _random_tree(each, live) for key, each in shapes.items()}
    sizes = tuple(shapes)
    if all(size is None or isinstance(size, int) for size in sizes):
        return _random(sizes, "float32", live)
    return [_random_tree(each, live) for each in sizes]


def _random(shape: tuple[int | None, ...], dtype: str, live: Live) -> Array:
    if dtype == "string":
        raise ModelError("the model wants text, which cannot be made up: give data")
    sizes = (shape[0] or BATCH, *(size or UNKNOWN_SIZE for size in shape[1:])) if shape else (BATCH,)
    generator = np.random.default_rng(len(sizes))
    below = _smallest_vocabulary(live)
    if below is not None and (len(sizes) <= 2 or "int" in dtype):
        return generator.integers(0, below, sizes).astype("int32" if "float" in dtype else dtype)
    if "int" in dtype or dtype == "bool":
        return generator.integers(0, 2, sizes).astype(dtype)
    return generator.uniform(-1.0, 1.0, sizes).astype("float32")


def _smallest_vocabulary(live: Live) -> int | None:
    sizes = [node.layer.input_dim for node in live.nodes if node.kind == "Embedding"]
    return min(sizes, default=None)


def _loss_of(live: Live, key: Nested) -> str:
    """Return the name of the loss of one output, in lower case without underscores."""
    loss = getattr(live.model, "loss", None)
    if isinstance(loss, Mapping):
        loss = loss.get(key) if key in loss else next(iter(loss.values()), None)
    elif isinstance(loss, list | tuple):
        loss = loss[key] if isinstance(key, int) and key < len(loss) else None
    name = loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")
    return str(name).lower().replace("_", "")


def _target(live: Live, output: Nested, loss: str) -> Array:
    sizes = tuple(output.shape)
    generator = np.random.default_rng(len(sizes))
    if "sparse" in loss:
        return generator.integers(0, sizes[-1], sizes[:-1]).astype("int32")
    if "categorical" in loss or "kl" in loss:
        return np.eye(sizes[-1], dtype="float32")[generator.integers(0, sizes[-1], sizes[:-1])]
    if "binary" in loss or "hinge" in loss:
        return generator.integers(0, 2, sizes).astype("float32")
    return generator.uniform(-1.0, 1.0, sizes).astype("float32")
