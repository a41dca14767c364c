"""Which layers of Keras a call of the user's own function or class makes, and through which calls it comes to them.

A body is read in the frame of the call, so that a layer has the arguments that this call gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import NamedTuple, TypeAlias

from kreglint.analysis import bounds
from kreglint.analysis.keras.own_weights import is_own_weight
from kreglint.analysis.libraries.partials import PARTIAL
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.functions import FunctionValue, parameters_given
from kreglint.analysis.values.infer import hold, infer
from kreglint.analysis.values.module import At, Frame, Module, OwnFunction
from kreglint.analysis.values.objects import ClassValue, InstanceValue, bound_constructor
from kreglint.analysis.values.own_classes import ancestors, base_constructor, constructor, find
from kreglint.facts.values import Argument, Construct, Provenance, Value

WEIGHT = ""

_BUILD = "build"
_LAYERS = "keras.layers."
_SUFFIX = "_regularizer"

Step: TypeAlias = "tuple[Module, CallSite]"
Own: TypeAlias = "FunctionValue | ClassValue"
FrameOf: TypeAlias = "Callable[[OwnFunction, tuple[Argument, ...]], Frame | None]"


class UnclearCallError(Exception):
    """It is not known what a call gives to the parameters of a function."""


class LayerMade(NamedTuple):
    """A call of a layer of Keras, by its name below `keras.layers`, with what it is given; WEIGHT for `add_weight`.

    `steps` lead to it: the calls in the user's own code, from the outermost to that of the layer itself. There are
    none where the class that was called has no constructor of its own.
    """

    layer: str
    arguments: tuple[Argument, ...]
    steps: tuple[Step, ...] = ()


def frame_given(body: OwnFunction, arguments: tuple[Argument, ...]) -> Frame:
    """The frame of a call. Raises UnclearCallError where the call does not show all that it passes."""
    parameters = parameters_given(body, arguments)
    if parameters is None:
        raise UnclearCallError
    return Frame(parameters, body.frame)


class LayersMade:
    """Follows calls into bodies; `frame_of` says in which frame, or raises UnclearCallError to leave one out.

    With `is_worth` only layers that may be given regularizers are found, and with them the weights of own layers, also
    those that are made by `build`; it says which functions and classes are gone into from others.
    """

    def __init__(self, frame_of: FrameOf = frame_given, is_worth: Callable[[Own], bool] | None = None) -> None:
        self._frame_of = frame_of
        self._is_worth = is_worth

    def by(self, callee: Value, arguments: tuple[Argument, ...], levels: int = bounds.WRAPPERS) -> Iterator[LayerMade]:
        """Every layer of Keras that a call of something of the user's own makes."""
        if isinstance(callee, FunctionValue):
            yield from self._in_function(callee.body, arguments, levels)
        elif isinstance(callee, ClassValue):
            among = ancestors(callee.of)
            path, body = constructor(among), bound_constructor(callee.of, among, callee.span)
            if isinstance(path, str) and levels:
                yield from _of_keras(path, arguments)
            elif body is not None:
                yield from self._in_function(body, arguments, levels)
            if self._is_worth is not None and levels:
                yield from self._when_built(callee, body, arguments, levels)

    def _when_built(
        self, callee: ClassValue, body: OwnFunction | None, arguments: tuple[Argument, ...], levels: int
    ) -> Iterator[LayerMade]:
        """What `build` of a layer makes, which Keras calls, for an instance whose constructor is known or not."""
        among = ancestors(callee.of)
        built = [(cls, binding.node) for cls, binding in find(_BUILD, among) if isinstance(binding, DefinitionBinding)]
        if not any(isinstance(base, str) and base.startswith("keras.") for base in among):
            return
        try:
            frame = self._frame_of(body, arguments) if body is not None else None
        except UnclearCallError:
            return
        instance = InstanceValue(span=callee.span, name=callee.name, of=callee.of, certain=True, frame=frame)
        for cls, definition in built:
            scope = cls.home.found.functions[definition].scope if isinstance(definition, nodes.FunctionDef) else None
            if scope is not None and scope.receiver is not None:
                of_instance = Frame({scope.parameters[scope.receiver]: instance})
                for site in cls.home.found.calls_within(scope):
                    yield from self._through(cls.home, site, of_instance, levels)

    def _in_function(self, body: OwnFunction, arguments: tuple[Argument, ...], levels: int) -> Iterator[LayerMade]:
        if levels:
            try:
                frame = self._frame_of(body, arguments)
            except UnclearCallError:
                return
            calls = body.home.found.calls_within(body.site.scope)
            end = _end_of(body, frame)
            for site in calls if len(calls) <= bounds.WRAPPER_CALLS else ():
                if site.node.start < end:
                    yield from self._through(body.home, site, frame, levels)

    def _through(self, home: Module, site: CallSite, frame: Frame | None, levels: int) -> Iterator[LayerMade]:
        if _is_reached(home, site, frame):
            for made in self._at(home, site, frame, levels):
                yield made._replace(steps=((home, site), *made.steps))

    def _at(self, home: Module, site: CallSite, frame: Frame | None, levels: int) -> Iterator[LayerMade]:
        at = home.of(site, frame)
        paths = home.paths.of(site.node.func, site.scope, site.time)
        base = base_constructor(site.node, site.scope, home)
        if self._is_worth is not None and is_own_weight(site, home):
            yield LayerMade(WEIGHT, arguments_of(site.node, at))
        elif (len(paths) == 1 and (name := canonical(paths[0])) is not None) or isinstance(name := base, str):
            if self._is_worth is None or _may_regularize(site):
                yield from _of_keras(name.removesuffix(".__init__"), arguments_of(site.node, at))
        elif len(paths) <= 1:
            yield from self._by_value(infer(site.node.func, at), site, at, levels - 1)

    def _by_value(self, callee: Value, site: CallSite, at: At, levels: int) -> Iterator[LayerMade]:
        if isinstance(callee, Construct) and callee.symbol.path == PARTIAL:
            made = infer(site.node, at)
            if isinstance(made, Construct):
                yield from _of_keras(made.symbol.canonical or "", made.arguments)
        elif isinstance(callee, FunctionValue | ClassValue) and (self._is_worth is None or self._is_worth(callee)):
            yield from self.by(callee, arguments_of(site.node, at), levels)


def _of_keras(path: str, arguments: tuple[Argument, ...]) -> Iterator[LayerMade]:
    if path.startswith(_LAYERS):
        yield LayerMade(path[len(_LAYERS) :], arguments)


def _may_regularize(site: CallSite) -> bool:
    return any(arg.star or (arg.keyword is not None and arg.keyword.value.endswith(_SUFFIX)) for arg in site.node.args)


def _end_of(body: OwnFunction, frame: Frame | None) -> float:
    """Where a call certainly leaves a body by a `return`."""
    for site in body.site.returns:
        if site.value is not None and site.guards:
            holds, provenance = hold(site.guards, At(body.home, body.site.scope, site.time, frame))
            if holds and provenance <= Provenance.CROSS_FILE:
                return site.value.end
    return inf


def _is_reached(home: Module, site: CallSite, frame: Frame | None) -> bool:
    """True if a call may be reached: no condition around it is certainly false."""
    holds, provenance = hold(site.guards, home.of(site, frame)) if site.guards else (True, Provenance.EXACT)
    return holds is not False or provenance > Provenance.CROSS_FILE
