"""One program, parsed and walked: what is the same whoever asks about it."""

from __future__ import annotations

import re

from kreglint.analysis.semantic.builder import collect
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.sites import Collected
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.parse import parse
from kreglint.catalog.model import MAJORS, load
from kreglint.records import record

_NOTED_ATTRIBUTES = frozenset(
    "WeightRegularizer ActivityRegularizer EigenvalueRegularizer L1L2Regularizer "
    "activity_l1 activity_l2 activity_l1l2 l1l2".split()
)  # names of Keras 1 that no later version has
_LINE_END = re.compile(r"\r\n|\r|\n")


@record(eq=False)
class Program:
    """A file's text with what the walk over it noted. `filename` is where its imports are looked for."""

    text: str
    filename: str
    module: nodes.Module
    found: Collected

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
    return Program(text, filename, module, collect(module, _NOTED_ATTRIBUTES, _star_brings))


def star_path(module: str, name: str) -> str | None:
    """The path of a name that `from module import *` brings from a module of Keras."""
    below = (canonical(f"{module}.{name}") or "").partition(".")[2]
    known = any(below in load(major).module_paths for major in MAJORS)
    return f"{module}.{name}" if known else None


def _star_brings(module: str, name: str) -> bool | None:
    """Whether `from module import *` brings a name; None where the module is not one of Keras."""
    if canonical(module) is None:
        return None
    return star_path(module, name) is not None
