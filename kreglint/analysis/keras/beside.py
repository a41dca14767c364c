"""Regularizers that stand beside the layers: given to `add`, to the call of a layer, or set on what is no layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.late import Misplaced

_REGULARIZERS = "keras.regularizers."
IDENTIFIERS = frozenset(("l1", "l2", "L1", "L2", "l1_l2", "L1L2", "OrthogonalRegularizer", "orthogonal_regularizer"))
REGULARIZER_CLASSES = frozenset(_REGULARIZERS + name for name in IDENTIFIERS)
_OWNERS = {"keras.optimizers.": "optimizer", "keras.losses.": "loss", "keras.metrics.": "metric"}
_CALLBACK = "keras.callbacks.Callback"
# Layers that hand all keywords of their call on.
_TAKE_ALL = frozenset(("Layer", "Wrapper", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"))


class Beside(Reader):
    """Looks for them in one file."""

    def __init__(self, view: View, makers: Makers) -> None:
        super().__init__(view)
        self._makers = makers

    def added(self, site: CallSite, func: nodes.Attribute) -> Iterator[Misplaced]:
        """`model.add(Dense(4), kernel_regularizer=…)`."""
        if self._made_by(func.value, site.scope, site.time) in SEQUENTIAL:
            yield from self._given(site, "added")

    def called(self, site: CallSite) -> Iterator[Misplaced]:
        """`Dense(4)(x, kernel_regularizer=…)`."""
        if len(site.node.args) < 2 or (isinstance(site.node.func, nodes.Attribute) and not self._is_own(site)):
            return
        found = list(self._given(site, "called"))
        layer = layer_class(self._made_by(site.node.func, site.scope, site.time)) if found else None
        if layer is not None and layer not in _TAKE_ALL:
            yield from found

    def _is_own(self, site: CallSite) -> bool:
        """True if what is called is an attribute of the instance of a class of the file."""
        owner = site.node.func.value if isinstance(site.node.func, nodes.Attribute) else None
        return isinstance(owner, nodes.Name) and receiver_class(owner.value, site.scope) is not None

    def _given(self, site: CallSite, place: str) -> Iterator[Misplaced]:
        """What a call is given beside its first argument."""
        by_place = list(takewhile(lambda arg: not arg.star and arg.keyword is None, site.node.args))
        for arg in by_place[1:2]:
            made = self.maker(arg.value, site.scope, site.time) or self.canonical(arg.value, site.scope, site.time)
            if made in REGULARIZER_CLASSES:
                yield Misplaced(span=self.span(arg.value), place=place)
        for arg in site.node.args:
            if arg.keyword is not None and _is_regularizer(arg.keyword.value) and not is_none(arg.value):
                yield Misplaced(span=self.span(arg.keyword), place=place, name=arg.keyword.value)

    def attributes(self) -> Iterator[Misplaced]:
        """`optimizer.kernel_regularizer = …`."""
        for site in self.found.attributes:
            name = site.node.attr.value
            owner = self._owner(site.node.value, site) if site.assigned and _is_regularizer(name) else None
            if owner is not None and not self._may_be_read(name):
                yield Misplaced(span=self.span(site.node.attr), place="attribute", name=name, owner=owner)
        for call in self.found.calls:
            if isinstance(call.node.func, nodes.Name) and call.node.func.value == "setattr":
                yield from self._set_by_name(call)

    def _set_by_name(self, call: CallSite) -> Iterator[Misplaced]:
        """`setattr(optimizer, "kernel_regularizer", …)`."""
        args = call.node.args
        name = string_of(args[1].value) if len(args) == 3 else None
        owner = self._owner(args[0].value, call) if name is not None and _is_regularizer(name) else None
        if owner is not None and name is not None and not self._may_be_read(name, but=args[1].value):
            yield Misplaced(span=self.span(args[1].value), place="attribute", name=name, owner=owner)

    def _may_be_read(self, name: str, but: nodes.Node | None = None) -> bool:
        return self.found.objects.hands_on_any or name in read_names(self.program, but)

    def _owner(self, node: nodes.Expression, site: AttributeSite | CallSite) -> str | None:
        """What an attribute is set on, if it is an object of Keras that has no regularizers."""
        made = self._made_by(node, site.scope, site.time) or ""
        known = next((what for package, what in _OWNERS.items() if made.startswith(package)), None)
        if known is None and isinstance(node, nodes.Attribute) and node.attr.value == "optimizer":
            return "optimizer" if self._is_model(node.value, site.scope, site.time) else None
        return known

    def _is_model(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if it is a model of Keras, or the one that a callback is given."""
        if self._made_by(node, scope, time) in MODELS | SEQUENTIAL:
            return True
        owner = node.value if isinstance(node, nodes.Attribute) and node.attr.value == "model" else None
        own = receiver_class(owner.value, scope) if isinstance(owner, nodes.Name) else None
        site = self.found.objects.classes[own] if own is not None else None
        if site is None or "model" in site.attributes or site.member("model") is not None:
            return False
        return _CALLBACK in {self.canonical(base.value, site.outer, site.time) for base in site.node.bases}

    def _made_by(self, node: nodes.Expression, scope: Scope, time: int) -> str | None:
        """The path of Keras that is called to make an expression, by its names and attributes."""
        call = self._makers.call_of(node, scope, time)
        return self.canonical(call[0].func, call[1], call[2]) if call is not None else None


def _is_regularizer(name: str) -> bool:
    return name.endswith("_regularizer") or name == "regularizer"


def read_names(program: Program, but: nodes.Node | None = None) -> set[str]:
    """The attributes that a program reads, and the strings in it."""
    assigned = {each.node for each in program.found.attributes if each.assigned}
    read = (node for node in descendants(program.module) if node not in assigned and node is not but)
    return {name for node in read for name in _names(node)}


def _names(node: nodes.Node) -> Iterator[str]:
    text = string_of(node)
    if text is not None:
        yield text
    elif isinstance(node, nodes.Attribute):
        yield node.attr.value


def is_none(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Name) and node.value == "None"
