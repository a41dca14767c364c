"""The rows that the tables of an inventory have, one for each regularizer argument."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.inventory import Alternative, LayerEntry, RegularizerEntry
from kreglint.output.inventory_summary import Summary
from kreglint.output.place import place
from kreglint.output.width import visible
from kreglint.output.words import counted

HEADINGS = ("Place", "Layer", "Name", "Scope", "Argument", "Regularizer", "Resolution")
_ABSENT = "-"
_LONGEST_SOURCE = 40

Row = tuple[str, ...]


def rows(layer: LayerEntry) -> Iterator[Row]:
    """Yield the rows of one layer call, under HEADINGS, in visible text."""
    start = (
        place(layer.filename, layer.location, layer.cell),
        visible(layer.layer),
        visible(layer.name or _ABSENT),
        visible(layer.scope or _ABSENT),
    )
    if not layer.regularizers:
        yield (*start, _ABSENT, _ABSENT, _ABSENT)
    for entry in layer.regularizers:
        yield (*start, visible(entry.argument), _regularizer(entry), _resolution(entry))


def totals(summary: Summary) -> str:
    """Return the sentence that ends a report."""
    layers = counted(summary.layers, "layer")
    files = counted(summary.files, "file")
    return f"{layers} in {files}: {summary.regularized} regularized, {summary.unresolved} unresolved."


def _regularizer(entry: RegularizerEntry) -> str:
    if entry.alternatives:
        return " or ".join(dict.fromkeys(map(value_text, entry.alternatives)))
    if entry.kind in ("custom", "invalid", "unknown"):
        return f"{entry.kind}: {_shortened(entry.source)}"
    return value_text(entry)


def value_text(value: RegularizerEntry | Alternative) -> str:
    """Return a regularizer with its λ as Python writes them, as `L2(l2=0.0005)`."""
    named = (("l1", value.l1), ("l2", value.l2), ("factor", value.factor))
    factors = ", ".join(f"{name}={factor!r}" for name, factor in named if factor is not None)
    return f"{value.kind}({factors})" if factors else value.kind


def _resolution(entry: RegularizerEntry) -> str:
    return f"{entry.resolution}: {visible(entry.reason)}" if entry.reason else entry.resolution


def _shortened(source: str) -> str:
    line = visible(" ".join(source.split()))
    return line if len(line) <= _LONGEST_SOURCE else line[: _LONGEST_SOURCE - 1] + "…"
