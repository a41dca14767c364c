"""Which expressions are certainly weights of Keras layers: one, or several together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property

from kreglint.analysis.keras.owners import Owner, Owners, Place
from kreglint.analysis.keras.surroundings import AnyFunction, Tree
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    ExpressionBinding,
    JoinBinding,
    LoopBinding,
    ParameterBinding,
    Pick,
)
from kreglint.analysis.semantic.targets import unpacked_targets
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import UnclearArgumentsError, passed
from kreglint.analysis.values.method_callers import callers_of_parameter
from kreglint.analysis.values.module import Module
from kreglint.catalog.model import MAJORS, load

_OF_TRAINING = ("trainable_weights", "trainable_variables")
_OF_OBJECTS = (*_OF_TRAINING, "weights", "variables")
_MADE_BY = ("add_weight", "add_variable")
_VARIABLES = ("tensorflow.Variable", "tensorflow.compat.v1.Variable", "keras.Variable")
_SAME = frozenset(("cast", "convert_to_tensor", "identity", "reshape", "squeeze", "transpose", "flatten", "ravel"))
_TOGETHER = frozenset(("concat", "concatenate", "stack"))
_LIBRARIES = ("tensorflow.", "keras.ops.", "keras.backend.")
_COPIES = frozenset(("list", "tuple", "sorted", "reversed", "filter", "enumerate", "zip"))
_READS = ("read_value", "value")


Asked = Callable[[nodes.Expression, Place], bool]


class Weights:
    """The weights of one program. `given` tells the parameters that Keras itself sets to a weight."""

    def __init__(self, module: Module, tree: Tree, given: Mapping[AnyFunction, int]) -> None:
        self._module = module
        self._tree = tree
        self._given = given
        self._owners = Owners(module)
        self._asked: set[object] = set()

    def is_one(self, node: nodes.Expression, place: Place) -> bool:
        """True if it is one weight, or all of some joined to one tensor."""
        match node:
            case nodes.Name():
                return self._name(node.value, place, self.is_one, several=False)
            case nodes.Attribute(attr=nodes.Name(value=name)):
                return self._is_attribute(node, name, place)
            case nodes.Subscript(slice=[nodes.SubscriptElement(slice=nodes.Index())]):
                return self.are_several(node.value, place)
            case nodes.Call(func=nodes.Attribute(value=owner, attr=nodes.Name(value=name))) if name in _READS:
                return not node.args and self.is_one(owner, place)
            case nodes.Call() if node.args:
                function, first = self._function(node, place), node.args[0].value
                if function in _TOGETHER:
                    return self.are_several(first, place)
                return function in _SAME and self.is_one(first, place)
        return False

    def are_several(self, node: nodes.Expression, place: Place) -> bool:
        """True if it is a collection of weights and of nothing else."""
        match node:
            case nodes.Name():
                return self._name(node.value, place, self.are_several, several=True)
            case nodes.Attribute(attr=nodes.Name(value=name)):
                if name in _OF_OBJECTS and self._owns_weights(node.value, name, place):
                    return True
                return self._is_set(node, place, self.are_several)
            case nodes.Call(func=nodes.Attribute(attr=nodes.Name(value="get_weights"), value=owner)):
                return self._owners.kind(owner, place) is Owner.KERAS
            case nodes.Call(func=nodes.Name(value=name)) if name in _COPIES and node.args:
                return self.are_several(node.args[-1 if name == "filter" else 0].value, place)
            case nodes.BinaryOperation(operator=nodes.Add()):
                return self.are_several(node.left, place) and self.are_several(node.right, place)
            case nodes.Subscript(slice=[nodes.SubscriptElement(slice=nodes.Slice())]):
                return self.are_several(node.value, place)
            case nodes.List() | nodes.Tuple() if node.elements:
                return all(self._is_element(element, place) for element in node.elements)
            case nodes.ListComp() | nodes.GeneratorExp() | nodes.SetComp():
                return self.is_one(node.elt, self._within(node.for_in, place))
        return False

    def _is_element(self, element: nodes.BaseElement, place: Place) -> bool:
        asked = self.are_several if isinstance(element, nodes.StarredElement) else self.is_one
        return asked(element.value, place)

    def _within(self, loop: nodes.CompFor, place: Place) -> Place:
        """Return the place of what a comprehension collects, with the names that its loops bind."""
        loops = dict(place.loops)
        current: nodes.CompFor | None = loop
        while current is not None:
            for target, picks in unpacked_targets(current.target):
                if isinstance(target, nodes.Name):
                    loops[target.value] = (current.iter, picks)
            current = current.inner_for_in
        return place._replace(loops=loops)

    # Names

    def _name(self, name: str, place: Place, asked: Asked, *, several: bool) -> bool:
        if name in place.loops:
            iterable, picks = place.loops[name]
            return not several and self._is_item(iterable, picks, place)
        return self._bound(lookup(name, place.scope, place.time), asked, several=several)

    def _bound(self, bound: Binding | None, asked: Asked, *, several: bool) -> bool:
        key = (bound, several)
        if bound is None or key in self._asked:
            return False
        self._asked.add(key)
        found = self._is_bound_to(bound, asked, several=several)
        self._asked.discard(key)
        return found

    def _is_bound_to(self, bound: Binding, asked: Asked, *, several: bool) -> bool:
        match bound:
            case ExpressionBinding(value=value):
                place = Place(bound.scope, bound.time)
                if bound.whole:
                    return asked(value, place) or (several and self._is_gathered(bound))
                return not several and self.are_several(value, place)
            case LoopBinding(iterable=iterable, picks=picks):
                return not several and self._is_item(iterable, picks, Place(bound.scope, bound.time))
            case JoinBinding(alternatives=ways):
                return all(self._bound(way, asked, several=several) for way in ways)
            case ParameterBinding():
                return (not several and self._is_given(bound)) or self._is_passed(bound, asked)
        return False

    def _is_item(self, iterable: nodes.Expression, picks: Sequence[Pick], place: Place) -> bool:
        """True if what a loop takes of each item is a weight."""
        if not picks:
            return self.are_several(iterable, place)
        if not isinstance(iterable, nodes.Call) or not isinstance(iterable.func, nodes.Name) or len(picks) > 1:
            return False
        index = {"enumerate": picks[0].place - 1, "zip": picks[0].place}.get(iterable.func.value, -1)
        return 0 <= index < len(iterable.args) and self.are_several(iterable.args[index].value, place)

    def _is_gathered(self, bound: ExpressionBinding) -> bool:
        """True if it is an empty list to which nothing but weights is appended."""
        targets = bound.statement.targets if isinstance(bound.statement, nodes.Assign) else ()
        if not isinstance(bound.value, nodes.List) or bound.value.elements or len(targets) != 1:
            return False
        name = targets[0].target
        calls = list(self._tree.gathered(name.value, bound.scope)) if isinstance(name, nodes.Name) else []
        return bool(calls) and all(self._gathers(call) for call in calls)

    def _gathers(self, call: nodes.Call) -> bool:
        moment = self._tree.moment(call)
        if moment is None or len(call.args) != 1 or not isinstance(call.func, nodes.Attribute):
            return False
        asked = {"append": self.is_one, "extend": self.are_several}.get(call.func.attr.value)
        return asked is not None and asked(call.args[0].value, Place(*moment))

    # Parameters

    def _is_given(self, bound: ParameterBinding) -> bool:
        """True if Keras itself gives the weight, to a regularizer."""
        function = self._function_of(bound)
        index = self._given.get(function) if function is not None else None
        if function is None or index is None:
            return False
        places = (*function.params.posonly_params, *function.params.params)
        return index < len(places) and places[index] is bound.param

    def _function_of(self, bound: ParameterBinding) -> AnyFunction | None:
        node = self._tree.parent(bound.param)
        around = self._tree.parent(node) if isinstance(node, nodes.Parameters) else None
        return around if isinstance(around, (nodes.FunctionDef, nodes.Lambda)) else None

    def _is_passed(self, bound: ParameterBinding, asked: Asked) -> bool:
        """True if every call in the file passes weights, and nobody else may call."""
        function = self._function_of(bound)
        if isinstance(function, nodes.Lambda):
            return self._is_mapped(function, bound)
        try:
            given = [passed(caller, bound) for caller in callers_of_parameter(bound, self._module)]
        except UnclearArgumentsError:
            return False
        return bool(given) and all(
            each is not None and asked(each[0].value, Place(each[1].scope, each[1].time)) for each in given
        )

    def _is_mapped(self, function: nodes.Lambda, bound: ParameterBinding) -> bool:
        """True if a lambda is called on each of some weights: `map(lambda v: …, model.trainable_weights)`."""
        call = mapped_by(function, self._tree)
        site = self._tree.sites.get(call) if call is not None else None
        if call is None or site is None or bound.param not in function.params.params[:1]:
            return False
        return self.are_several(call.args[1].value, Place(site.scope, site.time))

    # Attributes

    def _owns_weights(self, owner: nodes.Expression, name: str, place: Place) -> bool:
        kind = self._owners.kind(owner, place)
        return kind is Owner.KERAS or (kind is Owner.UNKNOWN and name in _OF_TRAINING and self._concerns_keras)

    def _is_attribute(self, node: nodes.Attribute, name: str, place: Place) -> bool:
        if name in _weight_names() and self._owners.kind(node.value, place) is Owner.KERAS:
            return self._bindings_on_self(node, place) is None or self._is_set(node, place, self._makes_weight)
        return self._is_set(node, place, self._makes_weight)

    def _is_set(self, node: nodes.Attribute, place: Place, asked: Asked) -> bool:
        """True if a layer or model of the file's own sets the attribute to nothing else."""
        bindings = self._bindings_on_self(node, place)
        if bindings is None or self._owners.kind(node.value, place) is not Owner.KERAS:
            return False
        return all(
            isinstance(each, ExpressionBinding) and each.whole and asked(each.value, Place(each.scope, each.time))
            for each in bindings
        )

    def _bindings_on_self(self, node: nodes.Attribute, place: Place) -> list[Binding] | None:
        """Return all that a class of the file sets an attribute of its instances to; None where it does not."""
        own = receiver_class(node.value.value, place.scope) if isinstance(node.value, nodes.Name) else None
        if own is None:
            return None
        return self._module.found.objects.classes[own].attributes.get(node.attr.value) or None

    def _makes_weight(self, node: nodes.Expression, place: Place) -> bool:
        if not isinstance(node, nodes.Call):
            return self.is_one(node, place)
        if isinstance(node.func, nodes.Attribute) and node.func.attr.value in _MADE_BY:
            return self._owners.kind(node.func.value, place) is Owner.KERAS
        paths = self._module.paths.of(node.func, place.scope, place.time)
        return bool(paths) and all((canonical(path) or path) in _VARIABLES for path in paths)

    # Functions

    def _function(self, node: nodes.Call, place: Place) -> str:
        """Return the last name of a function of TensorFlow or Keras that is called; empty for any other."""
        paths = self._module.paths.of(node.func, place.scope, place.time)
        named = [canonical(path) or path for path in paths]
        return named[0].rpartition(".")[2] if len(named) == 1 and named[0].startswith(_LIBRARIES) else ""

    @cached_property
    def _concerns_keras(self) -> bool:
        """True if the file names Keras at all."""
        found = self._module.found
        if any(canonical(name.path) is not None for name in found.imports):
            return True
        named = [(site.node.func, site.scope, site.time) for site in found.calls]
        named += [
            (base.value, cls.outer, cls.time) for cls in found.objects.by_node.values() for base in cls.node.bases
        ]
        return any(canonical(path) is not None for each in named for path in self._module.paths.of(*each))


def mapped_by(function: nodes.Expression, tree: Tree) -> nodes.Call | None:
    """Return the call of `map` that calls a function on each item of its second argument."""
    arg = tree.parent(function)
    call = tree.parent(arg) if isinstance(arg, nodes.Arg) else None
    if not isinstance(call, nodes.Call) or len(call.args) != 2 or call.args[0] is not arg:
        return None
    func = call.func
    name = func.attr.value if isinstance(func, nodes.Attribute) else getattr(func, "value", "")
    return call if name in ("map", "map_structure", "map_fn") else None


@cache
def _weight_names() -> frozenset[str]:
    """Return the attributes in which layers of Keras have the weights that they regularize."""
    layers = (keras.layer(name) for keras in map(load, MAJORS) for name in keras.layer_names)
    slots = (slot for layer in layers if layer is not None for slot in layer.regularizers.values())
    return frozenset(weight for slot in slots for weight in slot.weights) - {"output"}
