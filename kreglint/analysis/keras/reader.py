"""What every reader of statements asks: which name of Keras an expression is, where it stands, how it is written."""

from __future__ import annotations

import re
from functools import cached_property

from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.mentions import names_in
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.scopes import DefinitionBinding, ExpressionBinding, Scope, lookup
from kreglint.analysis.semantic.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span

GAP = r"(?:[\s\\]|#[^\r\n]*[\r\n])*"  # blanks, line ends and comments, as far as a program has them
_AROUND_DOT = re.compile(rf"{GAP}\.{GAP}")
_JOINED = re.compile(r"\\(?:\r\n|\r|\n)")

MODELS = frozenset(("keras.Model", "keras.models.Model"))
SEQUENTIAL = frozenset(("keras.Sequential", "keras.models.Sequential"))
_SUMS = ("sum", "add_n", "reduce_sum", "add")


def compact(text: str) -> str:
    """The text with nothing around its dots, and rows that a backslash joins as one: patterns look for names in it."""
    return _AROUND_DOT.sub(".", _JOINED.sub(" ", text))


class View:
    """One program with what its names stand for, and where its objects go if that is asked for."""

    def __init__(self, program: Program, paths: Paths) -> None:
        self.program = program
        self.paths = paths

    @property
    def text(self) -> str:
        return self.program.text

    @cached_property
    def escape(self) -> Escape:
        return Escape(self.program, self.paths)

    @cached_property
    def sites(self) -> dict[nodes.Call, CallSite]:
        return {site.node: site for site in self.program.found.calls}

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that the program uses, as `words.py` gives them."""
        return frozenset(names_in(self.program.module))

    def speaks_of(self, pattern: re.Pattern[str]) -> bool:
        """Whether some name in the program has a part that matches."""
        return any(map(pattern.search, self.names))


class Reader:
    """The base of those that read one program beyond its values."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.program = view.program
        self.found = view.program.found
        self.paths = view.paths
        self.functions = {site.scope: site.node for site in self.found.functions.values()}

    def canonical(self, node: nodes.Expression, scope: Scope, time: int) -> str | None:
        """The one path of Keras that an expression stands for; None where it is not certain."""
        names = {canonical(path) for path in self.paths.of(node, scope, time)}
        return names.pop() if len(names) == 1 else None

    def definition(self, node: nodes.Expression, scope: Scope, time: int) -> nodes.FunctionDef | nodes.ClassDef | None:
        """The function or class of the file that a name stands for."""
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        return bound.node if isinstance(bound, DefinitionBinding) else None

    def maker(self, node: nodes.Expression, scope: Scope, time: int) -> str | None:
        """The path of Keras that is called to make an expression, there or where its name is set."""
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, scope, time)
            if not isinstance(bound, ExpressionBinding) or not bound.whole:
                return None
            node, scope, time = bound.value, bound.scope, bound.time
        return self.canonical(node.func, scope, time) if isinstance(node, nodes.Call) else None

    def function_around(self, scope: Scope) -> nodes.FunctionDef | None:
        """The function in which a scope is; None at the top of a module or class."""
        current: Scope | None = scope
        while current is not None:
            node = self.functions.get(current)
            if isinstance(node, nodes.FunctionDef):
                return node
            current = current.parent
        return None

    def summed_losses(self, node: nodes.Expression) -> str | None:
        """`model` in `sum(model.losses)` and its like, as it is written."""
        if not isinstance(node, nodes.Call) or called(node) not in _SUMS or len(node.args) != 1:
            return None
        summed = node.args[0].value
        if not isinstance(summed, nodes.Attribute) or summed.attr.value != "losses":
            return None
        return self.written(summed.value)

    def written(self, node: nodes.Expression) -> str:
        """A name or attribute without the blanks in it; anything else as it is."""
        return dotted(node) or self.text(node)

    def text(self, node: nodes.Node) -> str:
        """A node as it is written."""
        span = self.span(node)
        return self.program.text[span.start : span.end]

    def span(self, node: nodes.Node) -> Span:
        return node.span


def called(call: nodes.Call) -> str:
    """The last name of what is called."""
    func = call.func
    if isinstance(func, nodes.Attribute):
        return func.attr.value
    return func.value if isinstance(func, nodes.Name) else ""


def is_weight_regularizer(name: str) -> bool:
    """Whether an attribute of this name is read only when a layer makes its weights."""
    return name.endswith("_regularizer") and name != "activity_regularizer"
