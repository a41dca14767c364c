"""Which optimizer a model is compiled with, and which model is fitted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.cells import Cell
from kreglint.analysis.escape.graph import Escape, Holders
from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import DefinitionBinding, ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.training import Compiled, Fitted

_EXCLUDES = re.compile("exclude_from_weight_decay|exclude_layers")
_WORDS = ("weight_decay", "AdamW")  # what an optimizer is asked for
_EVALUATES = re.compile(r"evaluat|validat|test_on_batch|^\.fit|^\.predict")
_KEEPS = re.compile(r"^\.?save|Checkpoint|^\.?export|to_json|get_weights")  # the model, for other programs


def compiled_models(view: View) -> Iterator[Compiled]:
    """Yield the models whose optimizer is made by a call that the file shows, and whose making is seen too."""
    if "compile" not in view.text or not any(word in view.text for word in _WORDS):
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("compile"):
        optimizer = finder.optimizer(site) if called(site.node) == "compile" else None
        if optimizer is not None:
            made_in = finder.model(site)
            far = finder.layers_elsewhere(site, made_in)
            regularized = far or finder.models.may_regularize(made_in)
            if regularized and finder.decays_all(optimizer, site):
                yield Compiled(optimizer=finder.span(optimizer), made_in=made_in, made_elsewhere=far)


def fitted_models(view: View) -> Iterator[Fitted]:
    """Yield each call of `fit`, with the code that makes the layers of its model, if nobody else gets this."""
    if "fit" not in view.text or not ("egularizer" in view.text or view.leads_elsewhere) or view.speaks_of(_KEEPS):
        return
    finder = _Finder(view)
    for site in view.program.found.calls_of("fit"):
        if called(site.node) == "fit":
            made_in = finder.model(site)
            far = finder.layers_elsewhere(site, made_in) if finder.may_be_only_fitted(site) else ()
            here = finder.models.may_regularize(made_in) and finder.is_only_here(site, view.escape)
            there = bool(far) and view.across is not None and finder.is_only_fitted(site, view.across)
            if here or there:
                yield Fitted(span=finder.span(site.node), made_in=made_in, made_elsewhere=far if there else ())


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def optimizer(self, site: CallSite) -> nodes.Call | None:
        """Return the call that makes the optimizer of a `compile`, there or where its name is set."""
        first = site.node.args[0] if site.node.args else None
        positional = first if first is not None and first.keyword is None and not first.star else None
        named = (arg for arg in site.node.args if arg.keyword is not None and arg.keyword.value == "optimizer")
        given = next(named, positional)
        node = given.value if given is not None else None
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, site.scope, site.time)
            node = bound.value if isinstance(bound, ExpressionBinding) and bound.whole else None
        return node if isinstance(node, nodes.Call) else None

    def decays_all(self, optimizer: nodes.Call, site: CallSite) -> bool:
        """True if nothing may take weights out of what an optimizer decays."""
        for escape in self.view.graphs(across_only=False):
            if not escape.holders((optimizer, site.scope)).escapes():
                return not any(view.speaks_of(_EXCLUDES) for view in (self.view, *self.view.others(escape)))
        return False

    def model(self, site: CallSite) -> tuple[Span, ...]:
        """Return the code that makes the layers of a method's model."""
        func = site.node.func
        return self.models.made_in(func.value, site.scope, site.time) if isinstance(func, nodes.Attribute) else ()

    def layers_elsewhere(self, site: CallSite, made_in: tuple[Span, ...]) -> tuple[FarLayer, ...]:
        """Return the layers that a method's model gets by code of other files, where the method is Keras' own."""
        func = site.node.func
        if not isinstance(func, nodes.Attribute) or not self.view.leads_elsewhere:
            return ()
        where = (func.value, site.scope, site.time)
        leads = self.models.call_other_files(made_in) if made_in else self.models.may_be_elsewhere(*where)
        return layers_elsewhere(self.models, *where, self.span(site.node)) if leads and self._is_of_keras(func) else ()

    def _is_of_keras(self, func: nodes.Attribute) -> bool:
        """True if no class of the files that are followed has a method of its own that is so called."""
        across = self.view.across
        return across is not None and func.attr.value not in across.flows.methods

    def is_only_here(self, site: CallSite, escape: Escape) -> bool:
        """True if code that is not seen gets nothing of the model that is fitted."""
        holders = self._holders(site, escape)
        return holders is not None and not (holders.escapes() or holders.is_given_back())

    def may_be_only_fitted(self, site: CallSite) -> bool:
        """True if names alone do not tell yet that the model may be evaluated: they are sooner asked than the graph."""
        told = any(arg.star or (arg.keyword and _EVALUATES.search(arg.keyword.value)) for arg in site.node.args)
        return not (told or self._evaluates)

    @cached_property
    def _evaluates(self) -> bool:
        """True if the file evaluates something, or one that it calls into."""
        called_into = (self.view.imported(site.node.func, site.scope, site.time) for site in self.found.calls)
        others = {far.view for far in called_into if far is not None} if self.view.leads_elsewhere else set()
        return bool(self.found.calls_of("evaluate")) or any(map(_may_evaluate, others))

    def is_only_fitted(self, site: CallSite, escape: Escape) -> bool:
        """True if the other files make a model, and do no more with it."""
        holders = self._holders(site, escape)
        others = self.view.others(escape)
        if holders is None or not self.is_only_here(site, escape) or any(map(_may_evaluate, others)):
            return False
        modules = {each.program.found.module_scope for each in others}
        if any(cell.owner in modules and _is_variable(cell) for cell in holders.cells()):
            return False
        return not any(self._is_handed_over(each, holders, escape) for each in self.found.calls)

    def _holders(self, site: CallSite, escape: Escape) -> Holders | None:
        func = site.node.func
        return escape.holders((func.value, site.scope)) if isinstance(func, nodes.Attribute) else None

    def _is_handed_over(self, site: CallSite, holders: Holders, escape: Escape) -> bool:
        """True if a call gives the model to a function or class of another file."""
        callee = escape.flows.origins.callee(site.node, site.scope)
        functions = any(each not in self.found.functions for each in callee.functions)
        classes = any(each.node not in self.found.objects.by_node for each in callee.classes)
        return (functions or classes) and any(holders.of(arg.value, site.scope) for arg in site.node.args)


def _may_evaluate(view: View) -> bool:
    """True if another file may evaluate the models that it gets or makes, or have that done."""
    return view.speaks_of(_EVALUATES) or view.speaks_of(_KEEPS)


def _is_variable(cell: Cell) -> bool:
    """True if a cell is a name that is set to something: a function's only holds what its calls make."""
    _, bindings = cell.owner.history.get(cell.name, ((), ())) if isinstance(cell.owner, Scope) else ((), ())
    return not bindings or not all(isinstance(each, DefinitionBinding) for each in bindings)
