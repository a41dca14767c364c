"""Calls of the methods of Keras' models, with the code that makes the layers of these."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.cells import instance_cell, own_cell
from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.lineage import lineage, member_of
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer


class MethodCalls(Reader):
    """Reads the calls of methods of models in one program."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def model(self, site: CallSite) -> tuple[Span, ...]:
        """The code that makes the layers of a method's model."""
        func = site.node.func
        return self.models.made_in(func.value, site.scope, site.time) if isinstance(func, nodes.Attribute) else ()

    def layers_elsewhere(self, site: CallSite, made_in: tuple[Span, ...]) -> tuple[FarLayer, ...]:
        """The layers that a method's model gets by code of other files, where the method is Keras' own."""
        func = site.node.func
        across = self.view.across if self.leads_elsewhere(site, made_in) else None
        if across is None or not isinstance(func, nodes.Attribute) or not self.is_of_keras(site, across):
            return ()
        return layers_elsewhere(self.models, func.value, site.scope, site.time, self.span(site.node))

    def leads_elsewhere(self, site: CallSite, made_in: tuple[Span, ...]) -> bool:
        """True if a method's model may get layers by code of other files."""
        func = site.node.func
        if not isinstance(func, nodes.Attribute) or not self.view.leads_elsewhere:
            return False
        if made_in:
            return self.models.call_other_files(made_in)
        return self.models.may_be_elsewhere(func.value, site.scope, site.time)

    def is_of_keras(self, site: CallSite, escape: Escape) -> bool:
        """True if no class or statement of the programs gives the model a method of its own by this name."""
        func = site.node.func
        if not isinstance(func, nodes.Attribute):
            return False
        found = [unit.program.found.objects for unit in escape.units]
        if not all(each.is_settled(func.attr.value) for each in found):
            return False
        return not may_be_own(self.view, escape, func, site.scope)


def may_be_own(view: View, escape: Escape, node: nodes.Attribute, scope: Scope) -> bool:
    """True if an attribute may be one that a class of the project has by this name."""
    own = [site for each in (view, *view.others(escape)) for site in _with_member(each, node.attr.value)]
    cells = [cell for each in own for cell in (own_cell(each.scope), instance_cell(each.scope))]
    return bool(cells) and bool(escape.holders_of(*cells).of(node.value, scope))


def _with_member(view: View, name: str) -> Iterator[ClassSite]:
    """The classes of a program that have something by a name, of their own or from another file."""
    for site in view.program.found.objects.by_node.values():
        kin = lineage(view, site, MODELS | SEQUENTIAL) if view.leads_elsewhere else ()
        if site.member(name) is not None or member_of(kin, name) is not None:
            yield site
