"""Saved models: `.keras`, `.h5`, and the architecture alone as `.json`. Safe mode stays on unless it is waived."""

from __future__ import annotations

import importlib
import json
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from kreglint.runtime.keras_objects import KerasObject, ModelError, first_line, is_out_of_memory, one_line
from kreglint.runtime.live import code_allowed
from kreglint.runtime.safety import danger, names_of_keras, outside

_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError, OSError, EOFError, RuntimeError)
ENDINGS = (".keras", ".h5", ".hdf5", ".json")
_ALL_THE_SAME = "; --unsafe-load loads it all the same"


def saved_model(path: str, *, safe: bool) -> KerasObject:
    """Return the model of a file, compiled if it was.

    Raises:
        ModelError: there is no such file, it is damaged or not safe, or Keras cannot load it.
    """
    if not Path(path).is_file():
        raise ModelError(f"{path}: no such file")
    version, config = _read(path)
    found = danger(config) if safe else None
    if found is not None:
        raise ModelError(f"{path}: {one_line(found)}{_ALL_THE_SAME}")
    keras = _keras_for(path, version)
    try:
        if safe:
            return _loaded(path, keras, safe=True)
        with code_allowed(keras), keras.utils.custom_object_scope(_named(config)):
            return _loaded(path, keras, safe=False)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        text = first_line(error)
        hint = _ALL_THE_SAME if safe and "safe" in str(error).lower() else ""
        raise ModelError(f"{path}: Keras {keras.__version__} cannot load it: {text}{hint}") from error


def _loaded(path: str, keras: ModuleType, *, safe: bool) -> KerasObject:
    if path.endswith(".json"):
        return keras.models.model_from_json(Path(path).read_text(encoding="utf-8"))
    try:
        return keras.models.load_model(path, safe_mode=safe)
    except (TypeError, ValueError):
        return keras.models.load_model(path, safe_mode=safe, compile=False)


def _named(config: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """Return the user's classes and functions that a configuration names: Keras finds only those it is told of."""
    found = {}
    taken = set(names_of_keras(config))  # under which Keras has something of its own, as the operation `Add`
    for module, name, known_as in outside(config):
        with suppress(ImportError, AttributeError):  # Keras will say what it misses
            found[known_as] = getattr(importlib.import_module(module), name)
            if name not in taken:
                found[name] = found[known_as]
    return found


def _read(path: str) -> tuple[str | None, Any]:
    """Return the version of Keras that wrote a file, where it says so, and the configurations that it holds."""
    try:
        if path.endswith(".keras"):
            with zipfile.ZipFile(path) as archive:
                metadata = json.loads(archive.read("metadata.json"))
                return metadata.get("keras_version"), json.loads(archive.read("config.json"))
        if path.endswith(".json"):
            config = json.loads(Path(path).read_text(encoding="utf-8"))
            return config.get("keras_version"), config
        return _read_h5(path)
    except _DAMAGED as error:
        raise ModelError(f"{path}: no whole saved model: {first_line(error)}") from error


def _read_h5(path: str) -> tuple[str | None, Any]:
    h5py = importlib.import_module("h5py")
    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            raise ModelError(f"{path}: expected a whole model, received weights alone")
        configs = [file.attrs.get(name) for name in ("model_config", "training_config")]
        return _text(file.attrs.get("keras_version")), [json.loads(_text(each) or "null") for each in configs]


def _text(value: bytes | str | None) -> str | None:
    return value.decode() if isinstance(value, bytes) else value


def _keras_for(path: str, version: str | None) -> ModuleType:
    """Return the Keras of the project that reads what this version wrote."""
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
