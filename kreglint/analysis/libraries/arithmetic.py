"""Numbers: `max`, `pow`, `math.sqrt` and their like, NumPy's among them, whose floats count as Python's do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from kreglint.analysis import bounds
from kreglint.analysis.values.infer import computed
from kreglint.analysis.values.items import items_of
from kreglint.analysis.values.module import Call
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, OneOf, Provenance, Value, unknown

_REAL = ("numpy.power", "pow")  # of which the result is the same with floats alone
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "math.sqrt": math.sqrt,
    "math.exp": math.exp,
    "math.log": math.log,
    "math.log10": math.log10,
    "math.pow": math.pow,
    "numpy.sqrt": math.sqrt,
    "numpy.exp": math.exp,
    "numpy.log": math.log,
    "numpy.log10": math.log10,
    "numpy.power": pow,
    "numpy.abs": abs,
    "abs": abs,
    "pow": pow,
    "max": max,
    "min": min,
    "round": round,
    "complex": complex,
    "sum": sum,
}
_TYPES: Mapping[str, Callable[[str | int | float], int | float]] = {"float": float, "int": int}


def plain(call: Call) -> tuple[Value, ...] | None:
    """Return the values of arguments that are all given by position; None where some are not."""
    arguments = call.arguments()
    if any(argument.star or argument.keyword is not None for argument in arguments):
        return None
    return tuple(argument.value for argument in arguments)


def each_way(
    work: Callable[[tuple[Value, ...]], Value | None], arguments: tuple[Value, ...], span: Span
) -> Value | None:
    """Return what a function gives back, for each of what its only argument may be that is one of several."""
    several = [place for place, value in enumerate(arguments) if isinstance(value, OneOf)]
    if len(several) != 1:
        return work(arguments)
    place = several[0]
    lost = unknown(span, "")

    def with_way(way: Value) -> Value:
        return work((*arguments[:place], way, *arguments[place + 1 :])) or lost

    found = arguments[place].map(with_way, span)
    return None if found is lost else found


def number(name: str, call: Call) -> Value | None:
    """Return what a function of numbers gives back, by its name or path; None where that is not known."""
    arguments = plain(call)
    if arguments is None:
        return None
    return each_way(lambda values: _number(name, values, call.span), arguments, call.span)


def _number(name: str, arguments: tuple[Value, ...], span: Span) -> Value | None:
    operands = list(arguments)
    if name in ("max", "min", "sum") and len(operands) == 1:
        operands = list(items_of(operands[0]) or ())
    numbers = [value for value in operands if isinstance(value, Const) and _is_number(value.value)]
    if not numbers or len(numbers) < len(operands) or len(numbers) > bounds.ITEMS:
        return None
    given = [value.value for value in numbers]
    if name == "round" and any(not _is_small(digits) for digits in given[1:]):
        return None  # of which Python works out a power of ten
    if name in _REAL and not any(isinstance(part, float) for part in given):
        return None
    function = _FUNCTIONS[name]
    try:
        result = function(given) if name == "sum" else function(*given)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return computed(result, numbers, span) if _is_number(result) or isinstance(result, complex) else None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= bounds.NUMBER


def _is_small(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= bounds.ITEMS


def conversion(name: str, call: Call) -> Value | None:
    """`float(given)` or `int(given)`."""
    arguments = call.arguments()
    if len(arguments) != 1 or arguments[0].star:
        return None
    return converted(name, arguments[0].value, call.span)


def converted(kind: str, given: Value, span: Span) -> Value:
    """Return what a type makes of a value: of a number or a string, else it is not known."""
    return given.map(lambda way: _converted(kind, way, span), span)


def _converted(kind: str, given: Value, span: Span) -> Value:
    convert = _TYPES.get(kind)
    if not isinstance(given, Const):
        return given if given.provenance is Provenance.UNKNOWN else unknown(span, f"returned by '{kind}'")
    if convert is None or not isinstance(given.value, (str, int, float)):
        return unknown(span, f"returned by '{kind}'")
    try:
        return computed(convert(given.value), (given,), span)
    except (ValueError, OverflowError):
        return unknown(span, "a conversion that fails")


CALLS = dict.fromkeys((name for name in _FUNCTIONS if "." in name), number)
BUILTINS = {
    **dict.fromkeys((name for name in _FUNCTIONS if "." not in name), number),
    **dict.fromkeys(_TYPES, conversion),
}
