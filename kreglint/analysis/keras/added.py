"""What is added to a layer's losses by `add_loss`, and where: Keras takes it in `call`, and keeps it for one call."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from kreglint.analysis import bounds
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.owners import has_as_keras, is_layer, is_of_keras
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View, called
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import DefinitionBinding, ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.infer import infer
from kreglint.diagnostics import Span
from kreglint.facts.added import AddedLoss, Where
from kreglint.facts.training import LateBoundLoss
from kreglint.facts.values import Construct, Provenance, Value

_PLACES = {"__init__": Where.CONSTRUCTOR, "build": Where.BUILD, "call": Where.CALL}
_GRAPHS = ("disable_eager_execution", "disable_v2_behavior")
_LIBRARIES = ("tensorflow.", "jax.numpy.", "torch.")
_NO_TENSORS = ("tensorflow.function", "tensorflow.py_function", "tensorflow.custom_gradient")
_MATHS = ("keras.ops.", "keras.backend.", "keras.losses.")
Kind = Literal["", "function", "number", "regularizer", "tensor"]
_LOSSES = "losses"
_WEIGHTS = frozenset(
    "kernel bias recurrent_kernel depthwise_kernel pointwise_kernel embeddings gamma beta "
    "weights trainable_weights variables trainable_variables".split()
)
_SYMBOLIC = frozenset(("input", "inputs", "output", "outputs"))  # of a layer or model: no tensor with numbers


def added_losses(view: View, late_bound: tuple[LateBoundLoss, ...]) -> Iterator[AddedLoss]:
    """The calls of `add_loss` in a program that are certainly of a layer or model of Keras."""
    if "add_loss" not in view.text:
        return
    finder = _Finder(view)
    told = {each.span for each in late_bound}
    for site in view.program.found.calls_of("add_loss"):
        where = finder.where(site) if called(site.node) == "add_loss" and not site.provoked else None
        if where is not None and not any(arg.star for arg in site.node.args):
            yield finder.read(site, where, told)


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.makers = Makers(view)

    def read(self, site: CallSite, where: Where, told: set[Span]) -> AddedLoss:
        by_place = [arg.value for arg in site.node.args if arg.keyword is None]
        given = by_place[0] if by_place else None
        span = self.span(given) if given is not None else None
        return AddedLoss(
            span=self.span(site.node),
            where=where,
            given=span,
            kind=self._kind(given, site.scope, site.time) if given is not None else "",
            late_bound=span in told,
            second=self.span(by_place[1]) if len(by_place) > 1 else None,
            keywords=tuple((arg.keyword.value, self.span(arg.keyword)) for arg in site.node.args if arg.keyword),
            by_graph=self._by_graph,
        )

    # Whose losses these are

    def where(self, site: CallSite) -> Where | None:
        """Where the call stands; None where it may be of something else than a layer of Keras."""
        func = site.node.func
        owner = func.value if isinstance(func, nodes.Attribute) else None
        if owner is None or not self._is_as_keras_has_it:
            return None
        own = receiver_class(owner.value, site.scope) if isinstance(owner, nodes.Name) else None
        if own is not None:
            return self._in_method(site, self.found.objects.classes[own])
        if isinstance(owner, nodes.Call) and called(owner) == "super":
            return None  # of whatever class comes next
        where = self._of_object(owner, site)
        return Where.OUTSIDE if where is Where.OTHER and self._is_set_up_outside(site) else where

    def _of_object(self, owner: nodes.Expression, site: CallSite) -> Where | None:
        made = self.makers.call_of(owner, site.scope, site.time)
        path = self.canonical(made[0].func, *made[1:]) if made is not None else None
        if made is not None and path is not None:
            return _of_made(made[0], path)
        at = self.view.module.of(site)
        if is_layer(owner, at) or self._is_asked_for(owner, site):
            return Where.OTHER
        return Where.FUNCTIONAL if all(map(_is_functional_model, infer(owner, at).ways)) else None

    def _is_set_up_outside(self, site: CallSite) -> bool:
        """Whether what is added is there before the next call of the layer alone, and nobody reads it until then."""
        reads = any(
            string_of(each) == _LOSSES or (isinstance(each, nodes.Attribute) and each.attr.value == _LOSSES)
            for each in self._nodes
        )
        given = {each.attr.value for each in descendants(site.node) if isinstance(each, nodes.Attribute)}
        of_weights = not given.isdisjoint(_WEIGHTS) and given.isdisjoint(_SYMBOLIC)
        return of_weights and _runs_at_once(site.scope, self.found.module_scope) and not reads

    @cached_property
    def _nodes(self) -> list[nodes.Node]:
        return list(descendants(self.program.module))

    @cached_property
    def _is_as_keras_has_it(self) -> bool:
        objects = self.found.objects
        return objects.is_settled("add_loss") and not any(map(_has_add_loss, objects.classes.values()))

    def _in_method(self, site: CallSite, owner: ClassSite) -> Where | None:
        if not has_as_keras(self.view.module.own_class(owner.node), "add_loss"):
            return None
        function = self.function_around(site.scope)
        scope = self.found.functions[function].scope if function is not None else None
        direct = scope is not None and scope.parent is owner.scope and _runs_at_once(site.scope, scope)
        name = function.name.value if function is not None and direct else ""
        name = self._only_caller(name, owner) if name not in _PLACES and name.startswith("_") else name
        builds = name != "build" or not self._builds_itself
        return _PLACES.get(name, Where.OTHER) if builds else Where.OTHER

    def _only_caller(self, name: str, owner: ClassSite) -> str:
        """Return the one method of a class that calls another, which nothing else reads; empty if there is none."""
        calls = [site for site in self.found.calls_of(name) if called(site.node) == name]
        reads = sum(isinstance(each, nodes.Attribute) and each.attr.value == name for each in self._nodes)
        callers = {self._caller(site, owner) for site in calls}
        return callers.pop() if len(callers) == 1 and reads == len(calls) else ""

    def _caller(self, site: CallSite, owner: ClassSite) -> str:
        """Return the method of a class in which its instance's method is called at once; empty for any other place."""
        func, around = site.node.func, self.function_around(site.scope)
        holder = func.value if isinstance(func, nodes.Attribute) else None
        of_self = isinstance(holder, nodes.Name) and receiver_class(holder.value, site.scope) is owner.scope
        scope = self.found.functions[around].scope if around is not None else None
        direct = scope is not None and scope.parent is owner.scope and _runs_at_once(site.scope, scope)
        return around.name.value if around is not None and of_self and direct else ""

    @cached_property
    def _builds_itself(self) -> bool:
        """Whether a method of the file may build its layer itself, be it in a call."""
        return any(
            receiver_class(each.node.func.value.value, each.scope) is not None
            for each in self.found.calls_of("build")
            if isinstance(each.node.func, nodes.Attribute) and isinstance(each.node.func.value, nodes.Name)
        )

    def _is_asked_for(self, owner: nodes.Expression, site: CallSite) -> bool:
        """Whether a condition says that it is an instance of a layer of Keras."""
        return any(
            guard.expected and self._is_instance(guard.test, owner, guard.scope, guard.time) for guard in site.guards
        )

    def _is_instance(self, test: nodes.Expression | None, owner: nodes.Expression, scope: Scope, time: int) -> bool:
        if not isinstance(test, nodes.Call) or called(test) != "isinstance" or len(test.args) != 2:
            return False
        kinds = test.args[1].value
        listed = [each.value for each in kinds.elements] if isinstance(kinds, nodes.Tuple) else [kinds]
        same = self.written(test.args[0].value) == self.written(owner)
        return same and bool(listed) and all(is_of_keras(self.paths.of(each, scope, time)) for each in listed)

    @cached_property
    def _by_graph(self) -> bool:
        paths = (self.paths.of(site.node.func, site.scope, site.time) for site in self.found.calls)
        return any(path.endswith(_GRAPHS) for found in paths for path in found)

    # What is added

    def _kind(self, node: nodes.Expression, scope: Scope, time: int, depth: int = bounds.MODEL_STEPS) -> Kind:
        """What an expression certainly is; empty where it is not known."""
        if depth == 0:
            return ""
        if isinstance(node, (nodes.Integer, nodes.Float)):
            return "number"
        if isinstance(node, nodes.ListComp | nodes.GeneratorExp):
            return "function" if isinstance(node.elt, nodes.Lambda) else ""
        if isinstance(node, nodes.Lambda):
            return "function"
        if isinstance(node, (nodes.List, nodes.Tuple)):
            kinds = {self._kind(each.value, scope, time, depth) for each in node.elements}
            return kinds.pop() if len(kinds) == 1 else ""
        if isinstance(node, nodes.UnaryOperation):
            return self._kind(node.expression, scope, time, depth)
        if isinstance(node, nodes.BinaryOperation):
            sides = {self._kind(each, scope, time, depth) for each in (node.left, node.right)}
            return "tensor" if "tensor" in sides else "number" if sides == {"number"} else ""
        if isinstance(node, nodes.Call):
            return self._kind_of_call(node, scope, time, depth)
        return self._kind_of_name(node, scope, time, depth)

    def _kind_of_name(self, node: nodes.Expression, scope: Scope, time: int, depth: int) -> Kind:
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, DefinitionBinding):
            plain = isinstance(bound.node, nodes.FunctionDef) and not bound.node.decorators
            return "function" if plain else ""
        if isinstance(bound, ExpressionBinding) and bound.whole:
            return self._kind(bound.value, bound.scope, bound.time, depth - 1)
        if self._is_method(node, scope):
            return "function"
        kinds = {self._kind(each.value, each.scope, each.time, depth - 1) for each in self._attribute(node, scope)}
        return kinds.pop() if len(kinds) == 1 else ""

    def _is_method(self, node: nodes.Expression, scope: Scope) -> bool:
        """Whether it is a method of the instance that a method has, which nothing replaces."""
        if not isinstance(node, nodes.Attribute) or not isinstance(node.value, nodes.Name):
            return False
        own, name = receiver_class(node.value.value, scope), node.attr.value
        site = self.found.objects.classes[own] if own is not None else None
        bound = site.member(name) if site is not None and name not in site.attributes else None
        plain = isinstance(bound, DefinitionBinding) and not bound.node.decorators
        return plain and self.found.objects.is_settled(name)

    def _attribute(self, node: nodes.Expression, scope: Scope) -> list[ExpressionBinding]:
        """What the methods of a class set an attribute of `self` to; nothing where it may be something else."""
        if not isinstance(node, nodes.Attribute) or not isinstance(node.value, nodes.Name):
            return []
        own, name = receiver_class(node.value.value, scope), node.attr.value
        if own is None or not self.found.objects.is_settled(name):
            return []
        found = self.found.objects.classes[own].attributes.get(name, [])
        sure = [each for each in found if isinstance(each, ExpressionBinding) and each.whole]
        return sure if len(sure) == len(found) else []

    def _kind_of_call(self, node: nodes.Call, scope: Scope, time: int, depth: int) -> Kind:
        func = node.func
        paths = self.paths.of(func, scope, time)
        if paths:
            return _result_of(paths[0]) if len(paths) == 1 else ""
        if isinstance(func, nodes.Attribute) and isinstance(func.value, nodes.Name):
            own = receiver_class(func.value.value, scope)
            if own is not None and func.attr.value == "add_weight":
                return "tensor"
        return "tensor" if self._is_regularizer(func, scope, time, depth) else ""

    def _is_regularizer(self, node: nodes.Expression, scope: Scope, time: int, depth: int) -> bool:
        """Whether an expression is certainly what Keras makes or gets as a regularizer."""
        if isinstance(node, nodes.Call):
            return (self.canonical(node.func, scope, time) or "").startswith("keras.regularizers.")
        bound = lookup(node.value, scope, time) if isinstance(node, nodes.Name) else None
        found = [bound] if isinstance(bound, ExpressionBinding) and bound.whole else self._attribute(node, scope)
        return (
            bool(found)
            and depth > 0
            and all(self._is_regularizer(each.value, each.scope, each.time, depth - 1) for each in found)
        )


def _of_made(call: nodes.Call, path: str) -> Where | None:
    """Where `add_loss` of what a call of Keras makes is called."""
    if path in MODELS:
        named = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        by_place = sum(arg.keyword is None and not arg.star for arg in call.args)
        return Where.FUNCTIONAL if _is_functional(named, by_place) else None
    if path.startswith("keras.applications."):
        return Where.FUNCTIONAL
    return Where.OTHER if path in SEQUENTIAL or path.startswith("keras.layers.") else None


def _is_functional(named: set[str], by_place: int) -> bool:
    """Whether a model is made of inputs and outputs, by the arguments of its call."""
    return named >= {"inputs", "outputs"} or by_place == 2 or (by_place == 1 and "outputs" in named)


def _is_functional_model(value: Value) -> bool:
    """Whether a value is a functional model that another function of the project makes."""
    if not isinstance(value, Construct) or value.symbol.canonical not in MODELS or value.has_star:
        return False
    named = {argument.keyword for argument in value.arguments if argument.keyword is not None}
    return value.provenance <= Provenance.CROSS_FILE and _is_functional(named, len(value.positional))


def _result_of(path: str) -> Kind:
    """What a function of a library gives back."""
    name = canonical(path)
    if path in ("functools.partial", "tensorflow.function"):
        return "function"
    if name is not None and name.startswith("keras.regularizers."):
        return "regularizer"
    of_keras = name is not None and name.startswith(_MATHS) and name.rpartition(".")[2][:1].islower()
    of_library = name is None and path.startswith(_LIBRARIES) and not path.startswith(_NO_TENSORS)
    return "tensor" if of_keras or of_library else ""


def _has_add_loss(site: ClassSite) -> bool:
    return site.member("add_loss") is not None or "add_loss" in site.attributes


def _runs_at_once(scope: Scope, function: Scope) -> bool:
    """Whether nothing but comprehensions stands between a scope and that of the function around it."""
    while scope is not function and scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope is function
