"""What loading a saved model would run or import: its configuration is read for that before Keras sees it.

Keras' own safe mode came step by step. What tf_keras 2.21 and Keras 3.0 load without a word, such as a function of any
module of Python, is refused here for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = Any

_KERAS = {"keras", "tf_keras", "keras_hub", "keras_cv", "keras_nlp"}  # what Keras 3.15 imports from in safe mode
_NO_PARTS = {"config", "datasets", "file_utils", "saving", "utils"}  # modules of Keras that are no parts of a model
_PARTS_ALL_THE_SAME = {"FeatureSpace"}
_LAMBDAS = ("function", "output_shape", "mask")  # of a Lambda layer's configuration
_CARRIERS = {"TorchModuleWrapper": "a pickled Torch module", "TFSMLayer": "a layer that loads another file"}
_REACHING_OUT = ("io.", "raw_ops.", "saved_model.", "data.", "summary.", "compat.", "load_")  # functions of TensorFlow
_LONGEST_NAME = 80


def danger(config: Json) -> str | None:
    """Return the first thing in a configuration that is code, or names code that is not Keras'.

    None where there is none.
    """
    return next((found for each in _objects(config) if (found := _in_object(each))), None)


def outside(config: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the classes and functions outside Keras that a configuration names: module, name, registered name."""
    for described in _objects(config):
        kind, module = described.get("class_name"), described.get("module")
        if isinstance(kind, str) and isinstance(module, str) and not _is_keras(module, kind):
            name = _name(described, kind)
            yield module, name, str(described.get("registered_name") or name)


def names_of_keras(config: Json) -> Iterator[str]:
    """Yield what a configuration calls the classes of Keras that it names."""
    for described in _objects(config):
        kind, module = described.get("class_name"), described.get("module")
        if isinstance(kind, str) and isinstance(module, str) and _is_keras(module, kind):
            yield kind


def _objects(config: Json) -> Iterator[dict[str, Json]]:
    left = [config]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            yield value
            left += value.values()
        elif isinstance(value, list):
            left += value


def _in_object(described: dict[str, Json]) -> str | None:
    kind, inner, module = (described.get(key) for key in ("class_name", "config", "module"))
    if not isinstance(kind, str):
        return None
    if kind == "__lambda__" or (kind == "Lambda" and isinstance(inner, dict) and _holds_lambda(inner)):
        what = "a lambda" if kind == "__lambda__" else "a Lambda layer"
        return f"it holds Python code ({what}), which loading would run"
    if kind in _CARRIERS:
        return f"it holds Python code ({_CARRIERS[kind]}), which loading would run"
    if kind in ("TFOpLambda", "SlicingOpLambda") and isinstance(inner, dict):
        function = str(inner.get("function"))
        if function.startswith(_REACHING_OUT):
            return f"it calls tf.{_short(function)}, which is no part of a model"
    if isinstance(module, str) and not _is_keras(module, kind):
        name = _short(f"{module}.{_name(described, kind)}")
        return f"it names code outside Keras ({name}), which loading would import"
    return None


def _name(described: dict[str, Json], kind: str) -> str:
    return str(described.get("config") if kind == "function" else described.get("spec_name", kind))


def _holds_lambda(config: dict[str, Json]) -> bool:
    return isinstance(config.get("function"), list) or any(config.get(f"{name}_type") == "lambda" for name in _LAMBDAS)


def _is_keras(module: str, kind: str) -> bool:
    root, *inner = module.split(".")
    if kind == "__typespec__":
        return root in ("tensorflow", "keras", "tf_keras")
    if root == "builtins":
        return kind == "function"  # Keras looks these up by name among its own
    return root in _KERAS and (kind in _PARTS_ALL_THE_SAME or not _NO_PARTS & set(inner))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
