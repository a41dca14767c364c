"""Training steps that return a loss which no metric is told of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.escape.cells import own_cell
from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.lineage import Kin, member_of
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children
from kreglint.facts.training import UnloggedLoss

_KEPT = ("metrics", "_metrics", "_loss_tracker", "compute_metrics", "make_train_function")  # a class may have its own
_TELLING = (*_KEPT, "compiled_metrics", "_compile_metrics", "train_step", "test_step", "add_metric", "evaluate")
_TAKING = frozenset("gradient minimize jacobian scale_loss get_scaled_loss append".split())  # a loss, for themselves
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
            if step is not None and site in compiled and not self._tells(site):
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
        """True if a metric may be told: by the programs, or by code that is not seen and gets the model or the loss."""
        kin = self.kin(site)
        if not kin or any(member_of(kin, name) for name in _KEPT) or any(map(self._has_metrics, kin)):
            return True
        elsewhere = any(each.view is not self.view for each in kin)
        graphs = self.view.graphs(across_only=True) if elsewhere else (self.view.escape,)
        return all(_may_tell(escape, site, self._losses(site)) for escape in graphs)

    def _losses(self, site: ClassSite) -> list[tuple[nodes.Expression, Scope]]:
        """What the step of a class gives back as the loss."""
        step = _train_step(site)
        losses = [_loss(each.value) for each in _returns(step.body)] if step is not None else []
        return [(each, self.found.functions[step].scope) for each in losses if step is not None and each is not None]

    def _has_metrics(self, kin: Kin) -> bool:
        """True if a class has metrics of its own, as far as their making shows it."""
        reader = _Finder(kin.view)
        own = (each for bindings in kin.site.attributes.values() for each in bindings)
        return any(reader.makes_metric(each) for each in own)

    def makes_metric(self, bound: Binding) -> bool:
        """True if something is set to a metric of Keras, or to one of a class that derives from it."""
        made = bound.value if isinstance(bound, ExpressionBinding) else None
        if not isinstance(made, nodes.Call) or not isinstance(bound, ExpressionBinding):
            return False
        path = self.canonical(made.func, bound.scope, bound.time) or ""
        own = self.definition(made.func, bound.scope, bound.time)
        bases = own.bases if isinstance(own, nodes.ClassDef) else ()
        named = (self.canonical(base.value, bound.scope, bound.time) or "" for base in bases)
        return any(each.startswith("keras.metrics.") for each in (path, *named))

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


def _may_tell(escape: Escape, site: ClassSite, losses: list[tuple[nodes.Expression, Scope]]) -> bool:
    """True if the programs, or code that is not seen, may tell a metric of losses, or get at those of the model."""
    model = escape.holders_of(own_cell(site.scope))
    if model.escapes() or any(True for _ in Effects(escape, model).reads(_TELLING)):
        return True
    for loss in losses:
        holders = escape.holders(loss)
        given = (each for each in Effects(escape, holders).gifts() if not each.callee.path)
        if holders.escapes(HOLDS) or any(called(each.node) not in _TAKING for each in given):
            return True
    return False


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
