"""One program, parsed and walked: what is the same whoever asks about it."""

from __future__ import annotations

import os
import re

from kreglint.analysis.semantic.builder import collect
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.sites import Collected
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.parse import parse
from kreglint.analysis.syntax.walk import children, descendants
from kreglint.catalog.model import MAJORS, load
from kreglint.records import field, record

_NOTED_OWNER = "regularizers"  # all that a module of this name is asked for is noted
_NOTED_START = "regul"  # and so are modules of names like it,
_NOTED_NAMES = frozenset("l1 l2 factor L1 L2 l1_l2 L1L2".split())  # and what may be looked for in another module
_LINE_END = re.compile(r"\r\n|\r|\n")


@record(eq=False)
class Program:
    """A file's text with what the walk over it noted. `filename` is where its imports are looked for."""

    text: str
    filename: str
    module: nodes.Module
    found: Collected
    _parents: dict[nodes.Node, nodes.Node] = field(default_factory=dict)

    @property
    def parents(self) -> dict[nodes.Node, nodes.Node]:
        """What each node stands in; the tree is walked for it when somebody asks first."""
        if not self._parents:
            self._parents.update((child, node) for node in descendants(self.module) for child in children(node))
        return self._parents

    @property
    def file(self) -> str:
        """The path by which other files of the project lead to it, which is absolute and keeps links."""
        return os.path.abspath(self.filename)  # noqa: PTH100  (pathlib would go where links lead)

    @property
    def newline(self) -> str:
        """The first end of a line in the text."""
        found = _LINE_END.search(self.text)
        return found[0] if found is not None else "\n"

    def release(self) -> None:
        """Undo the circles in what was noted, when nobody asks any more, so that it is freed as it is left."""
        for scope in (self.found.module_scope, *self.found.scopes):
            scope.clear()


def read_program(text: str, filename: str) -> Program:
    """Parse and walk a program.

    Raises:
        UnparsableError: it cannot be parsed.
        RecursionError: it is nested more deeply than the stack allows.
    """
    module = parse(text)
    return Program(text, filename, module, collect(module, _is_noted, _star_brings))


def _is_noted(attribute: str, owner: str) -> bool:
    """True if an attribute may be a name of Keras' regularizers, or of a module that is meant for theirs."""
    return owner == _NOTED_OWNER or attribute in _NOTED_NAMES or attribute[:5].lower() == _NOTED_START


def star_path(module: str, name: str) -> str | None:
    """Return the path of a name that `from module import *` brings from a module of Keras."""
    below = (canonical(f"{module}.{name}") or "").partition(".")[2]
    known = any(below in load(major).module_paths for major in MAJORS)
    return f"{module}.{name}" if known else None


def _star_brings(module: str, name: str) -> bool | None:
    """True if `from module import *` brings a name; None where the module is not one of Keras."""
    if canonical(module) is None:
        return None
    return star_path(module, name) is not None
