"""Layers and models that the file freezes: `layer.trainable = False`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.semantic.scopes import ExpressionBinding, LoopBinding, Scope, lookup
from kreglint.analysis.semantic.sites import AttributeSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.late import Frozen

_ATTRIBUTE = "trainable"
_TRAINED_AGAIN = re.compile(r"^setattr$|unfreeze")


def frozen_parts(view: View) -> Iterator[Frozen]:
    """What the file freezes for good, in source order."""
    found = view.program.found.attributes if _ATTRIBUTE in view.text else ()
    sites = [site for site in found if site.assigned and site.node.attr.value == _ATTRIBUTE]
    if not sites or not all(map(_sets_false, sites)) or view.speaks_of(_TRAINED_AGAIN):
        return
    finder = _Finder(view)
    for site in sites:
        made = finder.made(site.node.value, site.scope, site.time)
        if made and finder.stays(site):
            yield Frozen(span=finder.span(site.node.attr), made_in=made)


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def stays(self, site: AttributeSite) -> bool:
        """Whether code that is not seen cannot have it trained again."""
        holders = self.view.escape.holders((site.node.value, site.scope))
        return not (holders.escapes() or holders.is_given_back())

    def made(self, node: nodes.Expression, scope: Scope, time: int) -> tuple[Span, ...]:
        """The code that makes the layer, or the layers of the model, which an expression is."""
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, LoopBinding):
            looped = bound.iterable
            whole = isinstance(looped, nodes.Attribute) and looped.attr.value == "layers"
            owner = looped.value if whole and isinstance(looped, nodes.Attribute) else None
            return self.models.made_in(owner, scope, time) if owner is not None else ()
        if isinstance(bound, ExpressionBinding) and self._is_layer(node, scope, time):
            return (self.span(bound.value),)
        return self.models.made_in(node, scope, time)

    def _is_layer(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        return (self.maker(node, scope, time) or "").startswith("keras.layers.")


def _sets_false(site: AttributeSite) -> bool:
    for node in descendants(site.statement):
        if isinstance(node, nodes.Assign) and any(target.target is site.node for target in node.targets):
            return isinstance(node.value, nodes.Name) and node.value.value == "False"
    return False
