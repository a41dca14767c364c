"""`report --output-format text`: a table of layer calls and their regularizers, and the totals below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kreglint.inventory import Alternative, LayerEntry, RegularizerEntry
from kreglint.output.inventory_summary import Summary, summarised
from kreglint.output.place import place
from kreglint.output.width import display_width, padded, visible

_HEADINGS = ("Place", "Layer", "Name", "Scope", "Argument", "Regularizer", "Resolution")
_ABSENT = "-"
_LONGEST_SOURCE = 40

Row = tuple[str, ...]


def render(layers: Iterable[LayerEntry], files: int) -> Iterator[str]:
    entries = list(layers)
    if entries:
        yield from _table([_HEADINGS, *(row for layer in entries for row in _rows(layer))])
        yield "\n"
    yield _totals(summarised(entries, files))


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(padded, row, widths)).rstrip() + "\n"


def _rows(layer: LayerEntry) -> Iterator[Row]:
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


def _regularizer(entry: RegularizerEntry) -> str:
    if entry.alternatives:
        return " or ".join(dict.fromkeys(map(_value, entry.alternatives)))
    if entry.kind in ("custom", "invalid", "unknown"):
        return f"{entry.kind}: {_shortened(entry.source)}"
    return _value(entry)


def _value(value: RegularizerEntry | Alternative) -> str:
    """A regularizer with its λ as Python writes them, as `L2(l2=0.0005)`."""
    named = (("l1", value.l1), ("l2", value.l2), ("factor", value.factor))
    factors = ", ".join(f"{name}={factor!r}" for name, factor in named if factor is not None)
    return f"{value.kind}({factors})" if factors else value.kind


def _resolution(entry: RegularizerEntry) -> str:
    return f"{entry.resolution}: {visible(entry.reason)}" if entry.reason else entry.resolution


def _shortened(source: str) -> str:
    line = visible(" ".join(source.split()))
    return line if len(line) <= _LONGEST_SOURCE else line[: _LONGEST_SOURCE - 1] + "…"


def _totals(summary: Summary) -> str:
    layers = _counted(summary.layers, "layer")
    files = _counted(summary.files, "file")
    return f"{layers} in {files}: {summary.regularized} regularized, {summary.unresolved} unresolved.\n"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
