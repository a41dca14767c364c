"""Parameters for a λ (`l2_reg`, `weight_decay`) that reach no weight, layer or loss, by where their values go."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.far_readers import is_read_elsewhere
from kreglint.analysis.keras.own_layers import BY_NAME, OwnLayer, OwnLayers, is_handed_on
from kreglint.analysis.keras.parameter_uses import Uses, parameters_of
from kreglint.analysis.keras.popped import Popped, popped
from kreglint.analysis.keras.prescribed import is_class_prescribed, is_only_called, is_settled
from kreglint.analysis.keras.reader import called
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import NAMES
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.semantic.sites import FunctionSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.catalog.model import MAJORS, load
from kreglint.facts.custom import DroppedParameter
from kreglint.facts.parameters import is_strength

_FACTORS = frozenset(("l1", "l2"))  # which are lists, layers or lines too, where no default says that they are numbers
_LAYERS = "keras.layers."
_MAKES_WEIGHTS = ("add_weight", "add_variable")
_VARIABLES = (("tensorflow.Variable",), ("keras.Variable",))


def dropped_strengths(layers: OwnLayers) -> Iterator[DroppedParameter]:
    """Yield those of own layers and models that make weights."""
    for layer in layers.layers:
        found = list(_of_layer(layer, layers))
        certain = bool(found) and _makes_weights(layer, layers) and not is_class_prescribed(layer.site, layers)
        yield from found if certain else ()


def _of_layer(layer: OwnLayer, layers: OwnLayers) -> Iterator[DroppedParameter]:
    node = layer.made.node
    if not layer.is_called or not isinstance(node, nodes.FunctionDef):
        return
    for taken in _taken(layer, node, layers):
        kept, used = taken.uses
        if used or (kept and layers.may_be_read(layer, {each.attr.value for each in kept})):
            continue
        yield DroppedParameter(
            span=layers.span(taken.key),
            name=taken.name,
            within=layers.span(layer.site.node),
            kept=layers.written(kept[0]) if kept else None,
        )


def _taken(layer: OwnLayer, made: nodes.FunctionDef, layers: OwnLayers) -> Iterator[Popped]:
    """Yield the λ that a layer's constructor takes, and the regularizers that nothing else asks for."""
    read: set[str] | None = None
    for param in parameters_of(made):
        name = param.name.value
        if _is_strength(param):
            yield Popped(param.name, name, layers.of(layer.made, name))
        elif not layer.is_plain and _is_of_weight(name):  # what is kept, Keras reads
            read = read or {each.value for each in descendants(made.body) if isinstance(each, nodes.Name)}
            if name not in read:
                yield Popped(param.name, name, layers.of(layer.made, name))
    yield from (each for each in popped(layer.made, layers) if is_strength(each.name) or _is_of_weight(each.name))


def _is_of_weight(name: str) -> bool:
    return name.endswith("_regularizer") and name != "activity_regularizer"


def _makes_weights(layer: OwnLayer, layers: OwnLayers) -> bool:
    """True if a method of a layer makes a weight, or a layer that has some."""
    for site in layers.found.calls_within(layer.site.scope):
        if called(site.node) in _MAKES_WEIGHTS:
            return True
        path = layers.canonical(site.node.func, site.scope, site.time) or ""
        if layers.paths.of(site.node.func, site.scope, site.time) in _VARIABLES:
            return True
        if path.startswith(_LAYERS) and _has_weights(path.rpartition(".")[2]):
            return True
        if layers.made_by(site) is not None:
            return True
    return any(_has_weights(path.rpartition(".")[2]) for path in layer.above if path.startswith(_LAYERS))


def _has_weights(name: str) -> bool:
    known = (load(major).layer(name) for major in MAJORS)
    return any(set(each.regularizers) - {"activity_regularizer"} for each in known if each is not None)


def ignored_strengths(layers: OwnLayers) -> Iterator[DroppedParameter]:
    """Yield those of functions that are only called: others may have to take what all of their kind are given."""
    for site in layers.found.functions.values():
        node = site.node
        if not isinstance(node, nodes.FunctionDef):
            continue
        for taken in _taken_by_function(site, node, layers):
            within = _dropped_within(taken.uses, site, layers)
            if within is not None:
                yield DroppedParameter(span=layers.span(taken.key), name=taken.name, within=layers.span(within))


def _taken_by_function(site: FunctionSite, node: nodes.FunctionDef, layers: OwnLayers) -> Iterator[Popped]:
    for param in filter(_is_strength, parameters_of(node)):
        yield Popped(param.name, param.name.value, layers.of(site, param.name.value))
    yield from (each for each in popped(site, layers) if is_strength(each.name) or _is_of_weight(each.name))


def _dropped_within(uses: Uses, site: FunctionSite, layers: OwnLayers) -> nodes.FunctionDef | nodes.ClassDef | None:
    """Return the function that certainly drops what it takes, or the class that keeps it for nothing."""
    if uses.used:
        return None
    if not uses.kept:
        return site.node if isinstance(site.node, nodes.FunctionDef) and is_only_called(site, layers) else None
    cls = layers.found.objects.classes.get(site.scope.parent) if site.scope.parent is not None else None
    return cls.node if cls is not None and _is_for_nothing(uses, cls, layers) else None


def _is_for_nothing(uses: Uses, cls: ClassSite, layers: OwnLayers) -> bool:
    """True if a class with no bases keeps it in attributes that nothing reads."""
    names = {each.attr.value for each in uses.kept}
    bare = not cls.node.bases and not cls.node.keywords and not cls.node.decorators
    name = cls.node.name.value
    if not bare or not is_settled(name, cls.outer, layers) or speaks_of(layers.program.module, BY_NAME):
        return False
    read = (each for each in descendants(layers.program.module) if isinstance(each, nodes.Attribute))
    here = any(each.attr.value in names and each not in uses.kept for each in read)
    return not here and not is_handed_on(cls, layers.view.escape) and not is_read_elsewhere(layers.view, name, names)


def _is_strength(param: nodes.Param) -> bool:
    """True if a parameter is meant for a λ: by its name, unless its default is a flag, a word or a number of things."""
    default, name = param.default, param.name.value
    is_word = isinstance(default, (nodes.SimpleString, nodes.FormattedString))
    is_flag = isinstance(default, nodes.Name) and NAMES.get(default.value) is not None
    is_count = isinstance(default, nodes.Integer) and default.value > 0 and name.startswith("reg")
    if name in _FACTORS:
        return isinstance(default, nodes.Float)
    return is_strength(name) and not is_word and not is_flag and not is_count
