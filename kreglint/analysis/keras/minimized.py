"""Losses that an optimizer is told to minimise, in sessions and estimators of TensorFlow 1 too, without the penalties.

`minimize` adds nothing: neither the losses of models nor those of the layers that a graph is made of by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis.keras.applied import Applied
from kreglint.analysis.keras.far_derived import may_be_overridden
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.left_out import Layers, LeftOut
from kreglint.analysis.keras.otherwise import Otherwise
from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.keras.steps import Step
from kreglint.analysis.keras.sums import trained_models, values_of
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.training import TapeLoss

_OF_GRAPHS = re.compile(r"tensorflow\.(compat\.v1\.)?train\.\w*Optimizer")
KERAS_OPTIMIZERS = re.compile(r"(tensorflow\.)?keras\.optimizers\.\w+(\.\w+)?")
_GRADIENTS = "compute_gradients"
_METHODS = ("minimize", _GRADIENTS)


class _Minimized(NamedTuple):
    """The losses that a call minimises, worked out in `body`; `taken` is the call, where it stands there itself."""

    site: CallSite
    body: nodes.Node
    losses: list[tuple[nodes.Expression, Scope]]
    taken: nodes.Call | None


def minimized_losses(view: View) -> Iterator[TapeLoss]:
    """Yield the losses of one program that `minimize` is given without those of the models and layers behind them."""
    finder = _Finder(view)
    for method in _METHODS:
        for site in view.program.found.calls_of(method):
            if called(site.node) == method and not site.provoked:
                yield from finder.minimized(site)


class _Finder(LeftOut):
    def minimized(self, site: CallSite) -> Iterator[TapeLoss]:
        given = {arg.keyword.value: arg.value for arg in site.node.args if arg.keyword is not None}
        by_place = [arg.value for arg in site.node.args if arg.keyword is None]
        if any(arg.star for arg in site.node.args) or not site.node.args:
            return
        if called(site.node) == _GRADIENTS and not Applied(self.view).reach(site.node):
            return
        of_graph, loss = self._is_of_graph(site), by_place[0] if by_place else given.get("loss")
        if of_graph is None or loss is None:
            return
        place = 2 if of_graph and called(site.node) == "minimize" else 1
        variables = by_place[place] if len(by_place) > place else given.get("var_list")
        what = self._what(site, loss, in_graph=of_graph, has_tape="tape" in given)
        if what is not None and (of_graph or variables is not None):
            around = self.function_around(site.scope) or self.program.module
            named = trained_models(variables, around) if variables is not None else self._run_by(what)
            found = list(self._left_out(what, list(named), whole=variables is None))
            owner = self.class_around(around) if found else None
            if owner is None or not may_be_overridden(self.view, owner):
                yield from found

    def _is_of_graph(self, site: CallSite) -> bool | None:
        """True if it is called on an optimizer of TensorFlow 1, False of Keras, None where that is not certain."""
        func = site.node.func
        made = (
            self.models.makers.call_of(func.value, site.scope, site.time) if isinstance(func, nodes.Attribute) else None
        )
        paths = self.paths.of(made[0].func, *made[1:]) if made is not None else ()
        if len(paths) == 1 and _OF_GRAPHS.fullmatch(paths[0]):
            return True
        return False if len(paths) == 1 and KERAS_OPTIMIZERS.fullmatch(paths[0]) else None

    def _what(self, site: CallSite, loss: nodes.Expression, *, in_graph: bool, has_tape: bool) -> _Minimized | None:
        """Return what is minimised: what a function gives back that is handed on, or a tensor of a graph or tape."""
        made = self.definition(loss, site.scope, site.time) or self._lambda(loss, site)
        function = self.found.functions.get(made) if made is not None else None
        if function is not None and not isinstance(made, nodes.ClassDef):
            losses = [(each.value, function.scope) for each in function.returns if each.value is not None]
            plain = function.plain and len(losses) == len(function.returns) and bool(losses)
            bare = not function.scope.parameters and not getattr(function.node, "decorators", ())
            return _Minimized(site, function.node, losses, None) if plain and bare else None
        body = self.function_around(site.scope) or self.program.module
        known = not isinstance(loss, nodes.Name) or bool(values_of(loss.value, body))
        return _Minimized(site, body, [(loss, site.scope)], site.node) if known and (in_graph or has_tape) else None

    def _lambda(self, node: nodes.Expression, site: CallSite) -> nodes.Lambda | None:
        """Return the lambda that an expression is, or that its name is bound to."""
        bound = lookup(node.value, site.scope, site.time) if isinstance(node, nodes.Name) else None
        value = bound.value if isinstance(bound, ExpressionBinding) and bound.whole else node
        return value if isinstance(value, nodes.Lambda) else None

    def _run_by(self, what: _Minimized) -> Iterator[nodes.Expression]:
        """Yield what the code that works out a loss calls by a name or attribute, each once."""
        seen: set[str] = set()
        for site in self._calls(self.span(what.body)):
            func = site.node.func
            text = self.written(func)
            if isinstance(func, (nodes.Name, nodes.Attribute)) and text not in seen:
                seen.add(text)
                yield func

    def _calls(self, span: Span) -> Iterator[CallSite]:
        return (each for each in self.found.calls if span.start <= each.node.start < span.end)

    def _left_out(self, what: _Minimized, models: list[nodes.Expression], *, whole: bool) -> Iterator[TapeLoss]:
        scope, time = what.losses[0][1], what.site.time
        layers: list[nodes.Expression] = list(self._layers(what)) if whole else []
        for model in models:
            made = self.models.made_in(model, scope, time)
            maker = self.models.makers.call_of(model, scope, time) if made else None
            if maker is not None and self._is_layer(*maker):
                layers.append(model)
            elif made and self._is_plain(what, model):
                yield from self._told(what, self.written(model), made)
        made = tuple(span for layer in layers for span in self.models.made_in(layer, scope, time))
        if self.models.may_regularize(made) and all(self._is_plain(what, layer) for layer in layers):
            yield from self._told(what, "", made)

    def _layers(self, what: _Minimized) -> Iterator[nodes.Call]:
        """Yield the layers that are made and called at once, `Dense(2)(x)`."""
        for site in self._calls(self.span(what.body)):
            func = site.node.func
            made = func if isinstance(func, nodes.Call) and self._is_layer(func, site.scope, site.time) else None
            if made is not None and self.models.may_regularize((self.span(made),)):
                yield made

    def _is_layer(self, node: nodes.Call, scope: Scope, time: int) -> bool:
        return layer_class(self.canonical(node.func, scope, time)) is not None

    def _is_plain(self, what: _Minimized, model: nodes.Expression) -> bool:
        escape = self.view.escape
        step = Step(self.view, escape, what.body, model, what.losses, what.taken)
        used = (model, what.losses[0][1])
        return step.is_plain() and not Otherwise(self.view, escape, what.body, step.holders, used).may_penalize()

    def _told(self, what: _Minimized, model: str, made: tuple[Span, ...]) -> Iterator[TapeLoss]:
        for loss, _ in what.losses:
            yield self.told(loss, what.body, model, Layers(made), in_place=what.taken is None)
