"""`collections.namedtuple`: what it makes, and what calls of that make."""

from __future__ import annotations

from kreglint.analysis.values.arguments import fields_given
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Call, OwnClass
from kreglint.analysis.values.own_values import OwnValue
from kreglint.analysis.values.records import RecordValue
from kreglint.facts.values import Const, Construct, Provenance, Sequence, Value, unknown

NAMED_TUPLES = ("collections.namedtuple", "typing.NamedTuple")


def record(maker: Construct, call: Call) -> Value:
    """Return what a call of `namedtuple("Name", "a b")` makes."""
    return _record(maker, call) or unknown(call.span, "a named tuple that is not followed")


def _record(maker: Construct, call: Call) -> RecordValue | None:
    names = _names(maker)
    defaults = _defaults(maker, names) if names is not None else None
    bound = fields_given(names, call.arguments()) if names is not None else None
    if names is None or defaults is None or bound is None:
        return None
    given = {**defaults, **bound}
    if given.keys() != set(names):
        return None
    items = tuple((name, given[name]) for name in names)
    return RecordValue(span=call.span, items=items, provenance=maker.provenance)


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
    """Return the defaults by the names that have one; None where they are not known."""
    given = maker.keyword("defaults")
    if given is None:
        return {}
    if not isinstance(given.value, Sequence) or len(given.value.items) > len(names):
        return None
    values = [at_least(item, Provenance.DEFAULT) for item in given.value.items]
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def made_by_subclass(cls: OwnClass, call: Call) -> Value | None:
    """Return an instance of a class whose base is a call of `namedtuple`, and which has no constructor of its own."""
    bases = cls.site.node.bases
    if len(bases) != 1 or cls.site.member("__init__") is not None:
        return None
    maker = infer(bases[0].value, cls.made_at)
    if not isinstance(maker, Construct) or maker.symbol.path not in NAMED_TUPLES:
        return None
    return _record(maker, call) or OwnValue(span=call.span, name=cls.name, kind="instance")


def method(owner: Value, name: str, call: Call) -> Value | None:
    """`_replace` or `_asdict` of a named tuple."""
    return owner.method(name, call) if isinstance(owner, OwnValue) else None


MADE_CALLS = dict.fromkeys(NAMED_TUPLES, record)
METHODS = {"_replace": method, "_asdict": method}
