"""What a value tells of itself: its truth, where it comes from, and how sure it is."""

from __future__ import annotations

from dataclasses import replace

from kreglint.facts.values import Const, Construct, Function, OneOf, Resolution, Symbol, Value


def truth(value: Value) -> bool | None:
    """Whether the value counts as true, None where that is not known."""
    match value:
        case Const(value=given):
            return bool(given)
        case Construct() if is_regularizer(value):
            return True
        case Function(kind="function" | "lambda" | "class"):
            return True
        case _:
            return None


def no_surer_than(value: Value, condition: Value) -> Value:
    """A value that was reached by a condition which itself may be only a default."""
    doubtful = condition.resolution in (Resolution.DEFAULT, Resolution.CALLERS)
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
