"""The totals of an inventory."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from kreglint.inventory import Alternative, LayerEntry, RegularizerEntry, counted
from kreglint.records import record

APPLIED = "applied"


@record()
class LambdaCount:
    """How many regularizers that are applied have one kind and λ."""

    kind: str
    l1: float | None
    l2: float | None
    factor: float | None
    count: int


@record()
class Summary:
    """Totals over the calls that count; `by_lambda` has the most frequent first.

    `regularized` counts the layers that have an argument which every version of Keras applies; `unresolved` the
    arguments whose value is not known.
    """

    files: int
    layers: int
    regularized: int
    by_kind: dict[str, int]
    by_lambda: tuple[LambdaCount, ...]
    unresolved: int


def summarised(layers: Sequence[LayerEntry], files: int) -> Summary:
    among = counted(layers)
    entries = [entry for layer in among for entry in layer.regularizers]
    return Summary(
        files=files,
        layers=len(among),
        regularized=sum(any(map(_is_applied, layer.regularizers)) for layer in among),
        by_kind=dict(sorted(Counter(entry.kind for entry in entries).items())),
        by_lambda=_by_lambda(filter(_is_applied, entries)),
        unresolved=sum(entry.resolution == "unknown" for entry in entries),
    )


def finite(factor: float | None) -> float | None:
    """Return the factor, or None if it is not finite: no Keras version takes such a λ."""
    return factor if factor is not None and math.isfinite(factor) else None


def _is_applied(entry: RegularizerEntry) -> bool:
    return entry.effect == APPLIED


def _factors(entry: RegularizerEntry | Alternative) -> tuple[float | None, float | None, float | None]:
    return (finite(entry.l1), finite(entry.l2), finite(entry.factor))


def _by_lambda(entries: Iterable[RegularizerEntry]) -> tuple[LambdaCount, ...]:
    tally = Counter((entry.kind, *_factors(entry)) for entry in entries if any(f is not None for f in _factors(entry)))
    counts = [LambdaCount(*key, count) for key, count in tally.items()]
    return tuple(sorted(counts, key=_rank))


def _rank(entry: LambdaCount) -> tuple[int, str, float, float, float]:
    return (-entry.count, entry.kind, entry.l1 or 0.0, entry.l2 or 0.0, entry.factor or 0.0)
