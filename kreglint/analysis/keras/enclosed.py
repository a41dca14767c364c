"""Layers that run where a penalty of their output does not get out.

They are cells of an `RNN`, which runs them in a loop of the backend, or parts of a layer that is made in a
`RematScope`, which computes what is inside once more for the gradients.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.effects import Effects
from kreglint.analysis.keras.eager import all_views, may_run_eagerly
from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.lineage import lineage
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import LAYERS, Reader, View, first_given
from kreglint.analysis.keras.surroundings import Tree
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.enclosed import Enclosed

_ACTIVITY = "activity_regularizer"
_ADD_LOSS = "add_loss"
_RNN = "keras.layers.RNN"
_STACKED = "keras.layers.StackedRNNCells"
_SCOPES = frozenset(("keras.RematScope", "keras.remat.RematScope"))
_UNROLL = "unroll"
_FULL = "full"
_LATER = (nodes.FunctionDef, nodes.Lambda, nodes.GeneratorExp)
_TOLD_BY = ("get_config", "from_config")  # by which a layer is made once more, with other settings


def enclosed_layers(view: View) -> Iterator[Enclosed]:
    """Yield what encloses such layers in one program."""
    looped, again = "RNN" in view.text, "RematScope" in view.text
    activity = _ACTIVITY in view.text
    looped = looped and (activity or _ADD_LOSS in view.text)
    if looped or (activity and again):
        finder = _Finder(view)
        again = again and activity
        found = [*(finder.looped() if looped else ()), *(finder.computed_again() if again else ())]
        if found and not any(map(_sets_later, all_views(view))):
            yield from found


def _sets_later(view: View) -> bool:
    """True if a program sets what decides on a layer that it has already made; a constructor sets its own."""
    names = (_ACTIVITY, _UNROLL)
    if any(each.is_set and each.name in (None, *names) for each in view.escape.flows.named):
        return True
    for site in view.program.found.attributes:
        owner = site.node.value
        own = isinstance(owner, nodes.Name) and receiver_class(owner.value, site.scope) is not None
        if site.assigned and site.node.attr.value in names and not own:
            return True
    return False


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)
        self._tree = Tree(view.program)

    def looped(self) -> Iterator[Enclosed]:
        found = [*self._looped()]
        if found and not may_run_eagerly(self.view):
            yield from found

    def _looped(self) -> Iterator[Enclosed]:
        for site in self.found.calls:
            if self.canonical(site.node.func, site.scope, site.time) == _RNN and self._loops(site.node):
                cell = first_given(site.node, "cell")
                made = list(self._cells(cell, site.scope, site.time)) if cell is not None else []
                made_in = tuple(span for each in made for span in self._of_cell(*each))
                adds = tuple(span for each in made for span in self._added_by(*each))
                if (made_in or adds) and not is_spared(site, self.view.module) and not self._is_told(site):
                    yield Enclosed(span=self.span(site.node.func), by="rnn", made_in=made_in, adds=adds)

    def _is_told(self, site: CallSite) -> bool:
        """True if something asks for the configuration of what a call makes."""
        escape = self.view.escape
        return any(True for _ in Effects(escape, escape.holders((site.node, site.scope))).reads(_TOLD_BY))

    def _loops(self, call: nodes.Call) -> bool:
        """Whether an RNN certainly does not write out its steps."""
        unrolled = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == "unroll"]
        plain = all(isinstance(each, nodes.Name) and each.value == "False" for each in unrolled)
        return plain and not any(arg.star for arg in call.args) and sum(arg.keyword is None for arg in call.args) < 2

    def _cells(self, node: nodes.Expression, scope: Scope, time: int) -> Iterator[tuple[nodes.Call, Scope, int]]:
        """Yield the calls that make the cells."""
        if isinstance(node, (nodes.List, nodes.Tuple)):
            for element in node.elements:
                yield from self._cells(element.value, scope, time)
            return
        made = self._models.makers.call_of(node, scope, time)
        if made is None:
            return
        path = self.canonical(made[0].func, *made[1:])
        inner = first_given(made[0], "cells") if path == _STACKED else None
        if inner is None:
            yield made
        else:
            yield from self._cells(inner, *made[1:])

    def _of_cell(self, call: nodes.Call, scope: Scope, time: int) -> Iterator[Span]:
        if layer_class(self.canonical(call.func, scope, time)) is not None:
            yield self.span(call)
        else:
            yield from self._parts(call, scope, time)

    def _added_by(self, call: nodes.Call, scope: Scope, time: int) -> Iterator[Span]:
        """Yield the calls of `add_loss` in a cell of the file's own that no condition is on the way to."""
        own = self._own_layer(call, scope, time)
        for site in self.found.calls_of(_ADD_LOSS) if own is not None else ():
            if own is not None and own.node.start <= site.node.start < own.node.end and not site.guards:
                yield self.span(site.node)

    def computed_again(self) -> Iterator[Enclosed]:
        for site in self.found.calls:
            if self._is_full(site):
                made_in = tuple(self._parts(site.node, site.scope, site.time))
                if made_in and not is_spared(site, self.view.module):
                    yield Enclosed(span=self.span(site.node.func), by="remat", made_in=made_in)

    def _is_full(self, site: CallSite) -> bool:
        """True if the innermost `RematScope` in which a call is made computes all again, and none is hidden."""
        for node in self._managers(site):
            path = self.canonical(node.func, site.scope, site.time) if isinstance(node, nodes.Call) else None
            if not isinstance(node, nodes.Call) or path is None:
                return False
            if path in _SCOPES:
                return self._says_full(node)
        return False

    def _managers(self, site: CallSite) -> Iterator[nodes.Expression]:
        """Yield what is entered around a call when it is made, the innermost first: not what is around its function."""
        node: nodes.Node | None = site.node
        while node is not None and not isinstance(node, _LATER):
            around = self._tree.parent(node)
            if isinstance(around, nodes.With) and around.body is node:
                yield from (item.item for item in reversed(around.items))
            node = around

    def _says_full(self, node: nodes.Call) -> bool:
        if any(arg.star for arg in node.args):
            return False
        mode = first_given(node, "mode")
        return mode is None or string_of(mode) == _FULL

    def _parts(self, call: nodes.Call, scope: Scope, time: int) -> Iterator[Span]:
        """Yield the calls that make the layers of a layer of the file's own, of which it certainly runs each."""
        own = self._own_layer(call, scope, time)
        reached = self._models.reaching.calls(call, self.view.module.at(scope, time)) if own is not None else ()
        for site in self.found.calls if own is not None else ():
            inside = own is not None and own.node.start <= site.node.start < own.node.end and not site.guards
            of_keras = inside and layer_class(self.canonical(site.node.func, site.scope, site.time)) is not None
            if of_keras and site.node in reached:
                yield self.span(site.node)

    def _own_layer(self, call: nodes.Call, scope: Scope, time: int) -> ClassSite | None:
        """Return the class that a call makes an instance of, if it is a layer, and nothing sets its attributes anew."""
        made = self.definition(call.func, scope, time)
        if not isinstance(made, nodes.ClassDef) or is_remade(made) or made.name.value in self._bases:
            return None
        own = self.found.objects.by_node[made]
        return own if lineage(self.view, own, LAYERS) else None

    @property
    def _bases(self) -> set[str]:
        """The classes of the file from which others derive, which may set their attributes anew."""
        bases = (base.value for site in self.found.objects.by_node for base in site.bases)
        return {base.value for base in bases if isinstance(base, nodes.Name)}
