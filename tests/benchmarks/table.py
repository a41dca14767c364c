"""The table of figures: on the screen as they come, and in docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

_START, _END = "<!-- ratios: python -m tests.benchmarks.ratios --peers --write -->\n", "<!-- end of ratios -->\n"


@dataclass(frozen=True)
class Row:
    """One figure, the median of several. The project wants `aim`, and holds itself to `held` where that is missed.

    `unit`: what the figure is counted in where it is not a ratio. Such a figure is only told (`held` of inf), unless
    it is nearly the same on all machines.
    """

    measured: str
    relative_to: str
    values: Sequence[float]
    aim: float
    held: float | None = None
    unit: str = ""

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def is_missed(self) -> bool:
        return self.value > self.aim

    @property
    def is_passed(self) -> bool:
        """Whether the figure is worse than what the project holds itself to."""
        return self.value > max(self.aim, self.held or 0)

    def cells(self) -> tuple[str, ...]:
        span = f"{_short(min(self.values))} to {_short(max(self.values))}" if len(self.values) > 1 else ""
        aim = f"{_short(self.aim)}{self.unit}" + (" (missed)" if self.is_missed else "")
        figure = f"{_short(self.value)}{self.unit}"
        return self.measured, self.relative_to, figure, span, str(len(self.values)), aim


def told(rows: Iterable[Row]) -> list[Row]:
    """Print each figure as soon as it is there; return all."""
    found = []
    for row in rows:
        measured, relative_to, figure, span, _, aim = row.cells()
        held = f", at most {_short(row.held)}" if row.held is not None and isfinite(row.held) else ""
        print(f"{figure:>10}  (aim {aim}{held})  {measured} / {relative_to}  {span}", flush=True)
        found.append(row)
    return found


def write(page: Path, measured: str, rows: Iterable[Row]) -> None:
    """Put the table between the marks of a page, below a sentence on what was measured."""
    text = page.read_text(encoding="utf-8")
    before, after = text[: text.index(_START) + len(_START)], text[text.index(_END) :]
    headings = ("measured", "relative to", "figure", "from … to", "runs", "aim")
    lines = [headings, ("---",) * len(headings), *(row.cells() for row in rows)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    page.write_text(f"{before}{measured}\n\n{table}{after}", encoding="utf-8")


def _short(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 20 else f"{value:.0f}"
