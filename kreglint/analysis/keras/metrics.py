"""Training steps that return a loss which no metric is told of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.escape.cells import own_cell
from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children
from kreglint.facts.training import UnloggedLoss

_TELLS = re.compile(r"metric|update_state|tracker|^\.train_step$")
_METRICS = ("metrics", "weighted_metrics")
_MOST_WITHOUT_METRICS = 3  # arguments of compile by place: optimizer, loss, loss_weights


def unlogged_losses(view: View) -> Iterator[UnloggedLoss]:
    """Yield the steps that return no more than `{"loss": …}`, in models that are compiled without metrics."""
    if "train_step" in view.text and "compile" in view.text:
        yield from _Finder(view).unlogged()


class _Finder(Models):
    def unlogged(self) -> Iterator[UnloggedLoss]:
        compiled = list(self._compiled())
        for site in self.found.objects.by_node.values():
            step = _train_step(site)
            if step is not None and site in compiled and self.is_model_class(site) and not self._tells(site):
                returns = list(_returns(step.body))
                told = [each for each in returns if _is_loss_alone(each.value)]
                for each in told if len(told) == len(returns) else ():
                    yield self._fact(each)

    def _compiled(self) -> Iterator[ClassSite]:
        """Yield the classes whose instances are compiled; none where anything may be compiled with metrics."""
        sites = list(self.found.calls_of("compile"))
        if any(_may_have_metrics(site.node) for site in sites):
            return
        for site in sites:
            func = site.node.func
            owner = self.class_of(func.value, site.scope, site.time) if isinstance(func, nodes.Attribute) else None
            if owner is not None and not site.provoked:
                yield owner

    def _tells(self, site: ClassSite) -> bool:
        """True if a metric may be told: by the class, or by code that is not seen and gets it or the loss."""
        if speaks_of(site.node, _TELLS) or self.view.escape.holders_of(own_cell(site.scope)).escapes():
            return True
        step = _train_step(site)
        scope = self.found.functions[step].scope if step is not None else site.scope
        losses = [_loss(each.value) for each in _returns(step.body)] if step is not None else []
        return any(each is not None and self.view.escape.holders((each, scope)).escapes(HOLDS) for each in losses)

    def _fact(self, node: nodes.Return) -> UnloggedLoss:
        value = node.value
        loss = _loss(value)
        statement = self.span(node)
        before = re.split(r"[\r\n]", self.program.text[: statement.start])[-1]
        return UnloggedLoss(
            span=self.span(value if value is not None else node),
            statement=statement,
            loss=loss.value if isinstance(loss, nodes.Name) else None,
            indent=None if before.strip() else before,
        )


def _train_step(site: ClassSite) -> nodes.FunctionDef | None:
    named = [part for part in site.node.body.body if isinstance(part, nodes.FunctionDef)]
    steps = [part for part in named if part.name.value == "train_step"]
    return steps[0] if len(steps) == 1 else None


def _returns(node: nodes.Node) -> Iterator[nodes.Return]:
    """Yield the returns of a body, without those of the functions in it."""
    for part in children(node):
        if isinstance(part, nodes.Return):
            yield part
        elif not isinstance(part, (nodes.FunctionDef, nodes.ClassDef, nodes.Expression)):
            yield from _returns(part)


def _loss(node: nodes.Expression | None) -> nodes.Expression | None:
    """Return the value of the only entry of a dict."""
    element = node.elements[0] if isinstance(node, nodes.Dict) and len(node.elements) == 1 else None
    return element.value if isinstance(element, nodes.DictElement) else None


def _is_loss_alone(node: nodes.Expression | None) -> bool:
    if not isinstance(node, nodes.Dict) or len(node.elements) != 1:
        return False
    element = node.elements[0]
    key = element.key if isinstance(element, nodes.DictElement) else None
    return string_of(key) == "loss"


def _may_have_metrics(call: nodes.Call) -> bool:
    by_place = [arg for arg in call.args if arg.keyword is None]
    named = any(arg.keyword is not None and arg.keyword.value in _METRICS for arg in call.args)
    return named or any(arg.star for arg in call.args) or len(by_place) > _MOST_WITHOUT_METRICS
