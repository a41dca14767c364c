"""Named tuples: what makes them, and what they are as tuples and as dicts."""

from __future__ import annotations

from collections.abc import Sequence as Values
from dataclasses import replace

from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.frames import Instance, Record
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, Construct, Function, Mapping, Resolution, Sequence, Value

NAMED_TUPLES = ("collections.namedtuple", "typing.NamedTuple")
METHODS = ("_replace", "_asdict")


def held(value: Value) -> tuple[tuple[str, Value], ...] | None:
    """The items of a named tuple by their names, in order; None for anything else."""
    match value:
        case Function(kind="instance", body=Record(items=items)):
            return items
        case Function(kind="instance", body=Instance(items=items)):
            return items
    return None


def as_tuple(value: Value) -> Value:
    """A named tuple as a plain one; any other value as it is."""
    items = held(value)
    if items is None:
        return value
    plain = tuple(item for _, item in items)
    return Sequence(span=value.span, kind="tuple", items=plain, origin=value.origin, resolution=value.resolution)


def made(maker: Construct, arguments: Values[Argument], span: Span) -> Function | None:
    """What a call of `namedtuple("Name", "a b")` makes; None where that is not known."""
    names = _names(maker)
    if names is None or any(argument.star and not argument.expanded for argument in arguments):
        return None
    defaults = _defaults(maker, names)
    by_position = [argument.value for argument in arguments if argument.keyword is None and not argument.star]
    by_name = {argument.keyword: argument.value for argument in arguments if argument.keyword is not None}
    given = {**defaults, **dict(zip(names, by_position, strict=False)), **by_name} if defaults is not None else {}
    if len(by_position) > len(names) or given.keys() != set(names):
        return None
    body = Record(tuple((name, given[name]) for name in names))
    return Function(span=span, name="namedtuple", kind="instance", body=body, resolution=maker.resolution)


def _names(maker: Construct) -> list[str] | None:
    given = maker.keyword("field_names") or (maker.positional[1] if len(maker.positional) > 1 else None)
    if given is None or maker.has_star or maker.keyword("rename") is not None:
        return None
    value = given.value
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value.replace(",", " ").split()
    if not isinstance(value, Sequence) or value.kind == "set":
        return None
    parts = [item.items[0] if isinstance(item, Sequence) and item.items else item for item in value.items]
    names = [part.value for part in parts if isinstance(part, Const) and isinstance(part.value, str)]
    return names if len(names) == len(parts) else None


def _defaults(maker: Construct, names: list[str]) -> dict[str, Value] | None:
    """The defaults by the names that have one; None where they are not known."""
    given = maker.keyword("defaults")
    if given is None:
        return {}
    if not isinstance(given.value, Sequence) or len(given.value.items) > len(names):
        return None
    values = [at_least(item, Resolution.DEFAULT) for item in given.value.items]
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def of_method(name: str, owner: Value, arguments: Values[Argument], span: Span) -> Value | None:
    """What `_replace` or `_asdict` of a named tuple gives back; None where that is not known."""
    items = held(owner)
    if items is None or not isinstance(owner, Function) or any(argument.keyword is None for argument in arguments):
        return None
    if name == "_asdict":
        return Mapping(span=span, entries=items, resolution=owner.resolution)
    given = {argument.keyword: argument.value for argument in arguments}
    changed = tuple((key, given.get(key, value)) for key, value in items)
    if isinstance(owner.body, Instance):
        return replace(owner, span=span, body=replace(owner.body, items=changed, fields=changed))
    return replace(owner, span=span, body=Record(changed))
