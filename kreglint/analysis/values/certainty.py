"""What a value tells of itself: its truth, where it comes from, and how sure it is."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.own_values import OwnValue
from kreglint.facts.values import Const, Construct, Mapping, OneOf, Provenance, Sequence, Value
from kreglint.records import replace


def truth(value: Value) -> bool | None:
    """True if the value counts as true, None where that is not known."""
    match value:
        case Const(value=given):
            return bool(given)
        case Construct() if is_regularizer(value):
            return True
        case OwnValue(kind="function" | "lambda" | "class"):
            return True
        case Sequence(kind="tuple", items=items):
            return bool(items)
        case Mapping(complete=True, entries=entries):
            return bool(entries)
        case OneOf(alternatives=alternatives):
            found = {truth(way) for way in alternatives}
            return found.pop() if len(found) == 1 else None
        case _:
            return None


def surest(value: Value) -> Provenance:
    """Return how sure it is what all that the value may be have in common."""
    return max(value.provenance, *(way.provenance for way in value.ways))


_ORDERS: dict[type[nodes.ComparisonOperator], Callable[[Any, Any], bool]] = {
    nodes.LessThan: operator.lt,
    nodes.LessThanEqual: operator.le,
    nodes.GreaterThan: operator.gt,
    nodes.GreaterThanEqual: operator.ge,
}


def compared(operation: nodes.ComparisonOperator, left: Value, right: Value) -> bool | None:
    """Return what comparing two values gives, None where that is not known."""
    if isinstance(left, OneOf) or isinstance(right, OneOf):
        found = {compared(operation, one, other) for one in left.ways for other in right.ways}
        return found.pop() if len(found) == 1 else None
    if isinstance(operation, (nodes.In, nodes.NotIn)):
        held = _holds(right, left)
        return None if held is None else held is isinstance(operation, nodes.In)
    if isinstance(operation, (nodes.Is, nodes.IsNot)):
        same = _is_same(left, right)
        return None if same is None else same is isinstance(operation, nodes.Is)
    if not isinstance(left, Const) or not isinstance(right, Const):
        return None
    if isinstance(operation, (nodes.Equal, nodes.NotEqual)):
        return (left.value == right.value) is isinstance(operation, nodes.Equal)
    order = _ORDERS.get(type(operation))
    numbers = all(isinstance(side.value, (int, float)) for side in (left, right))
    return order(left.value, right.value) if order is not None and numbers else None


def _holds(owner: Value, key: Value) -> bool | None:
    """True if `key in owner`, None where that is not known. Of what callers may add to a dict, nothing is there."""
    if not isinstance(key, Const):
        return None
    match owner:
        case Const(value=str(text)):
            return key.value in text if isinstance(key.value, str) else None
        case Sequence(items=items):
            known = [item.value == key.value for item in items if isinstance(item, Const)]
            return True if any(known) else False if len(known) == len(items) else None
        case Mapping():
            there = any(known == key.value for known, _ in owner.entries)
            return True if there else False if owner.complete or owner.overridable else None
    return None


def certainty_of_comparison(operation: nodes.ComparisonOperator, left: Value, right: Value) -> Provenance:
    """Return how sure the outcome of a comparison is."""
    found = max(surest(left), surest(right))
    asks_for_key = isinstance(operation, (nodes.In, nodes.NotIn)) and _holds(right, left) is False
    open_ways = (way for way in right.ways if isinstance(way, Mapping) and not way.complete)
    return max(found, Provenance.DEFAULT) if asks_for_key and any(True for _ in open_ways) else found


def _is_same(left: Value, right: Value) -> bool | None:
    """True if two values are one object, as far as None, True and False tell."""
    singletons = (None, True, False)
    for one, other in ((left, right), (right, left)):
        if not isinstance(one, Const) or not any(one.value is known for known in singletons):
            continue
        if isinstance(other, Const):
            return other.value is one.value
        if isinstance(other, Sequence | Mapping | OwnValue) or (isinstance(other, Construct) and is_regularizer(other)):
            return False
    return None


_KINDS: dict[str, type] = {
    "str": str,
    "float": float,
    "int": int,
    "bool": bool,
    "bytes": bytes,
    "dict": dict,
    "list": list,
    "tuple": tuple,
    "set": set,
}


def is_instance(value: Value, names: Iterable[str]) -> bool | None:
    """True if the value is of one of several kinds of Python's own; None where that is not known."""
    kinds = [_KINDS.get(name) for name in names]
    if isinstance(value, OneOf):
        found = {is_instance(way, names) for way in value.alternatives}
        return found.pop() if len(found) == 1 else None
    kind = _kind(value)
    if kind is None or None in kinds:
        return None
    return any(issubclass(kind, known) for known in kinds if known is not None)


def _kind(value: Value) -> type | None:
    """Return the type of a value, `object` for any that is of none of the kinds above; None where that is not known."""
    match value:
        case Const(value=given):
            return type(given)
        case Mapping():
            return dict
        case Sequence(kind=name):
            return _KINDS[name]
        case Construct() if is_regularizer(value):
            return object
    return None


def is_callable(value: Value) -> bool | None:
    """True if the value can be called; None where that is not known."""
    match value:
        case Const() | Mapping() | Sequence():
            return False
        case OwnValue(kind="function" | "lambda" | "class"):
            return True
        case Construct() if is_regularizer(value):
            return True
    return None


def no_surer_than(value: Value, condition: Value) -> Value:
    """Return a value that was reached by a condition which itself may be only a default."""
    return at_least(value, surest(condition))


def at_least(value: Value, provenance: Provenance) -> Value:
    """Return a value that is no surer than `provenance`."""
    if isinstance(value, OneOf):
        return replace(value, alternatives=tuple(at_least(way, provenance) for way in value.alternatives))
    return value if value.provenance >= provenance else replace(value, provenance=provenance)


def is_regularizer(value: Construct) -> bool:
    return (value.symbol.canonical or "").startswith("keras.regularizers.")
