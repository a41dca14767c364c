"""How a file writes a name of Keras: with the imports that it has, or with one more in its own style."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.program import Program, read_program
from kreglint.analysis.semantic.visible import Site, Visibility, Visible, mentioned
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.nesting import with_room_where_needed
from kreglint.diagnostics import Edit
from kreglint.engine.fixing.imports import import_edits, is_extendable
from kreglint.records import record
from kreglint.source.text import Source


@record()
class Spelling:
    """The text of a name at a place, and the edits that import it; `text` holds only together with these."""

    text: str
    imports: tuple[Edit, ...] = ()


class Speller:
    """Spells names for the fixes of one file, which is read again when the first is asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def spell(self, name: str, offset: int) -> Spelling | None:
        """Return the canonical name `keras.regularizers.L2` as it is to be written at an offset.

        None if the file does not show how it imports Keras on every way to that place.
        """
        if self._visibility is None:
            return None
        around = self._visibility.at(offset)
        known = _spelled(name, around)
        return Spelling(known) if known is not None else self._imported(name, around)

    @cached_property
    def _visibility(self) -> Visibility | None:
        return Visibility(self._program) if self._program is not None else None

    @cached_property
    def _program(self) -> Program | None:
        """None for what cannot be parsed."""
        try:
            return with_room_where_needed(partial(read_program, self._source.text, self._source.path))
        except (UnparsableError, RecursionError):
            return None

    @cached_property
    def _taken(self) -> frozenset[str]:
        return mentioned(self._program.module) if self._program is not None else frozenset()

    def _imported(self, name: str, around: Visible) -> Spelling | None:
        """Import the class where others of its module are imported by name, else the module."""
        module, _, short = name.rpartition(".")
        inner = module.partition(".")[2]
        for site in around.sites:
            if all(is_extendable(s, f"{root}.{inner}") for s, root in site) and short not in self._taken:
                return Spelling(short, self._edits(site, short, short, inner))
        last = inner.rpartition(".")[2]
        bound = next((word for word in (last, f"keras_{last}") if word not in self._taken), None)
        if bound is None or not around.sites:
            return None
        return Spelling(f"{bound}.{short}", self._edits(_best(around.sites), last, bound, ""))

    def _edits(self, site: Site, name: str, bound: str, inner: str) -> tuple[Edit, ...]:
        edits: list[Edit] = []
        for statement, root in site:
            module = f"{root}.{inner}" if inner else root
            edits += import_edits(self._source, statement, module, name, bound)
        return tuple(edits)


def _spelled(name: str, around: Visible) -> str | None:
    """The name by what is imported already: the longest known beginning of it wins."""
    roots = {root for site in around.sites for _, root in site}
    found = []
    for word, path in around.names.items():
        for known, text in _known(word, path, roots):
            if f"{name}.".startswith(f"{known}."):
                found.append((-len(known), len(text), text + name[len(known) :]))
    return min(found)[2] if found else None


def _known(word: str, path: str, roots: set[str]) -> Iterator[tuple[str, str]]:
    """What a name of the file gives: the canonical name of what it stands for, and how that is written."""
    own = canonical(path)
    if own is not None:
        yield own, word
    elif canonical(f"{path}.keras") == "keras" and (not roots or f"{path}.keras" in roots):
        yield "keras", f"{word}.keras"  # TensorFlow's, where the file does not take another


def _best(sites: list[Site]) -> Site:
    """The first site where `from keras import …` can be extended, else the first of all."""
    extendable = (site for site in sites if all(is_extendable(s, root) for s, root in site))
    return next(extendable, sites[0])
