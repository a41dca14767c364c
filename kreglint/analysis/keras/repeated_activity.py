"""Own layers that hand the activity regularizer which Keras applies to their output to a layer inside as well."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.keras.inner_layers import InnerLayers
from kreglint.analysis.keras.own_activity import ACTIVITY, activity_parameter, is_reset, super_call
from kreglint.analysis.keras.own_layers import OwnLayer, OwnLayers
from kreglint.analysis.keras.reader import called
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, ParameterBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.arguments import arguments_of
from kreglint.facts.parameters import RepeatedActivity
from kreglint.facts.values import Argument

_LAYERS = "keras.layers."
_GET = "keras.regularizers.get"
_ADD_LOSS = "add_loss"


class RepeatedActivities:
    """Finds them in one program."""

    def __init__(self, layers: OwnLayers) -> None:
        self._layers = layers
        self._inner_layers = InnerLayers(layers)

    def found(self) -> Iterator[RepeatedActivity]:
        for layer in self._layers.layers:
            if self._keeps(layer):
                for site in self._layers.found.calls_within(layer.site.scope):
                    yield from self._added(site, layer) if called(site.node) == _ADD_LOSS else self._inner(site, layer)

    def _added(self, site: CallSite, layer: OwnLayer) -> Iterator[RepeatedActivity]:
        """Yield a call of `add_loss` that is given what the regularizer makes of a tensor."""
        func, method = site.node.func, self._layers.tree.function(site.node)
        owner = func.value if isinstance(func, nodes.Attribute) else None
        own = isinstance(owner, nodes.Name) and receiver_class(owner.value, site.scope) is layer.site.scope
        if not own or not isinstance(method, nodes.FunctionDef) or method.name.value != "call" or not site.node.args:
            return
        given, scope, time = site.node.args[0].value, site.scope, site.time
        bound = lookup(given.value, scope, time) if isinstance(given, nodes.Name) else None
        if isinstance(bound, ExpressionBinding) and bound.whole:
            given, scope, time = bound.value, bound.scope, bound.time
        if isinstance(given, nodes.Call) and self._is_of_owner(given.func, scope, time, layer):
            span = self._layers.span(func)
            call = self._layers.span(site.node)
            yield RepeatedActivity(
                span=span, owner=layer.name, layer=_ADD_LOSS, of_keras=False, call=call, argument=None
            )

    def _inner(self, site: CallSite, layer: OwnLayer) -> Iterator[RepeatedActivity]:
        path = self._layers.canonical(site.node.func, site.scope, site.time) or ""
        inner = self._layers.made_by(site)
        applies = path.startswith(_LAYERS) or (inner is not None and self._applies_what_it_is_given(inner))
        if not applies or site.provoked or self._is_asked(site, layer) or not self._inner_layers.is_run(site, layer):
            return
        given = self._given(site)
        value, argument = given if given is not None else (None, None)
        own = value is not None and self._is_of_owner(value, site.scope, site.time, layer)
        if own or (argument is None and self._gets_all(site, layer)):
            yield RepeatedActivity(
                span=self._layers.span(site.node.func),
                owner=layer.name,
                layer=path.rpartition(".")[2] if inner is None else inner.name,
                of_keras=inner is None,
                call=self._layers.span(site.node),
                argument=None if argument is None or argument.inherited else argument.span,
            )

    def _is_asked(self, site: CallSite, layer: OwnLayer) -> bool:
        """True if what the layer is given decides whether a call is made: it may be where nothing is given."""
        for guard in site.guards:
            parts = descendants(guard.test) if guard.test is not None else ()
            asked = (each for each in parts if isinstance(each, nodes.Expression))
            if any(self._is_of_owner(each, guard.scope, guard.time, layer) for each in asked):
                return True
        return False

    def _gets_all(self, site: CallSite, layer: OwnLayer) -> bool:
        """True if the base class and a layer inside get all keywords, and a call of the file gives a regularizer."""
        rest = any(arg.star == "**" and self._is_rest(arg.value, layer) for arg in site.node.args)
        if not rest or activity_parameter(layer) is not None or any(_is_for_activity(arg) for arg in site.node.args):
            return False
        calls = (call.node for call in self._layers.found.calls if self._layers.made_by(call) is layer)
        return any(_is_for_activity(arg) and not _is_none(arg.value) for call in calls for arg in call.args)

    def _given(self, site: CallSite) -> tuple[nodes.Expression, Argument] | None:
        """Return what a call is given as its activity regularizer, there or in a dict of the same function."""
        module = self._layers.view.module
        argument = next((each for each in arguments_of(site.node, module.of(site)) if each.keyword == ACTIVITY), None)
        function = self._layers.tree.function(site.node)
        if argument is None or argument.value_span.file != module.file or function is None:
            return None
        for node in descendants(function):
            if isinstance(node, nodes.Expression) and self._layers.span(node) == argument.value_span:
                return node, argument
        return None

    # What the layer itself applies

    def _keeps(self, layer: OwnLayer) -> bool:
        """True if Keras certainly applies to its output what the layer has as its activity regularizer."""
        objects, set_to = self._layers.found.objects, layer.site.attributes.get(ACTIVITY, [])
        if not layer.is_plain or layer.has(ACTIVITY) or len(layer.own) > 1:
            return False
        if not objects.is_settled(ACTIVITY) or layer.site.setters or len(set_to) > 1:
            return False
        if set_to:
            bound = set_to[0]
            whole = isinstance(bound, ExpressionBinding) and bound.whole and not is_reset(layer)
            return whole and isinstance(bound, ExpressionBinding) and not _is_none(bound.value)
        return not layer.is_model and self._hands_up(layer) is not None

    def _applies_what_it_is_given(self, layer: OwnLayer) -> bool:
        """True if Keras applies to the output of a layer what its `activity_regularizer` is given."""
        return self._keeps(layer) and (activity_parameter(layer) is None or self._is_kept_as_given(layer))

    def _hands_up(self, layer: OwnLayer) -> nodes.Call | None:
        """Return the call of the base class's constructor that is given the regularizer, or all keywords."""
        node = layer.made.node
        rows = node.body.body if isinstance(node, nodes.FunctionDef) else ()
        for call in filter(None, map(super_call, rows)):
            for arg in call.args:
                if _is_for_activity(arg) and not _is_none(arg.value):
                    return call
                if arg.star == "**" and activity_parameter(layer) is None and self._is_rest(arg.value, layer):
                    return call
        return None

    def _is_rest(self, node: nodes.Expression, layer: OwnLayer) -> bool:
        """True if an expression is the `**kwargs` of the constructor, from which nothing is taken."""
        rest = layer.made.scope.rest
        if rest is None or not isinstance(node, nodes.Name) or node.value != rest.param.name.value:
            return False
        return len(layer.made.scope.history[node.value][1]) == 1

    # What is given to a layer inside

    def _is_of_owner(self, node: nodes.Expression, scope: Scope, time: int, layer: OwnLayer) -> bool:
        """True if an expression is certainly the regularizer that the layer is given and keeps."""
        for _ in range(bounds.MODEL_STEPS):
            match node:
                case nodes.Attribute(value=nodes.Name(value=owner), attr=nodes.Name(value=name)):
                    return name == ACTIVITY and receiver_class(owner, scope) is layer.site.scope
                case nodes.Call(func=nodes.Attribute(attr=nodes.Name(value="get"), value=owner), args=[key, *_]) if (
                    self._is_rest(owner, layer)
                ):
                    return string_of(key.value) == ACTIVITY
                case nodes.Call(args=[nodes.Arg(star="", value=given)]):
                    if self._layers.canonical(node.func, scope, time) != _GET:
                        return False
                    node = given
                case nodes.Name(value=name):
                    bound = lookup(name, scope, time)
                    if isinstance(bound, ParameterBinding):
                        return bound.param is activity_parameter(layer) and self._is_kept_as_given(layer)
                    if not isinstance(bound, ExpressionBinding) or not bound.whole:
                        return False
                    node, scope, time = bound.value, bound.scope, bound.time
                case _:
                    return False
        return False

    def _is_kept_as_given(self, layer: OwnLayer) -> bool:
        """True if what the layer keeps is the parameter itself."""
        set_to = layer.site.attributes.get(ACTIVITY, [])
        call = self._hands_up(layer)
        if set_to:
            bound = set_to[0]
            return isinstance(bound, ExpressionBinding) and self._is_parameter(bound.value, layer)
        args = call.args if call is not None else ()
        given = [arg.value for arg in args if _is_for_activity(arg)]
        return len(given) == 1 and self._is_parameter(given[0], layer)

    def _is_parameter(self, node: nodes.Expression, layer: OwnLayer) -> bool:
        if isinstance(node, nodes.Call) and len(node.args) == 1:
            site = self._layers.view.sites.get(node)
            made = self._layers.canonical(node.func, site.scope, site.time) if site is not None else None
            return made == _GET and self._is_parameter(node.args[0].value, layer)
        once = len(layer.made.scope.history.get(ACTIVITY, ((), ()))[1]) == 1
        return isinstance(node, nodes.Name) and node.value == ACTIVITY and once


def _is_none(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Name) and node.value == "None"


def _is_for_activity(arg: nodes.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == ACTIVITY
