"""Whether what an attribute is read of is a layer or model of Keras, something else, or not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    ExpressionBinding,
    LoopBinding,
    ParameterBinding,
    Pick,
    Scope,
)
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import At, Module, OwnClass
from kreglint.analysis.values.objects import InstanceValue
from kreglint.analysis.values.own_classes import BASES_WITHOUT_MEMBERS, ancestors
from kreglint.facts.values import Construct, OneOf, Value

_LAYERS_AND_MODELS = ("keras.layers.", "keras.models.", "keras.applications.", "keras.engine.")
_NO_LOOPS: Mapping[str, tuple[nodes.Expression, tuple[Pick, ...]]] = MappingProxyType({})
_TOP = frozenset(("keras.Model", "keras.Sequential", "keras.Layer"))


class Place(NamedTuple):
    """Where an expression stands, and what the names of the comprehensions around it go through."""

    scope: Scope
    time: int
    loops: Mapping[str, tuple[nodes.Expression, tuple[Pick, ...]]] = _NO_LOOPS


class Owner(Enum):
    """What an object is."""

    KERAS = "a layer or model of Keras"
    OTHER = "something else"
    UNKNOWN = "not known"


class Owners:
    """Tells the layers and models of one program."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def kind(self, node: nodes.Expression, place: Place) -> Owner:
        """Return what an expression is."""
        if isinstance(node, nodes.Name) and node.value in place.loops:
            iterable, picks = place.loops[node.value]
            layers = isinstance(iterable, nodes.Attribute) and iterable.attr.value == "layers"
            return Owner.KERAS if layers and not picks else Owner.UNKNOWN
        own = receiver_class(node.value, place.scope) if isinstance(node, nodes.Name) else None
        if own is not None:
            site = self._module.found.objects.classes[own]
            return self._of_class(self._module.own_class(site.node))
        if is_layer(node, self._module.at(place.scope, place.time)) or self._is_annotated(node, place):
            return Owner.KERAS
        return self._of_value(infer(node, self._module.at(place.scope, place.time)))

    def _is_annotated(self, node: nodes.Expression, place: Place) -> bool:
        """True if it is a parameter that an annotation says is a layer or model."""
        bound = lookup(node.value, place.scope, place.time) if isinstance(node, nodes.Name) else None
        annotation = bound.param.annotation if isinstance(bound, ParameterBinding) else None
        if annotation is None or not isinstance(bound, ParameterBinding):
            return False
        return is_of_keras(self._module.paths.of(annotation.annotation, bound.scope, bound.time))

    def _of_value(self, value: Value) -> Owner:
        match value:
            case OneOf(alternatives=ways):
                kinds = {self._of_value(way) for way in ways}
                return kinds.pop() if len(kinds) == 1 else Owner.UNKNOWN
            case Construct(symbol=symbol):
                if is_of_keras((symbol.path,)):
                    return Owner.KERAS
                return Owner.OTHER if symbol.canonical is not None else Owner.UNKNOWN
            case InstanceValue(of=cls):
                return self._of_class(cls)
        return Owner.UNKNOWN

    def _of_class(self, cls: OwnClass) -> Owner:
        above = [base for base in ancestors(cls) if isinstance(base, str)]
        if any(is_of_keras((base,)) for base in above):
            return Owner.KERAS
        return Owner.OTHER if not above or all(canonical(base) is not None for base in above) else _of_library(above)


def is_layer(node: nodes.Expression, at: At) -> bool:
    """True if the expression is certainly a Keras layer: built here, or taken from a model's `layers`."""
    passed: set[Binding] = set()
    while isinstance(node, nodes.Name):
        binding = lookup(node.value, at.scope, at.time)
        if isinstance(binding, LoopBinding):
            return _is_layers_attribute(binding.iterable)
        if not isinstance(binding, ExpressionBinding) or not binding.whole or binding in passed:
            break
        passed.add(binding)
        node, at = binding.value, at.moved(binding.scope, binding.time)
    if isinstance(node, nodes.Subscript):
        return _is_layers_attribute(node.value)
    if isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute) and node.func.attr.value == "get_layer":
        return True
    value = infer(node, at)
    return isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.layers.")


def has_as_keras(cls: OwnClass, member: str) -> bool:
    """True if all that a class derives from are layers or models of Keras, and none on the way has a member anew."""
    among = ancestors(cls)
    above = [base for base in among if isinstance(base, str) and base not in BASES_WITHOUT_MEMBERS]
    own = [base.site for base in among if isinstance(base, OwnClass)]
    anew = any(each.member(member) is not None or member in each.attributes for each in own)
    return bool(above) and not anew and all(is_of_keras((each,)) for each in above)


def _is_layers_attribute(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Attribute) and node.attr.value == "layers"


def _of_library(paths: Iterable[str]) -> Owner:
    """A class on top of what is not known may be anything; one of TensorFlow's own is none of Keras."""
    return Owner.OTHER if all(path.startswith("tensorflow.") for path in paths) else Owner.UNKNOWN


def is_of_keras(paths: tuple[str, ...]) -> bool:
    """True if all paths are of layers, models, or functions that make them."""
    names = [canonical(path) or "" for path in paths]
    return bool(names) and all(name in _TOP or name.startswith(_LAYERS_AND_MODELS) for name in names)
