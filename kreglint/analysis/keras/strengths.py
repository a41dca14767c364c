"""Parameters for a λ (`l2_reg`, `weight_decay`) that reach no weight, layer or loss, by where their values go."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.own_layers import OwnLayer, OwnLayers
from kreglint.analysis.keras.parameter_uses import parameters_of
from kreglint.analysis.keras.reader import called
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import NAMES
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import FunctionSite
from kreglint.analysis.syntax import nodes
from kreglint.catalog.model import MAJORS, load
from kreglint.facts.custom import DroppedParameter
from kreglint.facts.parameters import is_strength

_LAYERS = "keras.layers."
_MAKES_WEIGHTS = ("add_weight", "add_variable")


def dropped_strengths(layers: OwnLayers) -> Iterator[DroppedParameter]:
    """Yield those of own layers and models that make weights."""
    for layer in layers.layers:
        found = list(_of_layer(layer, layers))
        yield from found if found and _makes_weights(layer, layers) else ()


def _of_layer(layer: OwnLayer, layers: OwnLayers) -> Iterator[DroppedParameter]:
    node = layer.made.node
    if not layer.is_called or not isinstance(node, nodes.FunctionDef):
        return
    for param in filter(_is_strength, parameters_of(node)):
        name = param.name.value
        kept, used = layers.of(layer.made, name)
        if used or (kept and layers.may_be_read(layer, {each.attr.value for each in kept})):
            continue
        yield DroppedParameter(
            span=layers.span(param.name),
            name=name,
            within=layers.span(layer.site.node),
            kept=layers.written(kept[0]) if kept else None,
        )


def _makes_weights(layer: OwnLayer, layers: OwnLayers) -> bool:
    """True if a method of a layer makes a weight, or a layer that has some."""
    for site in layers.found.calls_within(layer.site.scope):
        if called(site.node) in _MAKES_WEIGHTS:
            return True
        path = layers.canonical(site.node.func, site.scope, site.time) or ""
        if path.startswith(_LAYERS) and _has_weights(path.rpartition(".")[2]):
            return True
        if layers.made_by(site) is not None:
            return True
    return False


def _has_weights(name: str) -> bool:
    known = (load(major).layer(name) for major in MAJORS)
    return any(set(each.regularizers) - {"activity_regularizer"} for each in known if each is not None)


def ignored_strengths(layers: OwnLayers) -> Iterator[DroppedParameter]:
    """Yield those of functions that are only called: others may have to take what all of their kind are given."""
    for site in layers.found.functions.values():
        node = site.node
        for param in filter(_is_strength, parameters_of(node)) if isinstance(node, nodes.FunctionDef) else ():
            uses = layers.of(site, param.name.value)
            if not uses.used and not uses.kept and _is_only_called(site, layers):
                yield DroppedParameter(span=layers.span(param.name), name=param.name.value, within=layers.span(node))


def _is_strength(param: nodes.Param) -> bool:
    """True if a parameter is meant for a λ: by its name, unless its default is a flag, a word or a number of things."""
    default, name = param.default, param.name.value
    is_word = isinstance(default, (nodes.SimpleString, nodes.FormattedString))
    is_flag = isinstance(default, nodes.Name) and NAMES.get(default.value) is not None
    is_count = isinstance(default, nodes.Integer) and default.value > 0 and name.startswith("reg")
    return is_strength(name) and not is_word and not is_flag and not is_count


def _is_only_called(site: FunctionSite, layers: OwnLayers) -> bool:
    """True if nobody prescribes what a function takes: it is defined once, and read only to be called."""
    node, scope = site.node, site.scope.parent
    if not isinstance(node, nodes.FunctionDef) or scope is None:
        return False
    cls = layers.found.objects.classes.get(scope)
    if cls is None:
        return not node.decorators and _is_settled(node.name.value, scope, layers)
    if node.decorators:
        bare = not cls.node.bases and not cls.node.keywords and not cls.node.decorators
        return bare and _is_settled(cls.node.name.value, cls.outer, layers)
    return _is_private(node.name.value, cls, layers)


def _is_private(name: str, cls: ClassSite, layers: OwnLayers) -> bool:
    """True if a method is for its own class alone, and one of no class above or below."""
    if not name.startswith("_") or name.startswith("__") or layers.found.objects.hands_on_any:
        return False
    known = not cls.node.bases or any(each.site is cls for each in layers.layers)
    methods = [each for each in layers.found.objects.classes.values() if each.member(name) is not None]
    read = layers.view.escape.flows.attributes.get(name, ())
    called = all(isinstance(around := layers.tree.parent(node), nodes.Call) and around.func is node for node, _ in read)
    return known and methods == [cls] and called and bool(read)


def _is_settled(name: str, scope: Scope, layers: OwnLayers) -> bool:
    once = len(scope.history.get(name, ((), ()))[1]) == 1
    return once and all(_is_owner_or_callee(read, layers) for read in layers.tree.reads(name, scope))


def _is_owner_or_callee(read: nodes.Name, layers: OwnLayers) -> bool:
    """True if a name is called, or a method of it is."""
    node: nodes.Node = read
    around = layers.tree.parent(node)
    if isinstance(around, nodes.Attribute):
        node, around = around, layers.tree.parent(around)
    return isinstance(around, nodes.Call) and around.func is node
