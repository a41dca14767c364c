"""What every reader of statements asks: which name of Keras an expression is, where it stands, how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.escape.linked import Imports, Linked, Unit
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.mentions import names_in
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import (
    Binding,
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import AttributeSite, CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.module import Module
from kreglint.diagnostics import Span

MODELS = frozenset(("keras.Model", "keras.models.Model"))
SEQUENTIAL = frozenset(("keras.Sequential", "keras.models.Sequential"))
LAYERS = MODELS | {"keras.layers.Layer", "keras.Layer"}  # what own layers derive from
LIBRARIES = ("tensorflow.", "keras.ops.", "keras.backend.", "numpy.")  # of functions that compute
_BUILDING = ("keras.layers.", *MODELS, *SEQUENTIAL)
_SHOWING = ("keras.utils.plot_model", "keras.utils.model_to_dot", "keras.utils.print_summary", "tensorflow.print")
_SUMS = ("sum", "add_n", "reduce_sum", "add")


class Far(NamedTuple):
    """What an imported name is in the file of the project that binds it."""

    view: View
    name: str
    binding: Binding

    @property
    def only_value(self) -> ExpressionBinding | None:
        """The expression that it is once and for all."""
        scope = self.view.program.found.module_scope
        once = isinstance(self.binding, ExpressionBinding) and len(scope.history[self.name][1]) == 1
        return self.binding if isinstance(self.binding, ExpressionBinding) and once and self.binding.whole else None


class View:
    """One program with what its names stand for, and where its objects go if that is asked for.

    `first` is that of the file which the analysis is about.
    """

    def __init__(self, module: Module, first: View | None = None) -> None:
        self.module = module
        self.program = module.program
        self.paths = module.paths
        self._first = first
        self._others: dict[Program, View] = {}

    @property
    def first(self) -> View:
        return self if self._first is None else self._first

    def release(self) -> None:
        """Undo the circles in what was worked out, when nobody asks any more, so that it is freed as it is left."""
        for other in self._others.values():
            other.release()
        self._others.clear()
        for name in ("escape", "across"):
            graph: Escape | None = vars(self).pop(name, None)
            if graph is not None:
                graph.release()

    @property
    def text(self) -> str:
        return self.program.text

    @cached_property
    def escape(self) -> Escape:
        return Escape(Linked(Unit(self.program, self.paths)))

    @cached_property
    def leads_elsewhere(self) -> bool:
        """True if the program imports from another file of the project."""
        return any(self.leads_on(name.path) for name in self.program.found.imports)

    @cached_property
    def across(self) -> Escape | None:
        """The same with the programs of the project that the file calls into; None where they are not followed."""
        if not self.leads_elsewhere:
            return None
        escape = Escape(Linked(Unit(self.program, self.paths), Imports(self._follow, self._is_module)))
        return escape if len(escape.units) > 1 and escape.flows.is_sure else None

    def graphs(self, *, across_only: bool) -> Iterator[Escape]:
        """Yield where objects go, as far as the file alone tells, and then with the other files."""
        if not across_only:
            yield self.escape
        if self.across is not None:
            yield self.across

    def _follow(self, path: str, importer: Program) -> tuple[Unit, str] | None:
        target = self.module.analysis.follow(path, importer.filename) if canonical(path) is None else None
        if target is None or target.rest:
            return None
        other = self.of(target.home)
        return Unit(other.program, other.paths), target.name

    def leads_on(self, path: str) -> bool:
        """True if an import is of a module of the project, or of a name in one."""
        whole = self._is_module(path, self.program)
        return whole or self._is_module(
            path.rpartition(".")[0] or path[: len(path) - len(path.lstrip("."))], self.program
        )

    def _is_module(self, path: str, importer: Program) -> bool:
        project = self.module.analysis.project
        followed = project is not None and bool(path) and canonical(path) is None
        return followed and project is not None and project.find(path, importer.filename) is not None

    def imported(self, node: nodes.Expression, scope: Scope, time: int) -> Far | None:
        """Return what a name of another file is that an expression certainly stands for: an import, or of a module."""
        paths = self.paths.of(node, scope, time)
        path, view = paths[0] if len(paths) == 1 else None, self
        for _ in range(bounds.IMPORTS):
            target = view.module.analysis.follow(path, view.program.filename) if path is not None else None
            if target is None or target.rest or canonical(path or "") is not None:
                return None
            view = self.first.of(target.home)
            if not isinstance(target.binding, ImportBinding):
                return Far(view, target.name, target.binding)
            path = target.binding.path
        return None

    def others(self, escape: Escape) -> list[View]:
        """Return the other programs through which objects are followed."""
        return [self._others[unit.program] for unit in escape.units[1:]]

    def of(self, module: Module) -> View:
        """Return the view of another program that the same analysis has entered."""
        if module.program is self.program:
            return self
        if module.program not in self._others:
            self._others[module.program] = View(module, self)
        return self._others[module.program]

    @cached_property
    def sites(self) -> dict[nodes.Call, CallSite]:
        return {site.node: site for site in self.program.found.calls}

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that the program uses, as `words.py` gives them."""
        return frozenset(names_in(self.program.module))


class Reader:
    """The base of those that read one program beyond its values."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.program = view.program
        self.found = view.program.found
        self.paths = view.paths
        self.functions = self.found.by_scope

    def canonical(self, node: nodes.Expression, scope: Scope, time: int) -> str | None:
        """Return the one path of Keras that an expression stands for; None where it is not certain."""
        paths = self.paths.of(node, scope, time)
        if len(paths) == 1:
            return canonical(paths[0])
        names = set(map(canonical, paths))
        return names.pop() if len(names) == 1 else None

    def definition(self, node: nodes.Expression, scope: Scope, time: int) -> nodes.FunctionDef | nodes.ClassDef | None:
        """Return the function or class of the file that a name stands for."""
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        return bound.node if isinstance(bound, DefinitionBinding) else None

    def maker(self, node: nodes.Expression, scope: Scope, time: int) -> str | None:
        """Return the path of Keras that is called to make an expression, there or where its name is set."""
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, scope, time)
            if not isinstance(bound, ExpressionBinding) or not bound.whole:
                return None
            node, scope, time = bound.value, bound.scope, bound.time
        return self.canonical(node.func, scope, time) if isinstance(node, nodes.Call) else None

    def makes_layer(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if a layer of Keras is called to make an expression, there or where its name is set."""
        return (self.maker(node, scope, time) or "").startswith("keras.layers.")

    def function_around(self, scope: Scope) -> nodes.FunctionDef | None:
        """Return the function in which a scope is; None at the top of a module or class."""
        return next(self.found.functions_around(scope), None)

    def summed_losses(self, node: nodes.Expression) -> str | None:
        """Return `model` in `sum(model.losses)` and its like, as it is written."""
        if not isinstance(node, nodes.Call) or called(node) not in _SUMS or len(node.args) != 1:
            return None
        summed = node.args[0].value
        if not isinstance(summed, nodes.Attribute) or summed.attr.value != "losses":
            return None
        return self.written(summed.value)

    def written(self, node: nodes.Expression) -> str:
        """Return a name or attribute without the blanks in it; anything else as it is."""
        return dotted(node) or self.text(node)

    def text(self, node: nodes.Node) -> str:
        """Return a node as it is written."""
        span = self.span(node)
        return self.program.text[span.start : span.end]

    def span(self, node: nodes.Node) -> Span:
        return node.span


def called(call: nodes.Call) -> str:
    """Return the last name of what is called."""
    func = call.func
    if isinstance(func, nodes.Attribute):
        return func.attr.value
    return func.value if isinstance(func, nodes.Name) else ""


def builds_or_shows(path: str) -> bool:
    """True if a function of a library only builds on a layer or model that it is given, or shows it."""
    name = canonical(path) or path
    return name.startswith(_BUILDING) or name in _SHOWING


def first_given(call: nodes.Call, name: str) -> nodes.Expression | None:
    """Return the first argument by its place, or the one by `name`, of those that stand in the call."""
    named = (arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == name)
    by_place = (arg.value for arg in call.args[:1] if arg.keyword is None and not arg.star)
    return next(named, next(by_place, None))


def is_weight_regularizer(name: str) -> bool:
    """True if an attribute of this name is read only when a layer makes its weights."""
    return name.endswith("_regularizer") and name != "activity_regularizer"


def sets(site: AttributeSite, constant: str) -> bool:
    """True if an attribute is set to a constant of Python by this name, and nothing else."""
    for node in descendants(site.statement):
        if isinstance(node, nodes.Assign) and any(target.target is site.node for target in node.targets):
            return isinstance(node.value, nodes.Name) and node.value.value == constant
    return False
