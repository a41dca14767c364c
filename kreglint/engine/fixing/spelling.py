"""How a file writes a name of Keras: with the imports that it has, or with one more in its own style."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.syntax.parse import python_tree
from kreglint.diagnostics import Edit
from kreglint.engine.fixing.imports import import_edits, is_extendable
from kreglint.engine.fixing.visible import Point, Site, Visibility, Visible, mentioned
from kreglint.source.text import Source

_KERAS = ("keras", "tf_keras")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The text of a name at a place, and the edits that import it; `text` holds only together with these."""

    text: str
    imports: tuple[Edit, ...] = ()


class Speller:
    """Spells names for the fixes of one file, which is parsed when the first is asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: Visibility | None = None

    def spell(self, name: str, offset: int) -> Spelling | None:
        """Return the canonical name `keras.regularizers.L2` as it is to be written at an offset.

        None if the file does not show how it imports Keras on every way to that place.
        """
        if self._tree is None:
            return None
        around = self._visibility(self._tree).at(self._point(offset))
        known = _spelled(name, around)
        return Spelling(known) if known is not None else self._imported(name, around)

    def _visibility(self, tree: ast.Module) -> Visibility:
        if self._known is None:
            self._known = Visibility(tree)
        return self._known

    @cached_property
    def _tree(self) -> ast.Module | None:
        """None for syntax that the Python that runs us does not read."""
        try:
            return python_tree(self._source.text)
        except (SyntaxError, RecursionError, MemoryError):
            return None

    @cached_property
    def _taken(self) -> frozenset[str]:
        return mentioned(self._tree) if self._tree is not None else frozenset()

    def _point(self, offset: int) -> Point:
        row, column = self._source.location(offset)
        return row, len(self._source.line(row)[: column - 1].encode())

    def _imported(self, name: str, around: Visible) -> Spelling | None:
        """Import the class where others of its module are imported by name, else the module."""
        module, _, short = name.rpartition(".")
        inner = module.partition(".")[2]
        for site in around.sites:
            if all(is_extendable(s, f"{root}.{inner}") for s, root in _with_roots(site)) and short not in self._taken:
                return Spelling(short, self._edits(site, short, short, inner))
        last = inner.rpartition(".")[2]
        bound = next((word for word in (last, f"keras_{last}") if word not in self._taken), None)
        if bound is None or not around.sites:
            return None
        return Spelling(f"{bound}.{short}", self._edits(_best(around.sites), last, bound, ""))

    def _edits(self, site: Site, name: str, bound: str, inner: str) -> tuple[Edit, ...]:
        edits: list[Edit] = []
        for statement, root in _with_roots(site):
            module = f"{root}.{inner}" if inner else root
            edits += import_edits(self._source, statement, module, name, bound)
        return tuple(edits)


def _spelled(name: str, around: Visible) -> str | None:
    """Return the name by what is imported already: the longest known beginning of it wins."""
    roots = {root for site in around.sites for _, root in _with_roots(site)}
    found = []
    for word, path in around.names.items():
        for known, text in _known(word, path, roots):
            if f"{name}.".startswith(f"{known}."):
                found.append((-len(known), len(text), text + name[len(known) :]))
    return min(found)[2] if found else None


def _known(word: str, path: str | None, roots: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what a name of the file gives: the canonical name of what it stands for, and how that is written."""
    if path is None:
        return
    own = canonical(path)
    if own is not None:
        yield own, word
    elif canonical(f"{path}.keras") == "keras" and (not roots or f"{path}.keras" in roots):
        yield "keras", f"{word}.keras"  # TensorFlow's, where the file does not take another


def _best(sites: list[Site]) -> Site:
    """Return the first site where `from keras import …` can be extended, else the first of all."""
    extendable = (site for site in sites if all(is_extendable(s, root) for s, root in _with_roots(site)))
    return next(extendable, sites[0])


def _with_roots(site: Site) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for statement in site.statements:
        yield statement, _root(statement)


def _root(statement: ast.Import | ast.ImportFrom) -> str:
    """Return the package Keras is imported from: `tensorflow.keras` for `from tensorflow.keras.layers import *`."""
    paths = (
        [alias.name for alias in statement.names]
        if isinstance(statement, ast.Import)
        else [f"{statement.module}.{alias.name}" for alias in statement.names]
    )
    parts = next(path for path in paths if canonical(path) is not None).split(".")
    end = next((index for index, part in enumerate(parts) if part in _KERAS), 0)
    return ".".join(parts[: end + 1])
