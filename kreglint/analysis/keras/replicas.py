"""Steps that a distribution strategy runs once for each replica, and the penalties in their loss.

Only what is plain is told: a strategy that the file makes, a step of the file, a loss of the data that is a share of
that of the whole batch, and a penalty that nothing divides, neither in the loss nor by gradients or a learning rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.applied import Applied
from kreglint.analysis.keras.minimized import KERAS_OPTIMIZERS
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.shares import Shares
from kreglint.analysis.keras.sums import terms_of, values_of
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, JoinBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.infer import infer
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.training import ReplicaLosses
from kreglint.facts.values import Sequence

_RUNS = ("run", "experimental_run_v2")
_STRATEGY = re.compile(
    r"tensorflow\.(?:compat\.v[12]\.)?distribute\.(?:experimental\.)?(?:MultiWorker)?(?:Mirrored|TPU)Strategy"
)
_AS_SUMMED = ("grads_and_vars", "name")  # what `apply_gradients` is given that has it sum over the replicas
_PLACES = 2  # the target and the sources; what comes next is multiplied with the gradients
_OF_GRADIENTS = ("unconnected_gradients",)  # what `gradient` is given that scales nothing


def replica_losses(view: View) -> Iterator[ReplicaLosses]:
    """Yield every sum of a model's losses that each replica adds whole, of one program."""
    if "distribute" in view.text and "losses" in view.text:
        yield from _Finder(view).losses()


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)
        self._shares = Shares(view)

    def losses(self) -> Iterator[ReplicaLosses]:
        for method in _RUNS:
            for site in self.found.calls_of(method):
                func = site.node.func
                if isinstance(func, nodes.Attribute) and site.node.args and not site.provoked:
                    step = self._step(site) if self._replicates(func.value, site) else None
                    if step is not None and not (_gives_gradients(step) and _is_used(site)):
                        for term in self._added_whole(step):
                            yield self._fact(term, self.written(func.value))

    def _fact(self, term: nodes.Expression, strategy: str) -> ReplicaLosses:
        """What is told of a sum of losses, with the layers of its model."""
        site = self.view.sites.get(term) if isinstance(term, nodes.Call) else None
        summed = site.node.args[0].value if site is not None else None
        made_in: tuple[Span, ...] = ()
        far: tuple[FarLayer, ...] = ()
        if site is not None and isinstance(summed, nodes.Attribute):
            where = (summed.value, site.scope, site.time)
            held = (each.holders((summed.value, site.scope)) for each in self.view.graphs(across_only=False))
            made_in = self._models.made_in(*where)
            if made_in and all(holders.escapes() for holders in held):
                made_in = ()  # who gets it may freeze it
            far = layers_elsewhere(self._models, *where, self.span(term)) if self.view.leads_elsewhere else ()
        return ReplicaLosses(span=self.span(term), strategy=strategy, made_in=made_in, made_elsewhere=far)

    def _replicates(self, node: nodes.Expression, site: CallSite) -> bool:
        """True if an expression is certainly a strategy with replicas."""
        if isinstance(node, nodes.Name):
            return self._is_strategy(lookup(node.value, site.scope, site.time))
        if isinstance(node, nodes.Attribute) and isinstance(node.value, nodes.Name):
            own = receiver_class(node.value.value, site.scope)
            set_to = self.found.objects.classes[own].attributes.get(node.attr.value, []) if own is not None else []
            return bool(set_to) and all(map(self._is_strategy, set_to))
        return False

    def _is_strategy(self, bound: Binding | None) -> bool:
        if isinstance(bound, JoinBinding):
            return all(map(self._is_strategy, bound.alternatives))
        if not isinstance(bound, ExpressionBinding) or not isinstance(bound.value, nodes.Call):
            return False
        paths = self.paths.of(bound.value.func, bound.scope, bound.time)
        known = bound.whole and bool(paths) and all(map(_STRATEGY.fullmatch, paths))
        return known and not any(self._is_one_device(arg.value, bound) for arg in bound.value.args)

    def _is_one_device(self, node: nodes.Expression, bound: ExpressionBinding) -> bool:
        value = infer(node, self.view.module.at(bound.scope, bound.time))
        return isinstance(value, Sequence) and len(value.items) < 2

    def _step(self, site: CallSite) -> nodes.FunctionDef | None:
        """Return the function of the file that a strategy is given to run."""
        given = site.node.args[0].value
        if isinstance(given, nodes.Name):
            made = self.definition(given, site.scope, site.time)
            return made if isinstance(made, nodes.FunctionDef) else None
        if isinstance(given, nodes.Attribute) and isinstance(given.value, nodes.Name):
            own = receiver_class(given.value.value, site.scope)
            body = self.found.objects.classes[own].node.body.body if own is not None else ()
            named = [
                part for part in body if isinstance(part, nodes.FunctionDef) and part.name.value == given.attr.value
            ]
            return named[0] if len(named) == 1 else None
        return None

    def _added_whole(self, step: nodes.FunctionDef) -> Iterator[nodes.Expression]:
        """Yield the sums of losses that a step adds to a share of the loss of the data, whose gradient it takes."""
        if self._shares.asks_number or self._shares.changes_rate:
            return
        for node in descendants(step.body):
            if isinstance(node, nodes.Call) and called(node) == "gradient" and node.args:
                loss = node.args[0].value
                plain = isinstance(loss, nodes.Name) and _is_only_added_to(loss.value, step.body)
                if isinstance(loss, nodes.Name) and plain and self._are_summed(node):
                    yield from self._whole_terms(loss, step)

    def _whole_terms(self, loss: nodes.Name, step: nodes.FunctionDef) -> Iterator[nodes.Expression]:
        terms = [term for value, _ in values_of(loss.value, step.body) for term in terms_of(value)]
        summed = [term for term in terms if self.summed_losses(term) is not None]
        others = [term for term in terms if term not in summed and not _is_named(term, loss.value)]
        if others and all(self._shares.is_share(each, step) for each in others):
            yield from (term for term in summed if not _depends(term, step.body))

    def _are_summed(self, gradient: nodes.Call) -> bool:
        """True if an optimizer of Keras gets gradients as they are, sums them over the replicas and scales nothing."""
        if any(arg.star or (arg.keyword and arg.keyword.value not in _OF_GRADIENTS) for arg in gradient.args):
            return False
        if sum(arg.keyword is None for arg in gradient.args) > _PLACES:
            return False
        applied = Applied(self.view, scaled=False).applications(gradient)
        return bool(applied) and all(map(self._sums, applied))

    def _sums(self, applied: nodes.Call) -> bool:
        if any(arg.star or (arg.keyword and arg.keyword.value not in _AS_SUMMED) for arg in applied.args):
            return False
        site, func = self.view.sites[applied], applied.func
        owner = func.value if isinstance(func, nodes.Attribute) else func
        made = self._models.makers.call_of(owner, site.scope, site.time)
        paths = self.paths.of(made[0].func, *made[1:]) if made is not None else ()
        if made is None or not paths or not all(map(KERAS_OPTIMIZERS.fullmatch, paths)):
            return False
        return not any(arg.star or self._shares.divides(arg.value, *made[1:]) for arg in made[0].args)


def _is_used(site: CallSite) -> bool:
    """True if something is done with what a call gives back."""
    rows = site.statement.body if isinstance(site.statement, nodes.SimpleStatementLine) else (site.statement,)
    return not any(isinstance(each, nodes.Expr) and each.value is site.node for each in rows)


def _gives_gradients(step: nodes.FunctionDef) -> bool:
    """True if a step may give its gradients back, to be summed or averaged there."""
    found = [each for each in descendants(step.body) if isinstance(each, nodes.Call) and called(each) == "gradient"]
    named = {name for name, value in _assigned(step.body) if value in found}
    returned = [each.value for each in descendants(step.body) if isinstance(each, nodes.Return) and each.value]
    return any(
        part in found or (isinstance(part, nodes.Name) and part.value in named)
        for each in returned
        for part in descendants(each)
    )


def _depends(term: nodes.Expression, body: nodes.Node) -> bool:
    """True if a condition decides whether a sum of losses is added, but for whether there are losses."""
    for node in descendants(body):
        if isinstance(node, (nodes.If, nodes.IfExp, nodes.While, nodes.Match, nodes.Try)) and term in descendants(node):
            test = node.test if isinstance(node, nodes.If) else None
            if not (isinstance(test, nodes.Attribute) and test.attr.value == "losses"):
                return True
    return False


def _assigned(body: nodes.Node) -> Iterator[tuple[str, nodes.Expression]]:
    for node in descendants(body):
        if isinstance(node, nodes.Assign):
            yield from ((t.target.value, node.value) for t in node.targets if isinstance(t.target, nodes.Name))


def _is_only_added_to(name: str, body: nodes.Node) -> bool:
    """True if a name is never made of itself but by adding to it."""
    changes = [node for node in descendants(body) if isinstance(node, nodes.AugAssign) and _is_named(node.target, name)]
    if not all(isinstance(node.operator, nodes.Add) for node in changes):
        return False
    return all(not _is_within(name, term) for value, _ in values_of(name, body) for term in terms_of(value))


def _is_within(name: str, term: nodes.Expression) -> bool:
    return not isinstance(term, nodes.Name) and any(_is_named(node, name) for node in descendants(term))


def _is_named(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.value == name
