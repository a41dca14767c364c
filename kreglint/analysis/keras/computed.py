"""Methods `compute_loss` of models of one's own that leave the model's losses out: `fit` minimises what they return."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.cells import instance_cell, own_cell
from kreglint.analysis.keras.far_derived import derived_here, may_be_overridden
from kreglint.analysis.keras.left_out import LeftOut
from kreglint.analysis.keras.lineage import member_of
from kreglint.analysis.keras.otherwise import FITTING
from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.keras.steps import Step
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import is_remade
from kreglint.analysis.syntax import nodes
from kreglint.facts.training import TapeLoss

_METHOD = "compute_loss"
_ON_THE_WAY = (_METHOD, "_compute_loss", "train_step", "losses", "fit", "make_train_function", "train_function")


def computed_losses(view: View) -> Iterator[TapeLoss]:
    """Yield what a model's own `compute_loss` gives back to `fit` without the model's losses."""
    if _METHOD in view.text:
        finder = _Finder(view)
        for owner in view.program.found.objects.by_node.values():
            yield from finder.computed(owner)


class _Finder(LeftOut):
    def computed(self, owner: ClassSite) -> Iterator[TapeLoss]:
        bound = owner.member(_METHOD)
        body = bound.node if isinstance(bound, DefinitionBinding) else None
        if not isinstance(body, nodes.FunctionDef) or body.decorators or not body.params.params:
            return
        site = self.found.functions[body]
        losses = [(each.value, site.scope) for each in site.returns if each.value is not None]
        if not losses or len(losses) < len(site.returns) or not site.plain or not self._is_for_fit(owner):
            return
        if any(isinstance(loss, nodes.Name) and loss.value == "None" for loss, _ in losses):
            return
        model = nodes.Name(body.start, body.start, body.params.params[0].name.value)
        layers = self.layers(
            model,
            site.scope,
            site.scope.clock.now,
            self.span(losses[0][0]),
            lambda escape: Step(self.view, escape, body, model, losses).is_plain(runs=True),
        )
        if layers is not None:
            yield from (self.told(loss, body, model.value, layers, in_place=True) for loss, _ in losses)

    def _is_for_fit(self, owner: ClassSite) -> bool:
        """True if `fit` of the class certainly minimises what its `compute_loss` gives back, and nothing else.

        A class that derives from it may add what it leaves out.
        """
        kin = self.models.kin(owner)
        if not kin or is_remade(owner.node) or any(member_of(kin, name) for name in _ON_THE_WAY[1:]):
            return False
        if any(not each.view.program.found.objects.is_settled(name) for each in kin for name in _ON_THE_WAY):
            return False
        if any(name in each.site.attributes for each in kin for name in _ON_THE_WAY):
            return False
        if any(_derives(each) for each in derived_here(self.view, owner)) or may_be_overridden(self.view, owner):
            return False
        return self._is_fitted(owner) or not self._is_called()

    def _is_fitted(self, owner: ClassSite) -> bool:
        """True if Keras certainly trains an instance of a class, by its own step."""
        cells = {instance_cell(owner.scope), own_cell(owner.scope)}
        read = (each for name in FITTING for each in self.view.escape.flows.attributes.get(name, ()))
        return any(cells & self.view.escape.same(node.value, scope) for node, scope in read)

    def _is_called(self) -> bool:
        """True if the file calls the method by itself, and not only for the class above: for a loss of its own."""
        read = self.view.escape.flows.attributes.get(_METHOD, ())
        return any(not _is_super(node.value) for node, _ in read)


def _derives(site: ClassSite) -> bool:
    """True if a class has another of the methods between `fit` and the loss than the one that it derives from."""
    return any(site.member(name) is not None or name in site.attributes for name in _ON_THE_WAY)


def _is_super(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Call) and called(node) == "super"
