"""The table of an inventory, with a row for each regularizer argument."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.inventory import CALL, Alternative, LayerEntry, RegularizerEntry
from kreglint.inventory import counted as counted_layers
from kreglint.output.inventory_summary import APPLIED, LambdaCount, Summary, summarised
from kreglint.output.place import place
from kreglint.output.table import Row, Table
from kreglint.output.width import visible
from kreglint.output.words import counted

_HEADINGS = ("Place", "Layer", "Name", "Scope", "Argument", "Regularizer", "Resolution")
_ABSENT = "-"
_LONGEST_SOURCE = 40
_ELSEWHERE = "counted at the calls of its wrapper"


def table(layers: Sequence[LayerEntry], files: int, *, all_calls: bool = False) -> Table:
    """Return the table of the calls that make a layer or a weight; with `all_calls` of all others too."""
    summary = summarised(layers, files)
    counted_here = set(counted_layers(layers))
    return Table(
        title="kreglint report",
        headings=_HEADINGS,
        rows=tuple(
            row
            for layer in layers
            if all_calls or layer.entry != CALL
            for row in _rows(layer, is_inner=layer.entry != CALL and layer not in counted_here)
        ),
        items=tuple(f"{value_text(each)}: {each.count}" for each in summary.by_lambda),
        closing=_totals(summary),
    )


def _rows(layer: LayerEntry, *, is_inner: bool) -> Iterator[Row]:
    start = (
        place(layer.filename, layer.location, layer.cell),
        visible(layer.layer),
        visible(layer.name or _ABSENT),
        visible(layer.scope or _ABSENT),
    )
    if not layer.regularizers:
        yield (*start, _ABSENT, _ABSENT, _ELSEWHERE if is_inner else _ABSENT)
    for entry in layer.regularizers:
        resolution = f"{_resolution(entry)}; {_ELSEWHERE}" if is_inner else _resolution(entry)
        yield (*start, visible(entry.argument), regularizer_text(entry), resolution)


def _totals(summary: Summary) -> str:
    layers = counted(summary.layers, "layer")
    files = counted(summary.files, "file")
    return f"{layers} in {files}: {summary.regularized} regularized, {summary.unresolved} unresolved."


def regularizer_text(entry: RegularizerEntry) -> str:
    """Return what an argument is, as a person would write it."""
    if entry.alternatives:
        return " or ".join(dict.fromkeys(map(value_text, entry.alternatives)))
    if entry.kind in ("custom", "invalid", "unknown"):
        return f"{entry.kind}: {_shortened(entry.source)}"
    return value_text(entry)


def value_text(value: RegularizerEntry | Alternative | LambdaCount) -> str:
    """Return a regularizer with its λ as Python writes them, as `L2(l2=0.0005)`."""
    named = (("l1", value.l1), ("l2", value.l2), ("factor", value.factor))
    factors = ", ".join(f"{name}={factor!r}" for name, factor in named if factor is not None)
    return f"{value.kind}({factors})" if factors else value.kind


def effect_text(entry: RegularizerEntry) -> str:
    """Return what the versions of Keras make of a regularizer: one word, or one for each version."""
    return entry.effect or ", ".join(f"{each.effect} by {each.version}" for each in entry.effects)


def _resolution(entry: RegularizerEntry) -> str:
    found = f"{entry.resolution}: {visible(entry.reason)}" if entry.reason else entry.resolution
    if entry.effect == APPLIED or (entry.kind == "none" and entry.effect == "ignored"):
        return found
    if entry.effect == "unknown":
        return found if entry.kind == "unknown" else f"{found}; effect unknown"
    return f"{found}; {effect_text(entry)}"


def _shortened(source: str) -> str:
    line = visible(" ".join(source.split()))
    return line if len(line) <= _LONGEST_SOURCE else line[: _LONGEST_SOURCE - 1] + "…"
