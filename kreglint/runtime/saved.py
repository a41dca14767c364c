"""Saved models: `.keras`, `.h5`, and the architecture alone as `.json`. Safe mode stays on unless it is waived."""

from __future__ import annotations

import importlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from kreglint.runtime.keras_objects import KerasObject, ModelError, first_line

ENDINGS = (".keras", ".h5", ".hdf5", ".json")
_UNSAFE = "it holds Python code ({what}), which loading would run; --unsafe-load loads it all the same"


def saved_model(path: str, *, safe: bool) -> KerasObject:
    """The model of a file, compiled if it was.

    Raises:
        ModelError: there is no such file, it is damaged or not safe, or Keras cannot load it.
    """
    if not Path(path).is_file():
        raise ModelError(f"{path}: no such file")
    version, config = _read(path)
    if safe:
        _refuse_code(path, config)
    keras = _keras_for(path, version)
    try:
        return _loaded(path, keras, safe=safe)
    except MemoryError:
        raise
    except Exception as error:
        text = first_line(error)
        hint = f"; {_UNSAFE.format(what='a lambda')}" if safe and "safe" in str(error).lower() else ""
        raise ModelError(f"{path}: Keras {keras.__version__} cannot load it: {text}{hint}") from error


def _loaded(path: str, keras: ModuleType, *, safe: bool) -> KerasObject:
    if path.endswith(".json"):
        text = Path(path).read_text(encoding="utf-8")
        if safe:
            return keras.models.model_from_json(text)
        keras.config.enable_unsafe_deserialization()
        return keras.models.model_from_json(text)
    try:
        return keras.models.load_model(path, safe_mode=safe)
    except (TypeError, ValueError):
        return keras.models.load_model(path, safe_mode=safe, compile=False)


def _read(path: str) -> tuple[str | None, Any]:
    """The version of Keras that wrote a file, where it says so, and the configuration that it holds."""
    try:
        if path.endswith(".keras"):
            with zipfile.ZipFile(path) as archive:
                metadata = json.loads(archive.read("metadata.json"))
                return metadata.get("keras_version"), json.loads(archive.read("config.json"))
        if path.endswith(".json"):
            config = json.loads(Path(path).read_text(encoding="utf-8"))
            return config.get("keras_version"), config
        return _read_h5(path)
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError, OSError, EOFError) as error:
        raise ModelError(f"{path}: no whole saved model: {first_line(error)}") from error


def _read_h5(path: str) -> tuple[str | None, Any]:
    h5py = importlib.import_module("h5py")
    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            raise ModelError(f"{path}: expected a whole model, received weights alone")
        version = file.attrs.get("keras_version")
        return _text(version), json.loads(_text(file.attrs["model_config"]) or "null")


def _text(value: bytes | str | None) -> str | None:
    return value.decode() if isinstance(value, bytes) else value


def _refuse_code(path: str, config: Any) -> None:  # noqa: ANN401  JSON
    for each in _objects(config):
        kind, inner = each.get("class_name"), each.get("config")
        if kind == "__lambda__":
            raise ModelError(f"{path}: {_UNSAFE.format(what='a lambda')}")
        if kind == "Lambda" and isinstance(inner, dict) and isinstance(inner.get("function"), list):
            raise ModelError(f"{path}: {_UNSAFE.format(what='a Lambda layer')}")


def _objects(config: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  JSON
    left = [config]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            yield value
            left += value.values()
        elif isinstance(value, list):
            left += value


def _keras_for(path: str, version: str | None) -> ModuleType:
    """The Keras of the project that reads what this version wrote."""
    if version is None or not version.startswith("2."):
        return _imported("keras", path)
    try:
        return importlib.import_module("tf_keras")
    except ModuleNotFoundError:
        return _imported("keras", path)


def _imported(name: str, path: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelError(f"{path}: {name} cannot be imported: {first_line(error)}") from error
