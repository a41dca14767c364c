"""Classes and functions of the user's own that hand a regularizer on to a layer of Keras.

What a call gives is followed through the callee's body: it reaches a layer where the layer is given that very value,
whatever keywords, dicts and further calls it came through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.functions import FunctionValue, parameters_given
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Frame, Module, OwnFunction
from kreglint.analysis.values.objects import ClassValue, bound_constructor
from kreglint.analysis.values.own_classes import ancestors, base_constructor, constructor
from kreglint.facts.file import Reach
from kreglint.facts.values import Argument, Const, Unknown, Value, same

_SUFFIX = "_regularizer"
_LAYERS = "keras.layers."


class _Arrival(NamedTuple):
    """An argument that comes to a parameter of a Keras layer, by its canonical name."""

    argument: Argument
    parameter: str
    layer: str


class Wrappers:
    """Follows the calls of one program."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def definition_paths(self, site: CallSite) -> tuple[str, ...]:
        """Return the dotted path of the class or function that a call calls, by the file in which it is defined."""
        callee = infer(site.node.func, self._module.of(site))
        if not isinstance(callee, FunctionValue | ClassValue):
            return ()
        home = callee.body.home if isinstance(callee, FunctionValue) else callee.of.home
        filename = home.program.filename.replace("\\", "/").removesuffix(".py").removesuffix("/__init__")
        return (f"{filename.strip('/').replace('/', '.')}.{callee.name}",)

    def reaches(self, site: CallSite) -> tuple[Reach, ...]:
        """Return which regularizers that a call is given come to layers of Keras."""
        module = self._module
        arguments = arguments_of(site.node, module.of(site))
        given = [a for a in arguments if a.keyword is not None and a.keyword.endswith(_SUFFIX) and _is_traceable(a)]
        callee = infer(site.node.func, module.of(site))
        if not given or not isinstance(callee, FunctionValue | ClassValue):
            return ()
        arrivals = list(self._arrivals(callee, arguments, bounds.WRAPPERS))
        return tuple(reach for argument in given for reach in _reach_of(argument, arrivals))

    def _arrivals(self, callee: Value | None, arguments: tuple[Argument, ...], levels: int) -> Iterator[_Arrival]:
        """Yield every argument that a call of something of the user's own gives to a layer of Keras."""
        if isinstance(callee, FunctionValue):
            yield from self._in_function(callee.body, arguments, levels)
        elif isinstance(callee, ClassValue):
            among = ancestors(callee.of)
            path, body = constructor(among), bound_constructor(callee.of, among, callee.span)
            if isinstance(path, str) and levels:
                yield from _arrive(path, arguments)
            elif body is not None:
                yield from self._in_function(body, arguments, levels)

    def _in_function(self, body: OwnFunction, arguments: tuple[Argument, ...], levels: int) -> Iterator[_Arrival]:
        parameters = parameters_given(body, arguments) if levels else None
        if parameters is not None:
            yield from self._within(body.home, body.site.scope, Frame(parameters, body.frame), levels)

    def _within(self, home: Module, scope: Scope, frame: Frame, levels: int) -> Iterator[_Arrival]:
        calls = home.found.calls_within(scope)
        for site in calls if len(calls) <= bounds.WRAPPER_CALLS else ():
            at = home.of(site, frame)
            arguments = arguments_of(site.node, at)
            paths = home.paths.of(site.node.func, site.scope, site.time)
            callee = None if paths else infer(site.node.func, at)
            base = base_constructor(site.node, site.scope, home)
            if len(paths) == 1 and (name := canonical(paths[0])) is not None:
                yield from _arrive(name.removesuffix(".__init__"), arguments)
            elif isinstance(base, str):
                yield from _arrive(base, arguments)
            else:
                yield from self._arrivals(callee, arguments, levels - 1)


def _arrive(layer: str, arguments: tuple[Argument, ...]) -> Iterator[_Arrival]:
    if layer.startswith(_LAYERS):
        for argument in arguments:
            if argument.keyword is not None:
                yield _Arrival(argument, argument.keyword, layer[len(_LAYERS) :])


def _is_traceable(argument: Argument) -> bool:
    """True if a value can be told from others where it arrives."""
    value = argument.value
    return not isinstance(value, Unknown) and not (isinstance(value, Const) and value.value is None)


def _reach_of(given: Argument, arrivals: list[_Arrival]) -> Iterator[Reach]:
    """Yield the one parameter that an argument comes to, of all the layers that are given it."""
    found = [arrival for arrival in arrivals if _is_same(arrival.argument.value, given.value)]
    parameters = {arrival.parameter for arrival in found}
    if len(parameters) == 1 and given.keyword is not None:
        yield Reach(given.keyword, parameters.pop(), tuple(dict.fromkeys(arrival.layer for arrival in found)))


def _is_same(arrived: Value, given: Value) -> bool:
    return arrived.span == given.span and same(arrived, given)
