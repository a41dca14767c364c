"""Calls of the user's own functions and classes that decide on the regularizers of layers: for the inventory.

What a function decides on is found by reading it once for a call that may pass anything. What a call gives to the layer
is then read in the frame of that call.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.layers_made import WEIGHT, LayerMade, LayersMade, Own, UnclearCallError, frame_given
from kreglint.analysis.keras.own_weights import REGULARIZER
from kreglint.analysis.keras.takers import holding, mentions
from kreglint.analysis.semantic.scopes import Binding
from kreglint.analysis.semantic.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.localize import Localizer
from kreglint.analysis.values.module import Frame, Module, OwnFunction
from kreglint.analysis.values.objects import ClassValue
from kreglint.analysis.values.own_classes import base_constructor
from kreglint.diagnostics import Span
from kreglint.facts.file import LayerCall, WrapperCall
from kreglint.facts.values import (
    Argument,
    Construct,
    Mapping,
    OneOf,
    Origin,
    Provenance,
    Sequence,
    Unknown,
    Value,
    unknown,
)

_LAYERS = "keras.layers."
_BASE = "Layer"
_SUFFIX = "_regularizer"
_GIVEN = "what a call gives"
_NOWHERE = Span(0, 0)
_ANYTHING = (Argument(span=_NOWHERE, value=unknown(_NOWHERE, _GIVEN), value_span=_NOWHERE, star="**"),)


class WrapperCalls:
    """Finds those of one program."""

    def __init__(self, module: Module, localized: Localizer) -> None:
        self._module = module
        self._localized = localized
        self._in_calls = LayersMade(_frame_if_known, self._decides)
        self._in_general = LayersMade(_frame_or_any, self._decides)
        self._decided: dict[nodes.Node, frozenset[nodes.Node]] = {}

    def found(self) -> Iterator[WrapperCall]:
        for site in self._module.found.calls:
            callee = infer(site.node.func, self._module.of(site))
            if isinstance(callee, FunctionValue | ClassValue):
                yield from self._of_call(site, callee)
            elif isinstance(base := base_constructor(site.node, site.scope, self._module), str):
                yield from self._of_base(site, base)
        del self._in_calls, self._in_general  # which hold a method of this object: a circle

    def _of_base(self, site: CallSite, path: str) -> Iterator[WrapperCall]:
        """`super().__init__(…)` of a layer of Keras."""
        arguments = arguments_of(site.node, self._module.of(site))
        made = LayerMade(path.removeprefix(_LAYERS), arguments)
        if path.startswith(_LAYERS) and any(True for _ in _regularizers(made)):
            yield self._wrapper(site, [made], (self._layer(made, site),))

    def _of_call(self, site: CallSite, callee: Own) -> Iterator[WrapperCall]:
        decided = self._decided_by(callee)
        if not decided:
            return
        arguments = arguments_of(site.node, self._module.of(site))
        among = [each for each in self._in_calls.by(callee, arguments) if _constructor(each, callee) in decided]
        made = [each for each in among if any(True for _ in _regularizers(each))] or among
        names_one = any((argument.keyword or "").endswith(_SUFFIX) for argument in arguments)
        one_layer = _layers_among(made) == 1
        if one_layer or (made and names_one):
            yield self._wrapper(site, made, tuple(self._layer(each, site) for each in made) if one_layer else ())

    def _wrapper(self, site: CallSite, leading: list[LayerMade], made: tuple[LayerCall, ...]) -> WrapperCall:
        return WrapperCall(
            span=self._module.span(site.node),
            dotted=dotted(site.node.func) or self._module.written(site.node.func),
            arguments=self._localized.arguments(arguments_of(site.node, self._module.of(site))),
            scope=site.scope.qualified_name,
            made=made,
            inside=tuple(dict.fromkeys(place for each in leading for place in self._places(each))),
        )

    def _decides(self, callee: Own) -> bool:
        return bool(self._decided_by(callee))

    def _decided_by(self, callee: Own) -> frozenset[nodes.Node]:
        """The calls that make layers, where what a call of the function or class gives decides on a regularizer."""
        of = _definition(callee)
        if of not in self._decided:
            self._decided[of] = frozenset()  # of one that calls itself
            made = self._in_general.by(callee, _ANYTHING)
            self._decided[of] = frozenset(_constructor(each, callee) for each in made if _is_decided(each))
        return self._decided[of]

    def _layer(self, made: LayerMade, site: CallSite) -> LayerCall:
        span = self._module.span(site.node)
        return LayerCall(
            span=span,
            callee_span=self._module.span(site.node.func),
            dotted=made.layer,
            arguments=tuple(self._localized.argument(argument, span) for argument in made.arguments),
            scope=site.scope.qualified_name,
            layer=layer_class(_LAYERS + made.layer),
            kind="weight" if made.layer == WEIGHT else "layer",
        )

    def _places(self, made: LayerMade) -> Iterator[Origin]:
        for home, site in made.steps:
            span = home.span(site.node)
            yield Origin(span, elsewhere=self._module.analysis.elsewhere(span))


def _layers_among(made: list[LayerMade]) -> int:
    """How many layers these are: the weights are those of one."""
    layers = sum(each.layer != WEIGHT for each in made)
    return layers + (len(made) > layers)


def _definition(callee: Own) -> nodes.Node:
    return callee.body.site.node if isinstance(callee, FunctionValue) else callee.of.site.node


def _constructor(made: LayerMade, callee: Own) -> nodes.Node:
    """The call of the layer itself; the class, where it inherits the layer's constructor."""
    return made.steps[-1][1].node if made.steps else _definition(callee)


def _frame_if_known(body: OwnFunction, arguments: tuple[Argument, ...]) -> Frame | None:
    """The frame of a call; that of none in particular where it does not show what it passes."""
    try:
        return frame_given(body, arguments)
    except UnclearCallError:
        return None


def _frame_or_any(body: OwnFunction, arguments: tuple[Argument, ...]) -> Frame:
    """The frame of a call; that of one that may pass anything where it does not show what it passes."""
    try:
        return frame_given(body, arguments)
    except UnclearCallError:
        return _frame_of_any(body)


def _frame_of_any(body: OwnFunction) -> Frame:
    """The frame of a call that may pass anything; what it is called on is any instance."""
    scope = body.site.scope
    receiver = scope.parameters[scope.receiver] if body.receiver is not None and scope.receiver is not None else None
    parameters = [each for each in (*scope.parameters.values(), scope.rest, scope.rest_by_position) if each is not None]
    given: dict[Binding, Value] = {
        each: unknown(body.home.span(each.param), _GIVEN) for each in parameters if each is not receiver
    }
    return Frame(given, body.frame)


def _is_decided(made: LayerMade) -> bool:
    """True if a regularizer of a layer depends on what a call gives."""
    given = list(_regularizers(made))
    reasons = {reason for argument in given if not argument.star for reason in _reasons(argument.value)}
    if _GIVEN in reasons or any(argument.star and _is_open(argument.value) for argument in given):
        return True
    varies = bool(reasons) or any(_least_sure(argument.value) > Provenance.CROSS_FILE for argument in given)
    return varies and all(_is_given_on(home, site) for home, site in made.steps)


def _regularizers(made: LayerMade) -> Iterator[Argument]:
    """The arguments that regularize a layer, and the `**` that may bring such; not those of a base without weights."""
    for argument in made.arguments:
        keyword = argument.keyword or ""
        named = keyword == REGULARIZER if made.layer == WEIGHT else keyword.endswith(_SUFFIX)
        if named or (argument.star == "**" and not argument.expanded and made.layer != _BASE):
            yield argument


def _is_open(value: Value) -> bool:
    """True if a dict may have what a call gives."""
    return any(isinstance(way, Mapping) or _GIVEN in _reasons(way) for way in value.ways)


def _reasons(value: Value) -> Iterator[str]:
    """Why parts of a value are not known."""
    match value:
        case Unknown(reason=reason):
            yield reason
        case Construct(arguments=arguments):
            yield from (reason for argument in arguments for reason in _reasons(argument.value))
        case OneOf(alternatives=values) | Sequence(items=values):
            yield from (reason for each in values for reason in _reasons(each))


def _least_sure(value: Value) -> Provenance:
    """How sure the least sure part of a value is."""
    parts: tuple[Value, ...] = ()
    match value:
        case Construct(arguments=arguments):
            parts = tuple(argument.value for argument in arguments)
        case OneOf(alternatives=values):
            parts = values
    return max(value.provenance, *map(_least_sure, parts), Provenance.EXACT)


def _is_given_on(home: Module, site: CallSite) -> bool:
    """True if a call in a body is given something that a parameter of the function around it leads to."""
    scope = site.scope
    while scope.parent is not None and not scope.parameters:
        scope = scope.parent
    around = home.found.by_scope.get(scope)
    names = frozenset(scope.parameters)
    held = holding([around], names) if around is not None and names else frozenset()
    return any(mentions(arg.value, held) for arg in site.node.args)
