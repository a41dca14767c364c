"""What a value is as a factor λ."""

from __future__ import annotations

import math

from kreglint.facts.values import Const, Construct, Mapping, Sequence, Value

_FOREIGN = {
    "tensorflow.constant": "tensor",
    "tensorflow.convert_to_tensor": "tensor",
    "tensorflow.Variable": "variable",
    "tensorflow.zeros": "tensor",
    "tensorflow.ones": "tensor",
    "keras.backend.constant": "tensor",
    "keras.backend.variable": "variable",
    "keras.ops.convert_to_tensor": "tensor",
    "keras.Variable": "variable",
    "decimal.Decimal": "Decimal",
    "fractions.Fraction": "Fraction",
    "numpy.array": "np.array",
    "numpy.asarray": "np.array",
    "numpy.bool_": "np.bool",
    "numpy.float16": "np.float16",
    "numpy.float32": "np.float32",
    "numpy.float64": "np.float64",
    "numpy.double": "np.float64",
    "numpy.int32": "np.int32",
    "numpy.int64": "np.int64",
}
_REJECTED_FLOATS = ("nan", "inf", "negative")
_MOST_BITS = 1024  # of an integer that a float can be
TOO_LARGE = "too large for a float"
_LARGEST_FLOAT32 = 3.4028234663852886e38


def number(value: Value) -> float | None:
    """Return the number that Keras sees as λ; bools count as Python counts them. None for what is no known number."""
    if isinstance(value, Construct) and _foreign_kind(value) == "np.float64" and len(value.positional) == 1:
        return number(value.positional[0].value)
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        try:
            return float(value.value)
        except OverflowError:
            return math.inf
    return None


def factor_kind(value: Value) -> str | None:
    """Return the catalog's word for a value given as λ ("negative", "none", "np.float32", …); None if not known."""
    match value:
        case Const(value=None):
            return "none"
        case Const(value=bool(given)):
            return "bool_true" if given else "bool_false"
        case Const(value=str() | bytes() | complex() as given):
            return type(given).__name__
        case Const(value=int(given)) if given.bit_length() > _MOST_BITS:
            return TOO_LARGE
        case Const():
            return _number_kind(number(value) or 0.0)
        case Sequence(kind=kind):
            return kind
        case Mapping():
            return "dict"
        case Construct():
            return _kind_of_foreign(value)
        case _:
            return None


def _number_kind(given: float) -> str:
    if math.isnan(given):
        return "nan"
    if math.isinf(given):
        return "inf"
    if given < 0:
        return "negative"
    if given > _LARGEST_FLOAT32:
        return "huge"
    if given == 0:
        return "zero"
    if given == 1:
        return "one"
    return "above_one" if given > 1 else "usual"


def _kind_of_foreign(value: Construct) -> str | None:
    """np.float64 is a float, so that it is rejected where a float of its value is."""
    given = number(value)
    kind = _number_kind(given) if given is not None else None
    return kind if kind in _REJECTED_FLOATS else _foreign_kind(value)


def _foreign_kind(value: Construct) -> str | None:
    return _FOREIGN.get(value.symbol.canonical or value.symbol.path)
