"""`json.loads` of a text that stands in the program."""

from __future__ import annotations

import json

from kreglint.analysis import bounds
from kreglint.analysis.values.module import Call
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Mapping, Provenance, Sequence, Value, unknown

_LONGEST = 4_000  # characters


def loaded(name: str, call: Call) -> Value | None:
    """What a JSON text means; None where the text is not known, or there are options."""
    arguments = call.arguments()
    text = arguments[0].value if len(arguments) == 1 and not arguments[0].star else None
    if not isinstance(text, Const) or not isinstance(text.value, str) or len(text.value) > _LONGEST:
        return None
    try:
        return _value(json.loads(text.value), call.span, text.provenance)
    except (ValueError, RecursionError):
        return None


def _value(found: object, span: Span, provenance: Provenance) -> Value:
    if isinstance(found, dict) and len(found) <= bounds.ENTRIES:
        entries = tuple((key, _value(each, span, provenance)) for key, each in found.items())
        return Mapping(span=span, entries=entries, provenance=provenance)
    if isinstance(found, list) and len(found) <= bounds.ITEMS:
        items = tuple(_value(each, span, provenance) for each in found)
        return Sequence(span=span, kind="list", items=items, provenance=provenance)
    if found is None or isinstance(found, (str, int, float)):
        return Const(span=span, value=found, provenance=provenance)
    return unknown(span, "a large part of a JSON text")


CALLS = {"json.loads": loaded}
