"""Constants: literals, and arithmetic on them at a bounded cost."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import libcst as cst

Number = int | float | complex

_LONGEST_LITERAL = 10_000  # characters; a longer one is no λ and no identifier
_MOST_BITS = 256
_BINARY: dict[type[cst.BaseBinaryOp], Callable[[Any, Any], Any]] = {
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: operator.mul,
    cst.Divide: operator.truediv,
    cst.FloorDivide: operator.floordiv,
    cst.Modulo: operator.mod,
    cst.Power: operator.pow,
}
_UNARY: dict[type[cst.BaseUnaryOp], Callable[[Any], Any]] = {
    cst.Minus: operator.neg,
    cst.Plus: operator.pos,
    cst.Not: operator.not_,
    cst.BitInvert: operator.invert,
}
NAMES: dict[str, bool | None] = {"True": True, "False": False, "None": None}


class NotConstantError(Exception):
    """The expression has no constant value that is worth its cost; the message says why, in a few words."""


def literal(node: cst.CSTNode) -> object:
    """The value of a number, string or `...`. Raises NotConstantError for anything else."""
    if isinstance(node, (cst.Integer, cst.Float, cst.Imaginary)):
        if len(node.value) > _LONGEST_LITERAL:
            raise NotConstantError("a very long number")
        return node.evaluated_value
    if isinstance(node, cst.SimpleString):
        return node.evaluated_value
    if isinstance(node, cst.ConcatenatedString):
        value = node.evaluated_value
        if value is None:
            raise NotConstantError("an f-string")
        return value
    raise NotConstantError("a computed value")


def unary(operation: cst.BaseUnaryOp, value: object) -> object:
    if not isinstance(value, (int, float, complex)) and not isinstance(operation, cst.Not):
        raise NotConstantError("arithmetic on something other than numbers")
    return _attempt(_UNARY[type(operation)], value)


def binary(operation: cst.BaseBinaryOp, left: object, right: object) -> object:
    """Arithmetic on two numbers. Raises NotConstantError where the result is not a number or costs too much."""
    function = _BINARY.get(type(operation))
    if function is None or not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise NotConstantError("a computed value")
    if isinstance(operation, cst.Power) and _is_large_power(left, right):
        raise NotConstantError("a very large power")
    if isinstance(left, int) and isinstance(right, int) and _bits(left) + _bits(right) > _MOST_BITS:
        raise NotConstantError("a very large number")
    return _attempt(function, left, right)


def _is_large_power(base: float, exponent: float) -> bool:
    return isinstance(base, int) and isinstance(exponent, int) and _bits(base) * abs(exponent) > _MOST_BITS


def _bits(value: int) -> int:
    return abs(value).bit_length()


def _attempt(function: Callable[..., object], *values: object) -> object:
    try:
        return function(*values)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NotConstantError(f"arithmetic that fails ({error})") from error
