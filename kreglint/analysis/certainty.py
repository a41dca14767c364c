"""What a value tells of itself: its truth, where it comes from, and how sure it is."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import libcst as cst

from kreglint.facts.values import Const, Construct, Function, Mapping, OneOf, Resolution, Sequence, Symbol, Value


def truth(value: Value) -> bool | None:
    """Whether the value counts as true, None where that is not known."""
    match value:
        case Const(value=given):
            return bool(given)
        case Construct() if is_regularizer(value):
            return True
        case Function(kind="function" | "lambda" | "class"):
            return True
        case Sequence(kind="tuple", items=items):
            return bool(items)
        case Mapping(complete=True, entries=entries):
            return bool(entries)
        case _:
            return None


_ORDERS: dict[type[cst.BaseCompOp], Callable[[Any, Any], bool]] = {
    cst.LessThan: operator.lt,
    cst.LessThanEqual: operator.le,
    cst.GreaterThan: operator.gt,
    cst.GreaterThanEqual: operator.ge,
}


def compared(operation: cst.BaseCompOp, left: Value, right: Value) -> bool | None:
    """What comparing two values gives, None where that is not known."""
    if isinstance(operation, (cst.Is, cst.IsNot)):
        same = _is_same(left, right)
        return None if same is None else same is isinstance(operation, cst.Is)
    if not isinstance(left, Const) or not isinstance(right, Const):
        return None
    if isinstance(operation, (cst.Equal, cst.NotEqual)):
        return (left.value == right.value) is isinstance(operation, cst.Equal)
    order = _ORDERS.get(type(operation))
    numbers = all(isinstance(side.value, (int, float)) for side in (left, right))
    return order(left.value, right.value) if order is not None and numbers else None


def _is_same(left: Value, right: Value) -> bool | None:
    """Whether two values are one object, as far as None, True and False tell."""
    singletons = (None, True, False)
    for one, other in ((left, right), (right, left)):
        if not isinstance(one, Const) or not any(one.value is known for known in singletons):
            continue
        if isinstance(other, Const):
            return other.value is one.value
        if isinstance(other, Sequence | Mapping | Function) or (isinstance(other, Construct) and is_regularizer(other)):
            return False
    return None


def no_surer_than(value: Value, condition: Value) -> Value:
    """A value that was reached by a condition which itself may be only a default."""
    doubtful = condition.resolution is not Resolution.BRANCHES
    return at_least(value, condition.resolution) if doubtful else value


def is_foreign(value: Value) -> bool:
    """Whether it comes from another module, which says no more than that it is not known here."""
    return isinstance(value, Symbol | Construct) and _symbol_of(value).canonical is None


def _symbol_of(value: Symbol | Construct) -> Symbol:
    return value.symbol if isinstance(value, Construct) else value


def at_least(value: Value, resolution: Resolution) -> Value:
    """A value that is no surer than `resolution`."""
    if isinstance(value, OneOf):
        return replace(value, alternatives=tuple(at_least(way, resolution) for way in value.alternatives))
    return replace(value, resolution=max(value.resolution, resolution))


def is_regularizer(value: Construct) -> bool:
    return (value.symbol.canonical or "").startswith("keras.regularizers.")
