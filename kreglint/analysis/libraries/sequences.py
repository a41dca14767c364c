"""What Python's own functions make of sequences, at a bounded cost: `range`, `zip`, `sorted` and their like."""

from __future__ import annotations

import math

from kreglint.analysis import bounds
from kreglint.analysis.libraries.arithmetic import each_way, plain
from kreglint.analysis.values.infer import computed
from kreglint.analysis.values.items import items_of, rows_of
from kreglint.analysis.values.module import Call
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Sequence, Value


def sequence(name: str, call: Call) -> Value | None:
    """Return what a function of sequences gives back; None where that is not known."""
    arguments = plain(call)
    if arguments is None:
        return None
    return each_way(lambda values: _sequence(name, values, call.span), arguments, call.span)


def _sequence(name: str, arguments: tuple[Value, ...], span: Span) -> Value | None:
    if name == "range":
        return _range(arguments, span)
    columns = [items_of(argument) for argument in arguments]
    known = [column for column in columns if column is not None]
    if not known or len(known) < len(columns):
        return None
    if name == "zip":
        return rows_of(zip(*known, strict=False), span)
    return _of_items(name, known[0], span) if len(known) == 1 else None


def _of_items(name: str, items: tuple[Value, ...], span: Span) -> Value | None:
    match name:
        case "list" | "tuple":
            return Sequence(span=span, kind=name, items=items)
        case "reversed":
            return Sequence(span=span, kind="tuple", items=items[::-1])
        case "enumerate":
            return rows_of(((Const(span=span, value=n), v) for n, v in enumerate(items)), span) if items else None
    numbers = [item for item in items if isinstance(item, Const) and isinstance(item.value, (int, float))]
    if len(numbers) < len(items):
        return None
    ordered = sorted(numbers, key=_number)
    return Sequence(span=span, kind="list", items=tuple(ordered))


def _number(value: Const) -> float:
    return value.value if isinstance(value.value, (int, float)) else math.nan


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
    return Sequence(span=span, kind="tuple", items=tuple(computed(turn, arguments, span) for turn in turns))


BUILTINS = dict.fromkeys(("range", "list", "tuple", "reversed", "sorted", "enumerate", "zip"), sequence)
