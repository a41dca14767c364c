"""From a target to a model: `path/model.py:build`, `package.module:build`, or a saved model."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from kreglint.runtime.keras_objects import KerasObject, ModelError, described, first_line, is_out_of_memory, keras_of
from kreglint.runtime.saved import ENDINGS, saved_model


def loaded_model(request: dict[str, Any]) -> KerasObject:
    """Return the model that the request names, built with its keyword arguments.

    Raises:
        ModelError: there is none. The message is one line.
    """
    target, keywords = request["target"], request["kwargs"]
    if target.endswith(ENDINGS) and ":" not in Path(target).name:
        if keywords:
            raise ModelError(f"{target} is a saved model, which takes no --kwargs")
        return saved_model(target, safe=request["safe"])
    place, name = _parts(target)
    found = _named(place, name)
    if inspect.isroutine(found) or inspect.isclass(found):
        return _model(_called(found, name, keywords), f"{name}() to return a Keras model")
    if keywords:
        raise ModelError(f"{name} is {described(found)}, which takes no --kwargs")
    return _model(found, f"{name} to be a Keras model, or a function or class that makes one")


def loaded_data(request: dict[str, Any]) -> Any:  # noqa: ANN401  arrays, datasets, generators
    """Return what the user's function for data returns; None where the request names none."""
    if request["data"] is None:
        return None
    place, name = _parts(request["data"])
    found = _named(place, name)
    return _called(found, name, {}) if callable(found) else found


def _parts(target: str) -> tuple[str, str]:
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name:
        raise ModelError(f"expected path/model.py:build, package.module:build or a saved model, received {target!r}")
    return place, name


def _named(place: str, name: str) -> KerasObject:
    module = _module_of_file(Path(place)) if place.endswith(".py") else _module(place)
    found: KerasObject = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise ModelError(f"{place} has no {name!r}{_others(module)}")
        found = getattr(found, part)
    return found


def _others(module: ModuleType) -> str:
    own = [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]
    return f"; it has the functions {', '.join(own[:10])}" if own else ""


def _module_of_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    sys.path.insert(0, str(path.parent.resolve()))
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ModelError(f"importing {path} failed: {first_line(error)}") from error
    return module


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise ModelError(f"importing {name} failed: {first_line(error)}") from error


def _called(function: KerasObject, name: str, keywords: dict[str, Any]) -> KerasObject:
    try:
        inspect.signature(function).bind(**keywords)
    except TypeError as error:
        raise ModelError(f"{name}: {error}; give arguments with --kwargs '{{\"name\": value}}'") from error
    except ValueError:
        pass  # it has no signature to look at
    try:
        return function(**keywords)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"{name}() raised {first_line(error)}") from error


def _model(value: KerasObject, expected: str) -> KerasObject:
    try:
        keras_of(value)
    except ModelError:
        raise ModelError(f"expected {expected}, received {described(value)}") from None
    return value
