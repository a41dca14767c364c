"""One training step on zeros, where nothing but the penalty moves a model without biases."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import weights


def is_trained(subject: Any, namespace: Mapping[str, Any]) -> bool:
    """Whether the program shows how its model is trained: by `step(x, y)`."""
    return subject is namespace.get("model") and "step" in namespace


def moved(model: Any, inputs: list[Any], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """By how much one step moves the weights, summed, as an answer of the worker; the values are those before it."""
    samples = [np.zeros_like(each) for each in inputs]
    targets = np.zeros_like(weights.array(model(*inputs)))
    before = _values(model)
    namespace["step"](samples[0], targets)
    after = _values(model)
    total = sum(float(np.sum(np.abs(after[name] - before[name]))) for name in before)
    return {"penalty": total, "terms": 0, "trained": True, "values": {n: v.tolist() for n, v in before.items()}}


def _values(model: Any) -> dict[str, Any]:
    return {name: np.array(weights.array(weight), "float64") for name, weight in weights.named(model).items()}
