"""Steps that a distribution strategy runs once for each replica, and the penalties in their loss.

Only what is plain is told: a strategy that the file makes, a step of the file, and a loss that nothing divides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.sums import terms_of, values_of
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, JoinBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.training import ReplicaLosses

_RUNS = ("run", "experimental_run_v2")
_STRATEGY = re.compile(
    r"tensorflow\.(?:compat\.v[12]\.)?distribute\.(?:experimental\.)?(?:MultiWorker)?(?:Mirrored|TPU)Strategy"
)
_AS_SUMMED = ("grads_and_vars", "name")  # what `apply_gradients` is given that has it sum over the replicas
_TAKING_GRADIENTS = frozenset(("zip", "apply_gradients", "apply", "list"))


def replica_losses(view: View) -> Iterator[ReplicaLosses]:
    """Yield every sum of a model's losses that each replica adds whole, of one program."""
    if "distribute" in view.text and "losses" in view.text:
        yield from _Finder(view).losses()


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)

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
        return bound.whole and bool(paths) and all(map(_STRATEGY.fullmatch, paths))

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
        """Yield the sums of losses that are terms of a loss whose gradient the step takes."""
        for node in descendants(step.body):
            if isinstance(node, nodes.Call) and called(node) == "gradient" and node.args:
                loss = node.args[0].value
                plain = isinstance(loss, nodes.Name) and _is_only_added_to(loss.value, step.body)
                if isinstance(loss, nodes.Name) and plain and not _changes_gradients(node, step.body):
                    for value, _ in values_of(loss.value, step.body):
                        yield from (term for term in terms_of(value) if self.summed_losses(term) is not None)


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


def _changes_gradients(gradient: nodes.Call, body: nodes.Node) -> bool:
    """True if a body does more with the gradients than to apply or return them: it may divide them."""
    applied = (node for node in descendants(body) if isinstance(node, nodes.Call) and called(node) == "apply_gradients")
    if any(arg.star or (arg.keyword and arg.keyword.value not in _AS_SUMMED) for each in applied for arg in each.args):
        return True
    named = {name for name, value in _assigned(body) if value is gradient}
    taken: set[nodes.Node] = set()
    for node in descendants(body):
        if isinstance(node, nodes.Call) and called(node) in _TAKING_GRADIENTS:
            taken.update(arg.value for arg in node.args)
        elif isinstance(node, nodes.Return) and node.value is not None:
            taken.add(node.value)
        elif isinstance(node, nodes.Assign) and node.value is gradient:
            taken.update(target.target for target in node.targets)
    reads = [node for node in descendants(body) if isinstance(node, nodes.Name) and node.value in named]
    return any(node not in taken for node in reads)


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
