"""A verification as text, for `repr`."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.runtime.cells import HEADINGS, NUMBERS, cells, finding_lines, headline, not_checked_lines, remarks, shown
from kreglint.runtime.result import Verification


def summary(found: Verification) -> str:
    parts = [headline(found), *_table(found), *remarks(found), *finding_lines(found), *not_checked_lines(found)]
    return "\n".join(parts)


def _table(found: Verification) -> Iterator[str]:
    lines = [HEADINGS, *map(cells, shown(found))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            cell.rjust(width) if heading in NUMBERS else cell.ljust(width)
            for heading, cell, width in zip(HEADINGS, line, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()
