"""Losses that JAX differentiates, of functions that run a model by `stateless_call` without asking for its losses."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.steps import STATELESS, Step
from kreglint.analysis.semantic.sites import CallSite, FunctionSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.training import TapeLoss

_GRADIENTS = frozenset(("jax.grad", "jax.value_and_grad"))


def stateless_losses(view: View) -> Iterator[TapeLoss]:
    """Yield the losses of one program that such functions give back, once for each model that one runs."""
    finder = _Finder(view)
    told: set[tuple[Span, str]] = set()
    for site in view.program.found.calls if view.program.found.calls_of(STATELESS) else ():
        for loss in finder.differentiated(site) if not site.provoked else ():
            if (loss.span, loss.model) not in told:
                told.add((loss.span, loss.model))
                yield loss


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)

    def differentiated(self, site: CallSite) -> Iterator[TapeLoss]:
        paths = self.paths.of(site.node.func, site.scope, site.time)
        given = {arg.keyword.value: arg.value for arg in site.node.args if arg.keyword is not None}
        first = site.node.args[0] if site.node.args else None
        if len(paths) != 1 or paths[0] not in _GRADIENTS or first is None or first.keyword is not None or first.star:
            return
        made = self._models.makers.function(first.value, site.scope, site.time)
        function = self.found.functions.get(made) if made is not None else None
        has_aux = given.get("has_aux")
        if function is not None and (has_aux is None or isinstance(has_aux, nodes.Name)):
            losses = list(_losses(function, with_more=has_aux is not None and has_aux.value == "True"))
            yield from self._left_out(function, losses) if losses else ()

    def _left_out(self, function: FunctionSite, losses: list[nodes.Expression]) -> Iterator[TapeLoss]:
        for site in self.found.calls_within(function.scope):
            func = site.node.func
            runs = called(site.node) == STATELESS and isinstance(func, nodes.Attribute)
            if not isinstance(func, nodes.Attribute) or not runs or _uses_weights(function.node.body, site.node):
                continue
            made_in = self._models.made_in(func.value, site.scope, site.time)
            given = [(loss, function.scope) for loss in losses]
            step = Step(self.view, self.view.escape, function.node, func.value, given) if made_in else None
            if step is not None and step.is_plain(runs=True):
                for loss in losses:
                    yield TapeLoss(span=self.span(loss), model=self.written(func.value), made_in=made_in)


def _uses_weights(body: nodes.Node, run: nodes.Call) -> bool:
    """True if a function may do something with the weights other than to run the model by them."""
    weights = run.args[0].value if run.args and run.args[0].keyword is None and not run.args[0].star else None
    if not isinstance(weights, nodes.Name):
        return True
    read = (each for each in descendants(body) if isinstance(each, nodes.Name) and each.value == weights.value)
    return any(each is not weights for each in read)


def _losses(function: FunctionSite, *, with_more: bool) -> Iterator[nodes.Expression]:
    """Yield the losses that a function gives back, `with_more` as the first of several; none where one is not plain."""
    values = [each.value for each in function.returns] if function.plain else []
    found = [_first(value) if with_more else value for value in values]
    if all(each is not None for each in found):
        yield from (each for each in found if each is not None)


def _first(value: nodes.Expression | None) -> nodes.Expression | None:
    elements = value.elements if isinstance(value, nodes.Tuple) else ()
    return elements[0].value if elements and isinstance(elements[0], nodes.Element) else None
