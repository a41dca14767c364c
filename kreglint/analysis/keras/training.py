"""What the file's training steps minimise, and whether the models' `losses` are part of it, once and on time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.escape.origins import BUILTINS
from kreglint.analysis.keras.across import Across
from kreglint.analysis.keras.added import added_losses
from kreglint.analysis.keras.computed import computed_losses
from kreglint.analysis.keras.handed_on import handed_on_losses
from kreglint.analysis.keras.lineage import Kin, member_of
from kreglint.analysis.keras.metrics import unlogged_losses
from kreglint.analysis.keras.minimized import minimized_losses
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.replicas import replica_losses
from kreglint.analysis.keras.stateless import stateless_losses
from kreglint.analysis.keras.sums import added_for_training, added_to, only_value
from kreglint.analysis.keras.tapes import tape_losses
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import LoopBinding, Scope
from kreglint.analysis.semantic.sites import CallSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.training import DoubledLosses, LateBoundLoss, TrainingFacts

_WORDS = (
    "GradientTape",
    "compute_loss",
    "compiled_loss",
    "add_loss",
    "train_step",
    "Optimizer",
    "minimize",
    "stateless_call",
)
_LOSS_METHODS = ("compute_loss", "compiled_loss")


def training_facts(view: View) -> TrainingFacts:
    """Return the facts on training of one program."""
    if not any(word in view.text for word in _WORDS):
        return TrainingFacts(tapes=tuple(handed_on_losses(view)))
    finder = _Finder(view)
    late_bound = tuple(finder.late_bound())
    return TrainingFacts(
        tapes=(*tape_losses(view), *minimized_losses(view), *handed_on_losses(view), *stateless_losses(view)),
        computed=tuple(computed_losses(view)),
        doubled=tuple(finder.doubled()),
        late_bound=late_bound,
        added=tuple(added_losses(view, late_bound)),
        replicas=tuple(replica_losses(view)),
        unlogged=tuple(unlogged_losses(view)),
    )


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    # Losses that are counted twice

    def doubled(self) -> Iterator[DoubledLosses]:
        for site in self.found.calls:
            if called(site.node) in _LOSS_METHODS and isinstance(site.node.func, nodes.Attribute) and not site.provoked:
                yield from self._doubled(site, site.node.func)

    def _doubled(self, site: CallSite, func: nodes.Attribute) -> Iterator[DoubledLosses]:
        body, method = self.function_around(site.scope), func.attr.value
        if body is None or not self._has_as_keras(method, func.value, site):
            return  # what counts there is another method, or other losses
        given = any(arg.keyword is not None and arg.keyword.value == "regularization_losses" for arg in site.node.args)
        for term in (*added_to(site.node, body), *added_for_training(site.node, body)):
            summed = only_value(term, body) if isinstance(term, nodes.Name) else term
            if summed is not None and self.summed_losses(summed) == self.written(func.value):
                whole, rest = self._without(term, body)
                yield DoubledLosses(span=self.span(term), method=method, given=given, whole=whole, rest=rest)

    def _has_as_keras(self, method: str, node: nodes.Expression, site: CallSite) -> bool:
        """True if an expression is a model with a method, and `losses`, as Keras gives them."""
        owner = self.models.class_of(node, site.scope, site.time)
        if owner is None:
            across = self.view.across if self.models.may_be_elsewhere(node, site.scope, site.time) else None
            own = (method, "losses")
            return across is not None and Across(self.view, across).has_as_keras(node, site.scope, site.time, own)
        kin = self.models.kin(owner)
        return bool(kin) and not self._is_replaced(method, owner, kin)

    def _is_replaced(self, method: str, owner: ClassSite, kin: tuple[Kin, ...]) -> bool:
        """True if a class may have another method, or other `losses`, than Keras gives it."""
        own = (method, "losses")
        if is_remade(owner.node) or any(member_of(kin, name) for name in own):
            return True
        for found in (each.view.program.found for each in kin):
            set_here = any(each.assigned and each.node.attr.value in own for each in found.attributes)
            if set_here or found.objects.untraceable:
                return True
        others = [each for each in self.found.objects.classes.values() if any(map(each.member, own))]
        return any(self._may_derive(each, owner, bounds.BASE_STEPS) for each in others)

    def _may_derive(self, site: ClassSite, owner: ClassSite, depth: int) -> bool:
        """True if a class may have another one among those that it derives from."""
        for base in site.node.bases:
            if self.paths.of(base.value, site.outer, site.time):
                continue
            made = self.definition(base.value, site.outer, site.time)
            other = self.found.objects.by_node.get(made) if isinstance(made, nodes.ClassDef) else None
            if other is owner or (other is not None and depth and self._may_derive(other, owner, depth - 1)):
                return True
            builtin = isinstance(base.value, nodes.Name) and base.value.value in BUILTINS
            if other is None and not builtin:
                return True
        return False

    def _without(self, term: nodes.Expression, body: nodes.FunctionDef) -> tuple[Span | None, str]:
        """Return what a term is added to, and that without it.

        A statement of its own row goes whole, if others remain.
        """
        for node in descendants(body):
            if isinstance(node, nodes.BinaryOperation) and term in (node.left, node.right):
                other = node.left if node.right is term else node.right
                text = self.text(other)
                whole = self.span(node)
                lost = self.program.text[whole.start : whole.end].replace(text, "", 1).replace(self.text(term), "", 1)
                return (
                    (None, "") if "#" in lost else (whole, f"({text})" if self._in_parentheses(other, node) else text)
                )
            if isinstance(node, nodes.IndentedBlock) and len(node.body) > 1:
                added = [line for line in node.body if _only_adds(line, term)]
                if added:
                    return self._row_of(added[0]), ""
        return None, ""

    def _in_parentheses(self, operand: nodes.Expression, operation: nodes.BinaryOperation) -> bool:
        """True if an operand has parentheses of its own: else the operator stands beside it."""
        text = self.program.text
        if operand is operation.left:
            return text[operand.end : operation.right.start].lstrip().startswith(")")
        return text[operation.left.end : operand.start].rstrip().endswith("(")

    def _row_of(self, node: nodes.Node) -> Span | None:
        """Return the rows of a statement with their end; None where more stands on them."""
        span, text = self.span(node), self.program.text
        row = re.compile(r"[ \t]*(?:\r\n|\r|\n)").match(text, span.end)
        before = re.split(r"[\r\n]", text[: span.start])[-1]
        if row is None or before.strip():
            return None
        return Span(span.start - len(before), row.end())

    # Penalties that are bound too late

    def late_bound(self) -> Iterator[LateBoundLoss]:
        for site in self.found.calls_of("add_loss"):
            given = site.node.args[0].value if len(site.node.args) == 1 else None
            if isinstance(given, nodes.Lambda) and not site.provoked and not _all_parameters(given):
                read = self._read_by(given)
                names = sorted(name for name in read if self._is_of_loop(name, site))
                if names and not self._is_own():
                    span = self.span(given)
                    place = span.start + len("lambda")
                    yield LateBoundLoss(span=span, names=tuple(names), parameters=Span(place, place))

    def _read_by(self, node: nodes.Lambda) -> set[str]:
        """Return the outer names that a lambda reads; what its own comprehensions bind is none of them."""
        flows = self.view.escape.flows
        inner = flows.within(node.body, self.found.functions[node].scope)
        return {each.value for each, scope in inner if isinstance(each, nodes.Name) and not _binds(each.value, scope)}

    def _is_own(self) -> bool:
        """True if a method of the file may be what gets the lambda, and call it at once."""
        return "add_loss" in self.view.escape.flows.methods or not self.found.objects.is_settled("add_loss")

    def _is_of_loop(self, name: str, site: CallSite) -> bool:
        return isinstance(lookup(name, site.scope, site.time), LoopBinding)


def _binds(name: str, scope: Scope) -> bool:
    """True if a comprehension or lambda in which something stands binds a name itself."""
    current: Scope | None = scope
    while current is not None and current.kind in ("comprehension", "generator", "lambda"):
        if name in current.history:
            return True
        current = current.parent
    return False


def _only_adds(line: nodes.Node, term: nodes.Expression) -> bool:
    """True if a row is `name += term`."""
    part = line.body[0] if isinstance(line, nodes.SimpleStatementLine) and len(line.body) == 1 else None
    return isinstance(part, nodes.AugAssign) and part.value is term


def _all_parameters(node: nodes.Lambda) -> bool:
    params = node.params
    return bool(params.params or params.kwonly_params or params.posonly_params or params.star_kwarg)
