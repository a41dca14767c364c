"""`report --compare`: what has changed since an earlier report, as a table or in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kreglint.inventory import Change, RegularizerEntry
from kreglint.output.inventory_json import SCHEMA, place_of_layer, regularizer_object
from kreglint.output.inventory_rows import effect_text, regularizer_text
from kreglint.output.json_shape import dumped
from kreglint.output.place import place
from kreglint.output.table import Row, Table
from kreglint.output.width import visible
from kreglint.output.words import counted

_HEADINGS = ("Change", "Place", "Layer", "Name", "Scope", "Argument", "Before", "After")
_ABSENT = "-"


def table(changes: Sequence[Change]) -> Table:
    return Table(
        title="kreglint report: what has changed",
        headings=_HEADINGS,
        rows=tuple(map(_row, changes)),
        closing=_totals(changes),
    )


def render_json(changes: Iterable[Change], version: str) -> Iterator[str]:
    """Yield the changes; `version` is kreglint's own."""
    yield dumped(
        {
            "schema": SCHEMA,
            "kreglint": version,
            "changes": [
                {
                    "change": change.kind,
                    **place_of_layer(change.layer),
                    "argument": change.argument,
                    "before": [regularizer_object(entry) for entry in change.before],
                    "after": [regularizer_object(entry) for entry in change.after],
                }
                for change in changes
            ],
        }
    )


def _row(change: Change) -> Row:
    layer = change.layer
    return (
        change.kind,
        place(layer.filename, layer.location, layer.cell),
        visible(layer.layer),
        visible(layer.name or _ABSENT),
        visible(layer.scope or _ABSENT),
        visible(change.argument or _ABSENT),
        _told(change.before, change.argument),
        _told(change.after, change.argument),
    )


def _told(entries: Sequence[RegularizerEntry], argument: str | None) -> str:
    told = (_value(entry) if argument is not None else f"{entry.argument}={_value(entry)}" for entry in entries)
    return ", ".join(told) or _ABSENT


def _value(entry: RegularizerEntry) -> str:
    effect = effect_text(entry)
    return regularizer_text(entry) if effect in ("applied", "unknown") else f"{regularizer_text(entry)} ({effect})"


def _totals(changes: Sequence[Change]) -> str:
    if not changes:
        return "Nothing has changed."
    by_kind = Counter(change.kind for change in changes)
    layers = f"{counted(by_kind['added'], 'layer')} added, {by_kind['removed']} removed"
    return f"{layers}, {counted(by_kind['changed'], 'regularizer')} changed."
