"""Where an own layer keeps a layer that it makes, and whether it certainly runs that."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.own_layers import OwnLayer, OwnLayers
from kreglint.analysis.keras.reader import SEQUENTIAL, called
from kreglint.analysis.keras.surroundings import GATHERING
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_PREPARING = frozenset(("__init__", "build", "get_config", "from_config", "compute_output_shape"))
_CALLED = ("call", "__call__")
_HOLDERS = (nodes.Element, nodes.List, nodes.Tuple, nodes.Dict, nodes.DictElement, nodes.ListComp, nodes.Subscript)
_WALKS = frozenset(("enumerate", "zip", "reversed", "list", "tuple"))
_ADDING = (*GATHERING, "add")


class InnerLayers:
    """The layers within the own layers of one program."""

    def __init__(self, layers: OwnLayers) -> None:
        self._layers = layers
        self._tree = layers.tree

    def is_run(self, site: CallSite, layer: OwnLayer) -> bool:
        """True if what a call makes is kept as an attribute, alone or among others, that a method runs."""
        return any(self._runs(name, layer) for name in self._kept_as(site.node, layer, set()))

    # Where it is kept

    def _kept_as(self, node: nodes.Node, layer: OwnLayer, seen: set[nodes.Node]) -> Iterator[str]:
        """Yield the attributes that hold the value of an expression."""
        around = self._tree.parent(node)
        while isinstance(around, _HOLDERS):
            node, around = around, self._tree.parent(around)
        if around is None or around in seen:
            return
        seen.add(around)
        match around:
            case nodes.Assign(targets=targets, value=value) if value is node:
                for target in targets:
                    yield from self._stored(target.target, layer, seen)
            case nodes.AnnAssign(target=target, value=value) if value is node:
                yield from self._stored(target, layer, seen)
            case nodes.Arg(star=""):
                call = self._tree.parent(around)
                if isinstance(call, nodes.Call):
                    yield from self._given_to(call, layer, seen)

    def _given_to(self, call: nodes.Call, layer: OwnLayer, seen: set[nodes.Node]) -> Iterator[str]:
        """Yield the attributes that hold a list or model to which a layer is given."""
        site, func = self._layers.view.sites.get(call), call.func
        if site is not None and self._layers.canonical(func, site.scope, site.time) in SEQUENTIAL:
            yield from self._kept_as(call, layer, seen)
        elif isinstance(func, nodes.Attribute) and func.attr.value in _ADDING:
            yield from self._stored(func.value, layer, seen)

    def _stored(self, target: nodes.Expression, layer: OwnLayer, seen: set[nodes.Node]) -> Iterator[str]:
        """Yield the attributes of the layer that a target is, or that a local name is kept as."""
        if isinstance(target, nodes.Attribute) and self._is_own(target, layer):
            yield target.attr.value
        elif isinstance(target, nodes.Name):
            for read in self._tree.reads(target.value, self._tree.scope(target)):
                yield from self._kept_as(read, layer, seen)

    # Whether it runs

    def _runs(self, name: str, layer: OwnLayer) -> bool:
        return any(
            node.attr.value == name and self._is_own(node, layer) and self._is_called_or_walked(node)
            for method in self._running(layer)
            for node in descendants(method)
            if isinstance(node, nodes.Attribute)
        )

    def _running(self, layer: OwnLayer) -> Iterator[nodes.FunctionDef]:
        """Yield the methods that run when a layer is called: all but those that prepare it, where a base calls them."""
        parts = [part for part in layer.site.node.body.body if isinstance(part, nodes.FunctionDef)]
        methods = {part.name.value: part for part in parts if part.name.value not in _PREPARING}
        reached = dict.fromkeys(name for name in methods if name in _CALLED) or dict.fromkeys(methods)
        waiting = list(reached)
        while waiting:
            method = methods[waiting.pop()]
            yield method
            for node in descendants(method):
                named = isinstance(node, nodes.Attribute) and self._is_own(node, layer) and node.attr.value in methods
                if isinstance(node, nodes.Attribute) and named and node.attr.value not in reached:
                    reached[node.attr.value] = None
                    waiting.append(node.attr.value)

    def _is_called_or_walked(self, node: nodes.Expression) -> bool:
        """True if an attribute is called, or taken by itself or item by item to be called."""
        inner: nodes.Node = node
        around = self._tree.parent(inner)
        while isinstance(around, nodes.Subscript):
            inner, around = around, self._tree.parent(around)
        match around:
            case nodes.Call(func=func):
                return func is inner
            case nodes.For(iter=walked) | nodes.CompFor(iter=walked):
                return walked is inner
            case nodes.Assign(value=value):
                return value is inner
            case nodes.Arg():
                call = self._tree.parent(around)
                return isinstance(call, nodes.Call) and called(call) in _WALKS
        return False

    def _is_own(self, node: nodes.Attribute, layer: OwnLayer) -> bool:
        scope = self._tree.scope(node)
        return isinstance(node.value, nodes.Name) and receiver_class(node.value.value, scope) is layer.site.scope
