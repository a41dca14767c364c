"""Named tuples: what they are as tuples and as dicts."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.analysis.values.module import At, Call
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Mapping, Value
from kreglint.records import record, replace

Items = tuple[tuple[str, Value], ...]


@record(kw_only=True)
class RecordValue(OwnValue):
    """A named tuple of a class that no program defines."""

    name: str = "namedtuple"
    kind: str = "instance"
    items: Items

    @property
    def identity(self) -> object:
        return self.items

    @property
    def held(self) -> Items | None:
        return self.items

    def attribute(self, name: str, span: Span, at: At) -> Value | None:
        return dict(self.items).get(name)

    def method(self, name: str, call: Call) -> Value | None:
        if name == "_asdict":
            return as_dict(self, self.items, call)
        changed = replaced(self.items, call.arguments()) if name == "_replace" else None
        return replace(self, span=call.span, items=changed) if changed is not None else None


def as_dict(record: Value, items: Items, call: Call) -> Value | None:
    """Return what `_asdict()` gives back."""
    return Mapping(span=call.span, entries=items, provenance=record.provenance) if not call.arguments() else None


def replaced(items: Items, arguments: Sequence[Argument]) -> Items | None:
    """Return the items after `_replace(…)`; None where it is not known which are replaced."""
    if any(argument.keyword is None for argument in arguments):
        return None
    given = {argument.keyword: argument.value for argument in arguments}
    return tuple((key, given.get(key, value)) for key, value in items)
