"""From what a rule asks for to plain edits of one file's text."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.diagnostics import Edit, Fix, Removal, Safety
from kreglint.engine.fixing.removal import removal_edits
from kreglint.records import replace
from kreglint.source.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.fixing.spelling import Speller


class PlainFix(NamedTuple):
    """A fix as edits alone, in the order of the text."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


class Realiser:
    """Writes the fixes of one file in the file's own style."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._speller: Speller | None = None

    def plain(self, fix: Fix) -> PlainFix | None:
        """Return the edits of a fix, or None if the text around it allows none.

        A fix that uses a name which the file does not show how to import is left for display.
        """
        edits: list[Edit] = []
        for edit in fix.edits:
            found = removal_edits(edit, self._source.text) if isinstance(edit, Removal) else (edit,)
            if found is None:
                return None
            edits += found
        plain = PlainFix(fix.title, fix.safety, tuple(edits))
        return plain if fix.uses is None else self._spelled(plain, fix.uses)

    def _spelled(self, fix: PlainFix, name: str) -> PlainFix:
        spelling = self._names().spell(name, fix.edits[0].span.start)
        if spelling is None:
            return PlainFix(f"{fix.title} (how this file imports Keras is not certain)", Safety.DISPLAY, fix.edits)
        edits = (replace(edit, content=edit.content.replace(name, spelling.text, 1)) for edit in fix.edits)
        everything = sorted((*spelling.imports, *edits), key=lambda edit: edit.span)
        return PlainFix(fix.title.replace(name, spelling.text, 1), fix.safety, tuple(everything))

    def _names(self) -> Speller:
        if self._speller is None:
            from kreglint.engine.fixing.spelling import Speller  # here, since few fixes need it

            self._speller = Speller(self._source)
        return self._speller
