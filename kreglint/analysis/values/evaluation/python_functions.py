"""What Python's own functions make of values that are known, at a bounded cost.

Sequences: `range`, `zip`, `sorted` and their like. Numbers: `max`, `pow`, `math.sqrt` and their like, NumPy's among
them, whose floats count as Python's do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from kreglint.analysis import bounds
from kreglint.analysis.semantic.constants import NotConstantError
from kreglint.analysis.values.evaluation.items import items_of
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Mapping, OneOf, Resolution, Sequence, Value, one_of

_REAL = ("numpy.power", "pow")  # of which the result is the same with floats alone
_FLOATS: dict[str, Callable[..., float]] = {
    "math.sqrt": math.sqrt,
    "math.exp": math.exp,
    "math.log": math.log,
    "math.log10": math.log10,
    "math.pow": math.pow,
    "numpy.sqrt": math.sqrt,
    "numpy.exp": math.exp,
    "numpy.log": math.log,
    "numpy.log10": math.log10,
}
_NUMBERS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "pow": pow,
    "numpy.power": pow,
    "max": max,
    "min": min,
    "numpy.abs": abs,
    "round": round,
    "sum": sum,
}
FUNCTIONS = frozenset(name for name in (*_FLOATS, *_NUMBERS) if "." in name)
BUILTINS = frozenset(name for name in _NUMBERS if "." not in name) | frozenset(
    ("range", "list", "tuple", "reversed", "sorted", "enumerate", "zip")
)
TEXT_METHODS = frozenset(("lower", "upper", "strip"))
_TEXTS: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "strip": str.strip}


def of_builtin(name: str, arguments: tuple[Value, ...], span: Span) -> Value | None:
    """What a builtin function gives back; None where that is not known."""
    given = _spread(arguments)
    if given is not None:
        ways = [of_builtin(name, way, span) for way in given[1]]
        known = [way for way in ways if way is not None]
        return _together(known, given[0], span) if len(known) == len(ways) else None
    if name in _NUMBERS:
        return of_number(name, arguments, span)
    return _sequence(name, arguments, span)


def _spread(arguments: tuple[Value, ...]) -> tuple[OneOf, list[tuple[Value, ...]]] | None:
    """The arguments for each of what the only one may be that is one of several."""
    several = [(place, value) for place, value in enumerate(arguments) if isinstance(value, OneOf)]
    if len(several) != 1:
        return None
    place, value = several[0]
    return value, [(*arguments[:place], way, *arguments[place + 1 :]) for way in value.alternatives]


def _together(ways: list[Value], source: OneOf, span: Span) -> Value:
    found = one_of(ways, span)
    return replace(found, resolution=source.resolution) if isinstance(found, OneOf) else found


def of_number(name: str, arguments: tuple[Value, ...], span: Span) -> Value | None:
    """What a function of numbers gives back, by its name or path; None where that is not known."""
    given = _spread(arguments)
    if given is not None:
        ways = [of_number(name, way, span) for way in given[1]]
        known = [way for way in ways if way is not None]
        return _together(known, given[0], span) if len(known) == len(ways) else None
    operands = list(arguments)
    if name in ("max", "min", "sum") and len(operands) == 1:
        operands = list(items_of(operands[0]) or ())
    numbers = [value for value in operands if isinstance(value, Const) and _is_number(value.value)]
    function = _FLOATS.get(name) or _NUMBERS.get(name)
    if function is None or not numbers or len(numbers) < len(operands) or len(numbers) > bounds.ITEMS:
        return None
    plain = [number.value for number in numbers]
    if name == "round" and any(not _is_small(digits) for digits in plain[1:]):
        return None  # of which Python works out a power of ten
    if name in _REAL and not any(isinstance(part, float) for part in plain):
        return None
    try:
        result = function(plain) if name == "sum" else function(*plain)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return _computed(result, numbers, span) if _is_number(result) else None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= bounds.NUMBER


def _is_small(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= bounds.ITEMS


def _computed(value: str | int | float, operands: Iterable[Value], span: Span) -> Const:
    origin = tuple(dict.fromkeys(place for operand in operands for place in operand.origin))
    surest = max((operand.resolution for operand in operands), default=Resolution.EXACT)
    return Const(span=span, value=value, origin=origin, resolution=surest)


def _sequence(name: str, arguments: tuple[Value, ...], span: Span) -> Value | None:
    match name:
        case "range":
            return _range(arguments, span)
        case "list" | "tuple" if len(arguments) == 1:
            items = items_of(arguments[0])
            return Sequence(span=span, kind=name, items=items) if items is not None else None
        case "reversed" if len(arguments) == 1:
            items = items_of(arguments[0])
            return Sequence(span=span, kind="tuple", items=items[::-1]) if items is not None else None
        case "sorted" if len(arguments) == 1:
            return _sorted(arguments[0], span)
        case "enumerate" if len(arguments) == 1:
            items = items_of(arguments[0])
            return _rows([(Const(span=span, value=n), v) for n, v in enumerate(items)], span) if items else None
        case "zip":
            columns = [items_of(argument) for argument in arguments]
            known = [column for column in columns if column is not None]
            return _rows(list(zip(*known, strict=False)), span) if known and len(known) == len(columns) else None
    return None


def _range(arguments: tuple[Value, ...], span: Span) -> Value | None:
    numbers = [value.value for value in arguments if isinstance(value, Const) and isinstance(value.value, int)]
    if not 1 <= len(numbers) <= 3 or len(numbers) < len(arguments):
        return None
    try:
        turns = range(*numbers)
        if not turns or turns[-1] not in turns[: bounds.ITEMS]:
            return None
    except (ValueError, OverflowError):
        return None
    return Sequence(span=span, kind="tuple", items=tuple(_computed(turn, arguments, span) for turn in turns))


def _sorted(value: Value, span: Span) -> Value | None:
    items = items_of(value)
    numbers = [item for item in items or () if isinstance(item, Const) and isinstance(item.value, (int, float))]
    if items is None or len(numbers) < len(items):
        return None
    ordered = sorted(numbers, key=_number)
    return Sequence(span=span, kind="list", items=tuple(ordered))


def _number(value: Const) -> float:
    return value.value if isinstance(value.value, (int, float)) else math.nan


def _rows(rows: list[tuple[Value, ...]], span: Span) -> Value:
    return Sequence(span=span, kind="tuple", items=tuple(Sequence(span=span, kind="tuple", items=row) for row in rows))


# Methods


def of_text(method: str, text: Const, arguments: tuple[Value, ...], span: Span) -> Value | None:
    """What a string's method gives back; None where that is not known."""
    if not isinstance(text.value, str) or len(text.value) > bounds.ITEMS or arguments:
        return None
    function = _TEXTS.get(method)
    return _computed(function(text.value), (text,), span) if function is not None else None


def formatted(template: Const, given: Value) -> str:
    """`template % given`, for one or a few plain numbers and strings. Raises NotConstantError for anything else."""
    parts = given.items if isinstance(given, Sequence) and given.kind == "tuple" else (given,)
    plain = [part.value for part in parts if isinstance(part, Const) and isinstance(part.value, (str, int, float))]
    text = template.value
    if not isinstance(text, str) or len(text) > bounds.ITEMS or text.count("%") > text.count("%s") + text.count("%d"):
        raise NotConstantError("a computed value")
    if len(plain) < len(parts) or any(len(str(part)) > bounds.ITEMS for part in plain):
        raise NotConstantError("a computed value")
    try:
        return str(text % tuple(plain))
    except (TypeError, ValueError) as error:
        raise NotConstantError("a computed value") from error


def of_mapping(method: str, mapping: Mapping, span: Span) -> Value | None:
    """What `items()`, `keys()` or `values()` of a dict give, one after the other."""
    keys = items_of(mapping)
    values = tuple(value for _, value in mapping.entries)
    if keys is None:
        return None
    match method:
        case "keys":
            return Sequence(span=span, kind="tuple", items=keys, resolution=mapping.resolution)
        case "values":
            return Sequence(span=span, kind="tuple", items=values, resolution=mapping.resolution)
        case "items":
            return replace(_rows(list(zip(keys, values, strict=True)), span), resolution=mapping.resolution)
    return None
