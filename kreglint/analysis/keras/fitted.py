"""Which models are fitted, and never evaluated on other data."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.cells import Cell
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.evaluations import Evaluations
from kreglint.analysis.keras.method_calls import MethodCalls
from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.semantic.scopes import DefinitionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.facts.training import Fitted

_PLAINLY = ("evaluate", "predict", "save")


def fitted_models(view: View) -> Iterator[Fitted]:
    """Each call of `fit` of a model that is not evaluated, with the code that makes the layers of this."""
    if "fit" not in view.text or not ("egularizer" in view.text or view.leads_elsewhere):
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("fit"):
        func = site.node.func
        if called(site.node) == "fit" and isinstance(func, nodes.Attribute):
            made_in = finder.model(site)
            regularized = finder.models.may_regularize(made_in)
            if not (regularized or finder.leads_elsewhere(site, made_in)) or finder.is_evaluated(site, func):
                continue
            here = regularized and finder.is_only_fitted(site, func)
            far = () if here else finder.layers_elsewhere(site, made_in)
            if here or (far and view.across is not None and finder.is_only_fitted_in(view.across, site, func)):
                yield Fitted(span=finder.span(site.node), made_in=made_in, made_elsewhere=far)


class _Finder(MethodCalls):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._evaluations: dict[Escape, Evaluations] = {}

    def is_evaluated(self, site: CallSite, func: nodes.Attribute) -> bool:
        """True if the file itself shows that: it is sooner asked than the graph of several files.

        A name that evaluates, as it stands in the same scope, needs no graph at all.
        """
        owner = self.written(func.value)
        for name in _PLAINLY:
            for each in self.found.calls_of(name):
                node = each.node.func
                if isinstance(node, nodes.Attribute) and each.scope is site.scope and self.written(node.value) == owner:
                    return True
        return self._of(self.view.escape).shows(func.value, site.scope)

    def _of(self, escape: Escape) -> Evaluations:
        if escape not in self._evaluations:
            self._evaluations[escape] = Evaluations(escape, [self.view, *self.view.others(escape)])
        return self._evaluations[escape]

    def is_only_fitted(self, site: CallSite, func: nodes.Attribute) -> bool:
        """True if nothing more than to fit it is done with the model of a method, as far as some graph tells."""
        return any(self.is_only_fitted_in(escape, site, func) for escape in self.view.graphs(across_only=False))

    def is_only_fitted_in(self, escape: Escape, site: CallSite, func: nodes.Attribute) -> bool:
        """True if that is so of one graph, where no other file keeps the model in a name of its own."""
        if not self.is_of_keras(site, escape) or self._is_kept_elsewhere(escape, site, func):
            return False
        return not self._of(escape).may_be(func.value, site.scope)

    def _is_kept_elsewhere(self, escape: Escape, site: CallSite, func: nodes.Attribute) -> bool:
        modules = {each.program.found.module_scope for each in self.view.others(escape)}
        cells = escape.holders((func.value, site.scope)).cells() if modules else ()
        return any(cell.owner in modules and _is_variable(cell) for cell in cells)


def _is_variable(cell: Cell) -> bool:
    """True if a cell is a name that is set to something: a function's only holds what its calls make."""
    _, bindings = cell.owner.history.get(cell.name, ((), ())) if isinstance(cell.owner, Scope) else ((), ())
    return not bindings or not all(isinstance(each, DefinitionBinding) for each in bindings)
