"""Constants: literals, and arithmetic on them at a bounded cost."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable
from typing import Any

import libcst as cst

_LONGEST_NUMBER = 1_000  # characters; a longer one is no λ
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
PLAIN: dict[type[cst.BaseAugOp], cst.BaseBinaryOp] = {
    cst.AddAssign: cst.Add(),
    cst.SubtractAssign: cst.Subtract(),
    cst.MultiplyAssign: cst.Multiply(),
    cst.DivideAssign: cst.Divide(),
    cst.PowerAssign: cst.Power(),
    cst.BitOrAssign: cst.BitOr(),
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
        if len(node.value) > _LONGEST_NUMBER:
            raise NotConstantError("a very long number")
        return _read(node.value)
    if isinstance(node, cst.SimpleString):
        return _read(node.value)
    if isinstance(node, cst.ConcatenatedString):
        return _concatenated(node)
    raise NotConstantError("a computed value")


def string_of(node: cst.CSTNode | None) -> str | None:
    """The text of a string literal; None for anything else, bytes and what Python rejects among it.

    libcst's `evaluated_value` raises for the latter, and warns of escapes. Most strings have none.
    """
    if not isinstance(node, cst.SimpleString) or "b" in node.prefix:
        return None
    content = node.raw_value
    if "\\" not in content or "r" in node.prefix:
        return content
    try:
        return str(_read(node.value))
    except NotConstantError:
        return None


def _concatenated(node: cst.ConcatenatedString) -> str | bytes:
    parts: list[object] = []
    rest: cst.BaseExpression = node
    while isinstance(rest, cst.ConcatenatedString):
        parts.append(literal(rest.left))
        rest = rest.right
    parts.append(literal(rest))
    strings = [part for part in parts if isinstance(part, str)]
    if strings and len(strings) < len(parts):
        raise NotConstantError("a mixture of bytes and text")
    return "".join(strings) if strings else b"".join(part for part in parts if isinstance(part, bytes))


def _read(text: str) -> object:
    """The value of one literal, silently where Python would warn of an escape that is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.literal_eval(text)
        except (SyntaxError, ValueError) as error:  # a bad escape, or more digits than Python reads
            raise NotConstantError("a literal that Python rejects") from error


def unary(operation: cst.BaseUnaryOp, value: object) -> object:
    if not isinstance(value, (int, float, complex)) and not isinstance(operation, cst.Not):
        raise NotConstantError("arithmetic on something other than numbers")
    if isinstance(operation, cst.BitInvert) and isinstance(value, bool):
        value = int(value)  # the same, without the warning that it is rarely meant
    return _attempt(_UNARY[type(operation)], value)


def binary(operation: cst.BaseBinaryOp, left: object, right: object) -> object:
    """Arithmetic on two numbers. Raises NotConstantError where the result is not a number or costs too much."""
    if isinstance(operation, cst.Add) and isinstance(left, str) and isinstance(right, str):
        return _joined(left, right)
    function = _BINARY.get(type(operation))
    if function is None or not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise NotConstantError("a computed value")
    if isinstance(operation, cst.Power) and _is_large_power(left, right):
        raise NotConstantError("a very large power")
    if isinstance(left, int) and isinstance(right, int) and _bits(left) + _bits(right) > _MOST_BITS:
        raise NotConstantError("a very large number")
    return _attempt(function, left, right)


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > _LONGEST_NUMBER:
        raise NotConstantError("a very long string")
    return left + right


def shown(value: object) -> str:
    """What an f-string makes of a constant without a format."""
    if isinstance(value, int) and _bits(value) > _MOST_BITS:
        raise NotConstantError("a very large number")
    return str(value)


def _is_large_power(base: float, exponent: float) -> bool:
    return isinstance(base, int) and isinstance(exponent, int) and _bits(base) * abs(exponent) > _MOST_BITS


def _bits(value: int) -> int:
    return abs(value).bit_length()


def _attempt(function: Callable[..., object], *values: object) -> object:
    try:
        return function(*values)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NotConstantError("arithmetic that fails") from error
