"""Tables in plain text: the cells of a column are as wide as the widest of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kreglint.output.width import display_width, padded


def aligned(lines: Sequence[Sequence[str]], *, numbers: Collection[int] = ()) -> Iterator[list[str]]:
    """Return the lines with all cells padded: those of the columns `numbers` on the left, the others on the right."""
    widths = [max(map(display_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield [padded(cell, widths[place], on_left=place in numbers) for place, cell in enumerate(line)]
