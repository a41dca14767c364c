"""What commas part, as it is written: the arguments of a call, or the names of an import."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.diagnostics import Span


class Gap(NamedTuple):
    """What stands between two parts: blanks, and these comments and line ends."""

    start: int
    end: int
    comments: tuple[Span, ...] = ()
    line_ends: tuple[Span, ...] = ()

    @property
    def comment(self) -> Span | None:
        """The comment on its first line."""
        is_first = self.comments and self.line_ends and self.comments[0] < self.line_ends[0]
        return self.comments[0] if is_first else None


class Item(NamedTuple):
    """An argument or a name. Its place is with its keyword, stars and parentheses, without its comma.

    `before` goes from the parenthesis or the comma before it, `after` to its own comma or to the end of all,
    and `behind` from its comma to what follows; that is empty where it has no comma.
    """

    place: Span
    comma: Span | None
    before: Gap
    after: Gap
    behind: Gap

    @property
    def line_end(self) -> Gap:
        """The gap in which its last line ends, if it does before the next item."""
        return self.behind if self.comma is not None and not self.after.line_ends else self.after
