"""How much of an object passes from one cell to another."""

from __future__ import annotations

from typing import NamedTuple


class Through(NamedTuple):
    """What of an object passes to a cell: at most `most`.

    `held`: only what is held, as what calls it gets; the call of a model or layer gives nothing of it. `built`: a layer
    or model that is made of it counts as the object itself.
    """

    most: int
    held: bool = False
    built: bool = False

    def after(self, first: Through) -> Through:
        """Return both ways, one after the other."""
        held = self.held if first.most == IS and not first.held else first.held
        return Through(min(self.most, first.most), held, self.built)

    def passes(self, mark: int) -> int:
        """Return what is left of a mark."""
        if self.held and mark == IS:
            return 0
        return IS if self.built and mark >= WITHIN else min(mark, self.most)


WEIGHTS, WITHIN, HOLDS, IS = 1, 2, 3, 4
"""What a cell may be of an object: its weights, made of it by a library, something that holds it, the very object."""
SAME, HELD, PUT = Through(IS), Through(HOLDS, held=True), Through(HOLDS)
MADE, BUILT = Through(WITHIN), Through(IS, built=True)
