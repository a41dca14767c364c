"""`verify`'s table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kreglint.output.colour import Palette, Style
from kreglint.output.columns import aligned
from kreglint.output.width import display_width, visible
from kreglint.runtime.cells import (
    HEADINGS,
    NUMBERS,
    cells,
    finding_lines,
    headline,
    is_all_well,
    not_checked_lines,
    remarks,
    shown,
)
from kreglint.runtime.result import Verification

_STYLES: Mapping[str, Sequence[Style]] = {
    "match": ("green",),
    "mismatch": ("bold", "red"),
    "inert": ("bold", "red"),
    "not-checked": ("yellow",),
}
_NUMBERS = frozenset(map(HEADINGS.index, NUMBERS))


def render(found: Verification, palette: Palette) -> Iterator[str]:
    for line in _lines(found, palette):
        yield line.rstrip() + "\n"


def _lines(found: Verification, palette: Palette) -> Iterator[str]:
    yield palette.paint(visible(headline(found)), "bold", _verdict(found))
    rows = [cells(penalty) for penalty in shown(found)]
    if rows:
        yield ""
        yield from _table([HEADINGS, *rows], palette)
        yield ""
    yield from map(visible, remarks(found))
    yield from (palette.paint(visible(line), "red") for line in finding_lines(found))
    yield from (palette.paint(visible(line), "yellow") for line in not_checked_lines(found))


def _verdict(found: Verification) -> Style:
    if is_all_well(found):
        return "green"
    return "yellow" if found.ok else "red"


def _table(lines: Sequence[Sequence[str]], palette: Palette) -> Iterator[str]:
    """The status is the last cell, so that its colour ends the line."""
    headings, *rows = aligned(lines, numbers=_NUMBERS)
    heading = "   ".join(headings)
    yield " " + palette.paint(heading.rstrip(), "bold")
    yield " " + "─" * display_width(heading)
    for *row, status in rows:
        status = status.rstrip()
        yield " " + "   ".join([*row, palette.paint(status, *_STYLES.get(status, ()))])
