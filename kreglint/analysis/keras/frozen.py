"""Layers and models that the file freezes: `layer.trainable = False`."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.method_calls import may_be_own
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, sets
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import ExpressionBinding, LoopBinding
from kreglint.analysis.semantic.sites import AttributeSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.late import Frozen

_ATTRIBUTE = "trainable"


def frozen_parts(view: View) -> Iterator[Frozen]:
    """Yield what the file freezes for good, in source order."""
    found = view.program.found.attributes if _ATTRIBUTE in view.text else ()
    sites = [site for site in found if site.assigned and site.node.attr.value == _ATTRIBUTE]
    if not sites:
        return
    finder = _Finder(view)
    for site in (each for each in sites if sets(each, "False")):
        made = finder.made(site)
        here = bool(made) and any(finder.stays(site, each) for each in view.graphs(across_only=False))
        far = () if here and not finder.models.call_other_files(made) else finder.made_elsewhere(site)
        if here or far:
            yield Frozen(span=finder.span(site.node.attr), made_in=made, made_elsewhere=far)


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def stays(self, site: AttributeSite, escape: Escape) -> bool:
        """True if nothing has it trained again: no code that is not seen, and none of the programs."""
        holders = escape.holders((site.node.value, site.scope))
        if holders.escapes() or holders.is_given_back() or may_be_own(self.view, escape, site.node, site.scope):
            return False
        effects = Effects(escape, holders)
        if effects.sets_by_name((_ATTRIBUTE,)) or any(True for _ in effects.reads(())):
            return False
        others = (each for view in (self.view, *self.view.others(escape)) for each in _trained(view.program))
        return not any(holders.of(each.node.value, each.scope) for each in others)

    def made_elsewhere(self, site: AttributeSite) -> tuple[FarLayer, ...]:
        """The layers of a model that other files make, where none of them trains it again."""
        across = self.view.across
        if across is None or not self.stays(site, across):
            return ()
        model, place = self._whole(site), self.span(site.node.attr)
        return layers_elsewhere(self.models, model, site.scope, site.time, place, lost_by=()) if model else ()

    def made(self, site: AttributeSite) -> tuple[Span, ...]:
        """Return the code that makes the layer, or the layers of the model, which is frozen."""
        node = site.node.value
        bound = lookup(node.value, site.scope, site.time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, ExpressionBinding) and self.makes_layer(node, site.scope, site.time):
            return (self.span(bound.value),)
        model = self._whole(site)
        return self.models.made_in(model, site.scope, site.time, frozen_too=True) if model is not None else ()

    def _whole(self, site: AttributeSite) -> nodes.Expression | None:
        """Return the model that is frozen, also where a loop freezes each of its layers."""
        node = site.node.value
        bound = lookup(node.value, site.scope, site.time) if isinstance(node, nodes.Name) else None
        if not isinstance(bound, LoopBinding):
            return node
        looped = bound.iterable
        if not isinstance(looped, nodes.Attribute) or looped.attr.value != "layers":
            return None
        return looped.value if self._is_for_each(looped, site) else None

    def _is_for_each(self, looped: nodes.Expression, site: AttributeSite) -> bool:
        """True if a loop does something for whatever it goes through."""
        loops = (each for each in descendants(self.program.module) if isinstance(each, nodes.For))
        body = next((each.body for each in loops if each.iter is looped), None)
        if body is None or isinstance(body, nodes.SimpleStatementSuite):
            return body is not None
        left = any(isinstance(each, (nodes.Break, nodes.Continue, nodes.Return)) for each in descendants(body))
        rows = (each for each in body.body if isinstance(each, nodes.SimpleStatementLine))
        return not left and any(site.statement in (each, *each.body) for each in rows)


def _trained(program: Program) -> Iterator[AttributeSite]:
    """Where a program sets `trainable` to anything but False."""
    found = (each for each in program.found.attributes if each.assigned and each.node.attr.value == _ATTRIBUTE)
    return (each for each in found if not sets(each, "False"))
