"""Callbacks that change a factor of a regularizer, which a step that is traced already does not read again."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.cells import attribute_cell, instance_cell, own_cell
from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.graph import Escape, Holders
from kreglint.analysis.keras.lineage import lineage
from kreglint.analysis.keras.method_calls import may_be_own
from kreglint.analysis.keras.reader import Reader, View, called, is_weight_regularizer
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import AttributeSite
from kreglint.analysis.syntax import nodes
from kreglint.facts.late import TracedChange

_CALLBACK = "keras.callbacks.Callback"
_FACTORS = ("l1", "l2", "factor")
_EAGER = ("run_eagerly", "train_function")  # attributes of a model, and what it is compiled with
_ALL_EAGER = ("run_functions_eagerly", "experimental_run_functions_eagerly")  # functions of TensorFlow


def traced_changes(view: View) -> Iterator[TracedChange]:
    """The changes of factors in the callbacks of one program after which no step is traced anew."""
    finder = _Finder(view)
    for site in view.program.found.attributes:
        owner = site.node.value
        owned = owner.attr.value if isinstance(owner, nodes.Attribute) else ""
        factor = site.assigned and site.node.attr.value in _FACTORS
        made = finder.callback(site) if factor and is_weight_regularizer(owned) else None
        if made is not None and not finder.is_traced_again(made):
            yield TracedChange(span=finder.span(site.node), compiled=finder.compiled())


class _Finder(Reader):
    def is_traced_again(self, made: ClassSite) -> bool:
        """True if a callback, or another who gets its model, may have the step traced anew."""
        if any(called(site.node) == "compile" for site in self.found.calls_within(made.scope)):
            return True
        return not any(_Callback(self.view, each, made).traces_once() for each in self.view.graphs(across_only=False))

    def compiled(self) -> int | None:
        """The end of the last argument of the only `compile` of a model."""
        sites = self.found.calls_of("compile")
        of_models = [s.node for s in sites if s.node.args and not self.paths.of(s.node.func, s.scope, s.time)]
        return self.span(of_models[0].args[-1]).end if len(of_models) == 1 else None

    def callback(self, site: AttributeSite) -> ClassSite | None:
        """The class of a callback in which something stands."""
        scope: Scope | None = site.scope
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        made = self.program.found.objects.classes.get(scope) if scope is not None else None
        return made if made is not None and lineage(self.view, made, (_CALLBACK,)) else None


class _Callback:
    """A class of callbacks, and what one graph tells of the models that it is given to."""

    def __init__(self, view: View, escape: Escape, made: ClassSite) -> None:
        self._view = view
        self._escape = escape
        instance = instance_cell(made.scope)
        cells = (attribute_cell("model"), own_cell(made.scope))
        self._holders = escape.holders_of(*cells, blocked=frozenset((instance,)))
        self._fits = list(self._fitted_with(escape.holders_of(instance)))

    def traces_once(self) -> bool:
        """True if nothing has the step of such a model traced anew, or run without tracing."""
        calls = self._escape.flows.calls
        paths = (self._escape.flows.origins.path(node) for node, _ in calls)
        if self._holders.escapes() or any(path.rpartition(".")[2] in _ALL_EAGER for path in paths):
            return False
        if any(may_be_own(self._view, self._escape, func, scope) for func, scope in self._fits or self._all_fits()):
            return False
        for held in self._models():
            if Effects(self._escape, held).sets(_EAGER):
                return False
        return not any(self._may_trace(node, scope) for node, scope in calls if called(node) == "compile")

    def _models(self) -> list[Holders]:
        """What may hold the models that the callback gets."""
        return [self._holders, *(self._escape.holders((func.value, scope)) for func, scope in self._fits)]

    def _fitted_with(self, callbacks: Holders) -> Iterator[tuple[nodes.Attribute, Scope]]:
        for func, scope, node in self._calls_of_fit():
            if any(callbacks.of(arg.value, scope) for arg in node.args):
                yield func, scope

    def _all_fits(self) -> list[tuple[nodes.Attribute, Scope]]:
        return [(func, scope) for func, scope, _ in self._calls_of_fit()]

    def _calls_of_fit(self) -> Iterator[tuple[nodes.Attribute, Scope, nodes.Call]]:
        for node, scope in self._escape.flows.calls:
            if isinstance(node.func, nodes.Attribute) and called(node).startswith("fit"):
                yield node.func, scope, node

    def _may_trace(self, node: nodes.Call, scope: Scope) -> bool:
        """True if it compiles such a model anew, or so that its step is not traced."""
        func = node.func
        if not isinstance(func, nodes.Attribute):
            return False
        if self._holders.of(func.value, scope):
            return True
        eagerly = any(arg.star or (arg.keyword is not None and arg.keyword.value in _EAGER) for arg in node.args)
        return eagerly and (not self._fits or any(held.of(func.value, scope) for held in self._models()))
