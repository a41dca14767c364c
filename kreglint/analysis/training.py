"""What the file's training steps minimise, and whether the models' `losses` are part of it, once and on time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.metrics import unlogged_losses
from kreglint.analysis.models import Models
from kreglint.analysis.reader import Reader, View, called
from kreglint.analysis.replicas import replica_losses
from kreglint.analysis.scopes import LoopBinding, lookup
from kreglint.analysis.sites import CallSite
from kreglint.analysis.sums import added_for_training, added_to, only_value
from kreglint.analysis.tapes import tape_losses
from kreglint.analysis.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.training import DoubledLosses, LateBoundLoss, TrainingFacts

_WORDS = ("GradientTape", "compute_loss", "compiled_loss", "add_loss", "train_step")
_LOSS_METHODS = ("compute_loss", "compiled_loss")


def training_facts(view: View) -> TrainingFacts:
    """The facts on training of one program."""
    if not any(word in view.text for word in _WORDS):
        return TrainingFacts()
    finder = _Finder(view)
    return TrainingFacts(
        tapes=tuple(tape_losses(view)),
        doubled=tuple(finder.doubled()),
        late_bound=tuple(finder.late_bound()),
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
            if called(site.node) in _LOSS_METHODS and isinstance(site.node.func, cst.Attribute) and not site.provoked:
                yield from self._doubled(site, site.node.func)

    def _doubled(self, site: CallSite, func: cst.Attribute) -> Iterator[DoubledLosses]:
        body, method = self.function_around(site.scope), func.attr.value
        owner = self.models.class_of(func.value, site.scope, site.time)
        if body is None or owner is None or not self.models.is_model_class(owner) or owner.member(method) is not None:
            return
        if any(
            _derives(other.node, owner.node) and other.member(method) for other in self.found.objects.classes.values()
        ):
            return  # what counts there is another method
        given = any(arg.keyword is not None and arg.keyword.value == "regularization_losses" for arg in site.node.args)
        for term in (*added_to(site.node, body), *added_for_training(site.node, body)):
            summed = only_value(term, body) if isinstance(term, cst.Name) else term
            if summed is not None and self.summed_losses(summed) == self.written(func.value):
                whole, rest = self._without(term, body)
                yield DoubledLosses(span=self.span(term), method=method, given=given, whole=whole, rest=rest)

    def _without(self, term: cst.BaseExpression, body: cst.FunctionDef) -> tuple[Span | None, str]:
        """What a term is added to, and that without it; a statement of its own row goes whole, if others remain."""
        for node in descendants(body):
            if isinstance(node, cst.BinaryOperation) and term in (node.left, node.right):
                other = node.left if node.right is term else node.right
                text = self.text(other)
                whole = self.span(node)
                lost = self.program.text[whole.start : whole.end].replace(text, "", 1).replace(self.text(term), "", 1)
                return (None, "") if "#" in lost else (whole, f"({text})" if other.lpar else text)
            if isinstance(node, cst.IndentedBlock) and len(node.body) > 1:
                added = [line for line in node.body if _only_adds(line, term)]
                if added:
                    return self._row_of(added[0]), ""
        return None, ""

    def _row_of(self, node: cst.CSTNode) -> Span | None:
        """The rows of a statement with their end; None where more stands on them."""
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
            if isinstance(given, cst.Lambda) and not site.provoked and not _all_parameters(given):
                read = {node.value for node in descendants(given.body) if isinstance(node, cst.Name)}
                names = sorted(name for name in read if self._is_of_loop(name, site))
                if names:
                    span = self.span(given)
                    place = span.start + len("lambda")
                    yield LateBoundLoss(span=span, names=tuple(names), parameters=Span(place, place))

    def _is_of_loop(self, name: str, site: CallSite) -> bool:
        return isinstance(lookup(name, site.scope, site.time), LoopBinding)


def _derives(node: cst.ClassDef, base: cst.ClassDef) -> bool:
    """Whether a class names another one among its bases."""
    return any(isinstance(arg.value, cst.Name) and arg.value.value == base.name.value for arg in node.bases)


def _only_adds(line: cst.CSTNode, term: cst.BaseExpression) -> bool:
    """Whether a row is `name += term`."""
    part = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    return isinstance(part, cst.AugAssign) and part.value is term


def _all_parameters(node: cst.Lambda) -> bool:
    params = node.params
    return bool(params.params or params.kwonly_params or params.posonly_params or params.star_kwarg)
