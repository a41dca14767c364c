"""Constants: literals, and arithmetic on them at a bounded cost."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from kreglint.analysis import bounds
from kreglint.analysis.syntax import nodes

_BINARY: dict[type[nodes.BinaryOperator], Callable[[Any, Any], Any]] = {
    nodes.Add: operator.add,
    nodes.Subtract: operator.sub,
    nodes.Multiply: operator.mul,
    nodes.Divide: operator.truediv,
    nodes.FloorDivide: operator.floordiv,
    nodes.Modulo: operator.mod,
    nodes.Power: operator.pow,
}
_UNARY: dict[type[nodes.UnaryOperator], Callable[[Any], Any]] = {
    nodes.Minus: operator.neg,
    nodes.Plus: operator.pos,
    nodes.Not: operator.not_,
    nodes.BitInvert: operator.invert,
}
NAMES: dict[str, bool | None] = {"True": True, "False": False, "None": None}


class NotConstantError(Exception):
    """The expression has no constant value that is worth its cost; the message says why, in a few words."""


def literal(node: nodes.Node) -> object:
    """Return the value of a number, string or `...`. Raises NotConstantError for anything else."""
    if isinstance(node, nodes.Opaque):
        raise NotConstantError(node.reason)
    if not isinstance(node, nodes.Literal):
        raise NotConstantError("a computed value")
    if isinstance(node.value, int) and _bits(node.value) > bounds.WRITTEN_BITS:
        raise NotConstantError("a very long number")
    return node.value


def string_of(node: nodes.Node | None) -> str | None:
    """Return the text of a string literal; None for anything else, bytes among it."""
    return node.value if isinstance(node, nodes.SimpleString) and isinstance(node.value, str) else None


def unary(operation: nodes.UnaryOperator, value: object) -> object:
    if not isinstance(value, (int, float, complex)) and not isinstance(operation, nodes.Not):
        raise NotConstantError("arithmetic on something other than numbers")
    if isinstance(operation, nodes.BitInvert) and isinstance(value, bool):
        value = int(value)  # the same, without the warning that it is rarely meant
    return _attempt(_UNARY[type(operation)], value)


def binary(operation: nodes.BinaryOperator, left: object, right: object) -> object:
    """Work out arithmetic on two numbers. Raises NotConstantError if the result is not a number or costs too much."""
    if isinstance(operation, nodes.Add) and isinstance(left, str) and isinstance(right, str):
        return _joined(left, right)
    function = _BINARY.get(type(operation))
    if function is None or not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise NotConstantError("a computed value")
    if isinstance(operation, nodes.Power) and _is_large_power(left, right):
        raise NotConstantError("a very large power")
    if isinstance(left, int) and isinstance(right, int) and _bits(left) + _bits(right) > bounds.BITS:
        raise NotConstantError("a very large number")
    return _attempt(function, left, right)


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > bounds.STRING:
        raise NotConstantError("a very long string")
    return left + right


def shown(value: object) -> str:
    """Return what an f-string makes of a constant without a format."""
    if isinstance(value, int) and _bits(value) > bounds.BITS:
        raise NotConstantError("a very large number")
    return str(value)


def _is_large_power(base: float, exponent: float) -> bool:
    return isinstance(base, int) and isinstance(exponent, int) and _bits(base) * abs(exponent) > bounds.BITS


def _bits(value: int) -> int:
    return abs(value).bit_length()


def _attempt(function: Callable[..., object], *values: object) -> object:
    try:
        return function(*values)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NotConstantError("arithmetic that fails") from error
