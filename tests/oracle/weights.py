"""The weights of a layer or model under the names that a claim's formula uses."""

import zlib
from collections import Counter
from typing import Any

import numpy as np


def array(tensor: Any) -> Any:
    """A tensor or variable of any backend as a NumPy array."""
    return np.asarray(tensor.detach() if hasattr(tensor, "detach") else tensor)


def assign_random(subject: Any) -> None:
    """Set every float weight to random numbers of size 0.1 to 1, the same for the same name and shape."""
    for name, weight in named(subject).items():
        weight.assign(_random(name, tuple(weight.shape)).astype(array(weight).dtype))


def named(subject: Any) -> dict[str, Any]:
    """The float weights by name; where several share one they are numbered: `kernel0`, `kernel1`."""
    weights = [each for each in subject.weights if np.issubdtype(array(each).dtype, np.floating)]
    return numbered([(_own_name(weight), weight) for weight in weights])


def numbered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make repeated names distinct by a number, counted from 0 in the order given."""
    total, seen = Counter(name for name, _ in pairs), Counter[str]()
    found = {}
    for name, value in pairs:
        found[name if total[name] == 1 else f"{name}{seen[name]}"] = value
        seen[name] += 1
    return found


def _own_name(weight: Any) -> str:
    return str(weight.name).rpartition("/")[2].partition(":")[0]


def _random(name: str, shape: tuple[int, ...]) -> Any:
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    size = generator.uniform(0.1, 1.0, shape)
    sign = 1.0 if "variance" in name else generator.choice([-1.0, 1.0], shape)
    return size * sign
