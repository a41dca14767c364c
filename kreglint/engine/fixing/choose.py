"""Which fixes go into one document together, and its texts with them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kreglint.diagnostics import Diagnostic, Edit, Safety, Span
from kreglint.engine.fixing.document import Content, Document


class Place(NamedTuple):
    """One edit, by offsets into the text of its cell (0: of the file)."""

    cell: int
    start: int
    end: int
    content: str


class Choice(NamedTuple):
    diagnostic: Diagnostic
    edits: tuple[Place, ...]


def is_to_apply(diagnostic: Diagnostic, *, unsafe: bool) -> bool:
    """True if its fix is wanted: the safe ones always, the unsafe ones if they are asked for."""
    fix = diagnostic.fix
    return fix is not None and (fix.safety is Safety.SAFE or (unsafe and fix.safety is Safety.UNSAFE))


def compatible(found: Iterable[Diagnostic], document: Document) -> list[Choice]:
    """Return the fixes that do not touch one another, first come first served; the others wait for the next pass.

    Two that want the very same edit, as an import, share it.
    """
    taken: list[Place] = []
    chosen = []
    for diagnostic in found:
        edits = tuple(_places(diagnostic, document))
        if all(edit in taken or not _touches(edit, taken) for edit in edits):
            taken = sorted({*taken, *edits})
            chosen.append(Choice(diagnostic, edits))
    return chosen


def applied(chosen: Sequence[Choice], document: Document) -> Content:
    """Return the document's content after fixes of which none touches another."""
    edits = {edit for choice in chosen for edit in choice.edits}
    by_cell: dict[int | None, list[Edit]] = {}
    for cell, start, end, content in sorted(edits):
        by_cell.setdefault(cell or None, []).append(Edit(Span(start, end), content))
    return document.edited(by_cell)


def _places(diagnostic: Diagnostic, document: Document) -> Iterator[Place]:
    for edit in diagnostic.fix.edits if diagnostic.fix is not None else ():
        source = document.source(edit.cell)
        yield Place(edit.cell or 0, source.offset(edit.location), source.offset(edit.end_location), edit.content)


def _touches(edit: Place, taken: Sequence[Place]) -> bool:
    """True if it has a character or an end in common with one of those, which are sorted."""
    first = bisect_left(taken, (edit.cell, edit.start), key=lambda other: (other.cell, other.end))
    return first < len(taken) and (taken[first].cell, taken[first].start) <= (edit.cell, edit.end)
