"""Layers that run where a penalty of their output does not get out.

They are cells of an `RNN`, which runs them in a loop of the backend, or parts of a layer that is made in a
`RematScope`, which computes what is inside once more for the gradients.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.lineage import lineage
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import LAYERS, Reader, View, called, first_given
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.enclosed import Enclosed

_ACTIVITY = "activity_regularizer"
_RNN = "keras.layers.RNN"
_STACKED = "keras.layers.StackedRNNCells"
_SCOPES = frozenset(("keras.RematScope", "keras.remat.RematScope"))
_FULL = "full"


def enclosed_layers(view: View) -> Iterator[Enclosed]:
    """Yield what encloses such layers in one program."""
    looped, again = "RNN" in view.text, "RematScope" in view.text
    if _ACTIVITY in view.text and (looped or again):
        finder = _Finder(view)
        yield from finder.looped() if looped else ()
        yield from finder.computed_again() if again else ()


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)

    def looped(self) -> Iterator[Enclosed]:
        for site in self.found.calls:
            if self.canonical(site.node.func, site.scope, site.time) == _RNN and self._loops(site.node):
                cell = first_given(site.node, "cell")
                made_in = tuple(self._of_cell(cell, site.scope, site.time)) if cell is not None else ()
                if made_in and not is_spared(site, self.view.module):
                    yield Enclosed(span=self.span(site.node.func), by="rnn", made_in=made_in)

    def _loops(self, call: nodes.Call) -> bool:
        """Whether an RNN certainly does not write out its steps."""
        unrolled = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == "unroll"]
        plain = all(isinstance(each, nodes.Name) and each.value == "False" for each in unrolled)
        return plain and not any(arg.star for arg in call.args) and sum(arg.keyword is None for arg in call.args) < 2

    def _of_cell(self, node: nodes.Expression, scope: Scope, time: int) -> Iterator[Span]:
        if isinstance(node, (nodes.List, nodes.Tuple)):
            for element in node.elements:
                yield from self._of_cell(element.value, scope, time)
            return
        made = self._models.makers.call_of(node, scope, time)
        path = self.canonical(made[0].func, *made[1:]) if made is not None else None
        if made is None:
            return
        inner = first_given(made[0], "cells") if path == _STACKED else None
        if inner is not None:
            yield from self._of_cell(inner, *made[1:])
        elif layer_class(path) is not None:
            yield self.span(made[0])
        else:
            yield from self._parts(*made)

    def computed_again(self) -> Iterator[Enclosed]:
        scopes = [each for each in descendants(self.program.module) if isinstance(each, nodes.With)]
        for site in self.found.calls:
            around = (each for each in scopes if each.body.start <= site.node.start < each.body.end)
            if any(self._is_full(item.item, site) for each in around for item in each.items):
                made_in = tuple(self._parts(site.node, site.scope, site.time))
                if made_in and not is_spared(site, self.view.module):
                    yield Enclosed(span=self.span(site.node.func), by="remat", made_in=made_in)

    def _is_full(self, node: nodes.Expression, site: CallSite) -> bool:
        if not isinstance(node, nodes.Call) or called(node) != "RematScope":
            return False
        if self.canonical(node.func, site.scope, site.time) not in _SCOPES or any(arg.star for arg in node.args):
            return False
        mode = first_given(node, "mode")
        return mode is None or string_of(mode) == _FULL

    def _parts(self, call: nodes.Call, scope: Scope, time: int) -> Iterator[Span]:
        """Yield the calls that make the layers of a layer of the file's own, of which it certainly runs each."""
        made = self.definition(call.func, scope, time)
        if not isinstance(made, nodes.ClassDef) or is_remade(made) or made.name.value in self._bases:
            return
        own = self.found.objects.by_node[made]
        kin = lineage(self.view, own, LAYERS)
        reached = self._models.reaching.calls(call, self.view.module.at(scope, time)) if kin else ()
        for site in self.found.calls if kin else ():
            inside = made.start <= site.node.start < made.end and not site.guards
            of_keras = inside and layer_class(self.canonical(site.node.func, site.scope, site.time)) is not None
            if of_keras and site.node in reached:
                yield self.span(site.node)

    @property
    def _bases(self) -> set[str]:
        """The classes of the file from which others derive, which may set their attributes anew."""
        bases = (base.value for site in self.found.objects.by_node for base in site.bases)
        return {base.value for base in bases if isinstance(base, nodes.Name)}
