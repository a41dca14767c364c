"""Helpers of the probes: the Keras that is asked, what may go wrong in it, and exact numbers out of it."""

from __future__ import annotations

import importlib
import math
import os
import re
from types import ModuleType
from typing import Any, TypeAlias

from kreglint.versions import Version

KerasObject: TypeAlias = Any  # Keras and TensorFlow ship no types: what comes out of them is unchecked

_FIRST_OF_TF_KERAS = (2, 16)
_FACTORS = ("l1", "l2", "factor")
_PLACE = re.compile(r" at 0x[0-9a-f]+|\{\{function_node [^}]*\}\} ")


def package_of(version: Version) -> str:
    """The package that a version comes in."""
    return "tf_keras" if _FIRST_OF_TF_KERAS <= version < (3, 0) else "keras"


def import_keras(version: Version) -> ModuleType:
    """The installed Keras of a version's package, on TensorFlow.

    Raises:
        ImportError: it is not installed.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    return importlib.import_module(package_of(version))


def keras_errors() -> tuple[type[Exception], ...]:
    """What Keras and TensorFlow raise when they refuse something; anything else is a fault of the probe."""
    operation_error: type[Exception] = importlib.import_module("tensorflow").errors.OpError
    return (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
        operation_error,
    )


def message(error: Exception, value: str | None = None) -> str:
    """The line of an exception that says what is wrong, the value in it written as {value}.

    That is the first one, or the last one where TensorFlow put the user's code before it. Memory addresses
    and graph nodes are left out.
    """
    text = str(error).replace(value, "{value}") if value else str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    line = lines[-1] if lines[0] == "in user code:" else lines[0]
    return _PLACE.sub("", line)


def as_written(number: KerasObject) -> float | None:
    """A factor as a person wrote it: Keras may hold it in float32. None for what is no finite number."""
    if number is None:
        return None
    value = float(number)
    return float(f"{value:.7g}") if math.isfinite(value) else None


def rounded(penalty: float) -> float | None:
    """A computed penalty to 5 significant digits, which float32 holds. None for what is no finite number."""
    return float(f"{penalty:.5g}") if math.isfinite(penalty) else None


def described(regularizer: object) -> dict[str, Any]:
    """Kind and factors of a regularizer; the base class, which adds nothing, has the kind "none"."""
    kind = type(regularizer).__name__
    factors = {name: as_written(getattr(regularizer, name, None)) for name in _FACTORS}
    known = {name: factor for name, factor in factors.items() if factor is not None}
    return {"kind": "none" if kind == "Regularizer" else kind, **known}
