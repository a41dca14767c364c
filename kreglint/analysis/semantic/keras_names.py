"""Keras' own name for a dotted path, whichever of Keras' many homes it was imported from."""

from __future__ import annotations

import re
from functools import lru_cache

# Longest first: a path belongs to the first root that it starts with.
_ROOTS = (
    "tensorflow.python.keras.api._v1.keras",
    "tensorflow.python.keras.api._v2.keras",
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow.contrib.keras.python.keras",
    "tensorflow.contrib.keras.api.keras",
    "tensorflow.contrib.keras",
    "tensorflow.python.keras",
    "tensorflow.keras",
    "keras.api._v1.keras",
    "keras.api._v2.keras",
    "keras.api",
    "keras.src",
    "tf_keras.api._v1.keras",
    "tf_keras.api._v2.keras",
    "tf_keras.api",
    "tf_keras.src",
    "tf_keras",
    "keras",
)
_ROOT = re.compile(rf"(?:{'|'.join(map(re.escape, _ROOTS))})(?:\.|\Z)")
_KERAS_2_ROOTS = ("tf_keras", "tensorflow.python.keras", "tensorflow.contrib", "tensorflow.compat.v1")
_CLASS_PACKAGES = ("layers", "regularizers", "constraints", "initializers")

# Modules that only one major has: Keras 3.0 added the first, and dropped the others.
_KERAS_3_MODULES = ("ops", "random", "distribution", "tree", "dtype_policies", "quantizers")
_KERAS_2_MODULES = (
    "engine",
    "layers.advanced_activations",
    "layers.convolutional",
    "layers.convolutional_recurrent",
    "layers.core",
    "layers.embeddings",
    "layers.local",
    "layers.merge",
    "layers.noise",
    "layers.normalization",
    "layers.pooling",
    "layers.recurrent",
    "layers.wrappers",
    "utils.generic_utils",
    "utils.np_utils",
    "utils.vis_utils",
    "wrappers.scikit_learn",
)


@lru_cache(maxsize=4096)
def canonical(path: str) -> str | None:
    """Return `keras.layers.Conv2D` for any path to that class, None for what is not of Keras.

    The modules inside Keras' packages are left out: they moved from version to version
    (`keras.layers.core.Dense`, `keras.src.layers.core.dense.Dense`).
    """
    rest = _below_root(path)
    if rest is None:
        return None
    package, _, inner = rest.partition(".")
    if package not in _CLASS_PACKAGES or not inner:
        return f"keras.{rest}" if rest else "keras"
    return f"keras.{package}.{_from_first_class(inner)}"


def _below_root(path: str) -> str | None:
    root = _ROOT.match(path)
    return path[root.end() :] if root is not None else None


def _from_first_class(inner: str) -> str:
    """Return the part from the first class name on, or else the last name (a function such as `l2`)."""
    parts = inner.split(".")
    for index, part in enumerate(parts):
        if part[:1].isupper():
            return ".".join(parts[index:])
    return parts[-1]


def keras_root(path: str) -> str:
    """Return the package that a path of Keras is reached by: `tensorflow.keras` for `tensorflow.keras.layers.Dense`."""
    parts = path.split(".")
    end = next((index for index, part in enumerate(parts) if part in ("keras", "tf_keras")), 0)
    return ".".join(parts[: end + 1])


@lru_cache(maxsize=4096)
def proven_major(path: str) -> int | None:
    """Return the one major of Keras that has `path`, where the path alone tells."""
    if any(_is_below(path, root) for root in _KERAS_2_ROOTS):
        return 2
    rest = _below_root(path)
    if not rest or path.startswith(("keras.src", "keras.api")):
        return None
    if rest.split(".", 1)[0] in _KERAS_3_MODULES and path.startswith("keras."):
        return 3
    if any(_is_below(rest, module) for module in _KERAS_2_MODULES):
        return 2
    return None


def _is_below(path: str, module: str) -> bool:
    """True if the path is of the module, not merely of one whose name starts alike (`tf_keras_vis`)."""
    return path.startswith(module) and path[len(module) : len(module) + 1] in ("", ".")
