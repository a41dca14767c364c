"""Which Keras an object belongs to."""

from __future__ import annotations

import importlib
import re
from types import ModuleType
from typing import Any

KerasObject = Any  # a model, layer, variable or tensor of whichever Keras the project has

_PACKAGES = ("keras", "tf_keras")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OUT_OF_MEMORY = re.compile("ResourceExhausted|RESOURCE_EXHAUSTED|can't allocate memory")
_LONGEST_TOLD = 300


class ModelError(ValueError):
    """What was given cannot be verified: one line says what was expected and received."""


def root_package(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def is_of_keras(kind: type) -> bool:
    """True if a class is one of Keras itself."""
    return root_package(kind) in _PACKAGES


def keras_of(model: KerasObject) -> ModuleType:
    """Return the Keras package that a model's class comes from.

    Raises:
        ModelError: it is no Keras model.
    """
    for kind in type(model).__mro__:
        if root_package(kind) in _PACKAGES:
            keras = importlib.import_module(root_package(kind))
            if isinstance(model, keras.Model):
                return keras
            break
    raise ModelError(f"expected a Keras model, received {described(model)}")


def described(value: object) -> str:
    """Return a value by its type, for an error message."""
    return "None" if value is None else f"{_article(type(value).__name__)} {type(value).__name__}"


def _article(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" else "a"


def is_at_least(keras: ModuleType, major: int, minor: int) -> bool:
    version = [int("".join(filter(str.isdigit, part)) or 0) for part in keras.__version__.split(".")[:2]]
    return tuple(version) >= (major, minor)


def first_line(error: BaseException) -> str:
    """Return an exception as one line: its type and the first line of its message."""
    lines = [line.strip() for line in map(one_line, _message(error).splitlines()) if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        del lines[0]  # Keras puts it before the cause
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return text if len(text) <= _LONGEST_TOLD else text[: _LONGEST_TOLD - 1] + "…"


def is_out_of_memory(error: BaseException) -> bool:
    """True if Python, NumPy or a backend could not get the memory that it wanted."""
    return isinstance(error, MemoryError) or bool(_OUT_OF_MEMORY.search(f"{type(error).__name__} {_message(error)}"))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a class of the user's own may raise there what it likes
        return ""


def one_line(text: str) -> str:
    """Return text of the user's code as a terminal can show it, without colours and control characters."""
    return "".join(each if each.isprintable() else " " for each in _COLOURS.sub("", text))
