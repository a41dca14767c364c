"""The value and the gradient of a regularizer of the user's own, by the backend itself, apart from any model."""

from __future__ import annotations

import importlib
import math

from kreglint.runtime.formulas import Array
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live


def own_gradient(regularizer: KerasObject, variable: KerasObject, live: Live) -> Array | None:
    """∂penalty/∂w at what the variable holds; None where it has none."""
    try:
        found = _GRADIENTS[live.backend](regularizer, variable)
    except Exception:  # it is the user's code
        return None
    return None if found is None else live.dense_array(found)


def own_penalty(regularizer: KerasObject, weights: Array, live: Live) -> float | None:
    """Return what it gives for an array; None where it gives no number."""
    try:
        found = live.total(regularizer(live.tensor(weights)))
    except Exception:  # it is the user's code
        return None
    return found if math.isfinite(found) else None


def _by_tensorflow(regularizer: KerasObject, variable: KerasObject) -> KerasObject:
    tensorflow = importlib.import_module("tensorflow")
    weights = tensorflow.convert_to_tensor(variable)
    with tensorflow.GradientTape() as tape:
        tape.watch(weights)
        penalty = regularizer(weights)
    return tape.gradient(penalty, weights)


def _by_jax(regularizer: KerasObject, variable: KerasObject) -> KerasObject:
    return importlib.import_module("jax").grad(lambda weights: regularizer(weights).sum())(variable.value)


def _by_torch(regularizer: KerasObject, variable: KerasObject) -> KerasObject:
    weights = variable.value.detach().clone().requires_grad_(True)
    regularizer(weights).sum().backward()
    return weights.grad


_GRADIENTS = {"tensorflow": _by_tensorflow, "jax": _by_jax, "torch": _by_torch}
