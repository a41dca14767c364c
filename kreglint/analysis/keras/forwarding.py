"""Classes and functions of the user's own that hand a regularizer on to a layer of Keras.

What a call gives is followed through the callee's body: it reaches a layer where the layer is given that very value,
whatever keywords, dicts and further calls it came through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis.keras.layers_made import LayersMade
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Module
from kreglint.analysis.values.objects import ClassValue
from kreglint.facts.file import Reach
from kreglint.facts.values import Argument, Const, Unknown, Value, same

_SUFFIX = "_regularizer"


class _Arrival(NamedTuple):
    """An argument that comes to a parameter of a Keras layer, by its canonical name."""

    argument: Argument
    parameter: str
    layer: str


class Wrappers:
    """Follows the calls of one program."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._layers_made = LayersMade()

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
        arrivals = list(self._arrivals(callee, arguments))
        return tuple(reach for argument in given for reach in _reach_of(argument, arrivals))

    def _arrivals(self, callee: Value, arguments: tuple[Argument, ...]) -> Iterator[_Arrival]:
        """Every argument that a call of something of the user's own gives to a layer of Keras."""
        for made in self._layers_made.by(callee, arguments):
            for argument in made.arguments:
                if argument.keyword is not None:
                    yield _Arrival(argument, argument.keyword, made.layer)


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
