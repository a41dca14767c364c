"""Which calls in other files of the project call a function or construct a class of a module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from kreglint.analysis import bounds
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import ParameterBinding, RestBinding
from kreglint.analysis.semantic.sites import CallSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import Caller
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Module, OwnFunction
from kreglint.analysis.values.objects import ClassValue
from kreglint.analysis.values.own_classes import ancestors, constructor
from kreglint.facts.values import Value

_CONSTRUCTOR = "__init__"
_Definition: TypeAlias = "nodes.FunctionDef | nodes.ClassDef"


def far_callers(parameter: ParameterBinding | RestBinding, module: Module) -> Sequence[Caller]:
    """The calls in other files that may set a parameter of a module's function or constructor, where they are sought.

    None of them where there are too many to look into.
    """
    function = parameter.statement
    if not isinstance(function, nodes.FunctionDef) or not module.analysis.seeks_callers:
        return ()
    if parameter.scope.kind == "module" and not is_remade(function):
        return [Caller(site, home=home) for home, site in _calls(function, module)]
    if parameter.scope.kind == "class" and function.name.value == _CONSTRUCTOR and not function.decorators:
        return [Caller(site, 1, home=home) for home, site in _constructions(function, module)]
    return ()


def _constructions(function: nodes.FunctionDef, module: Module) -> Iterator[tuple[Module, CallSite]]:
    """The calls of the classes of a module that a constructor of it makes instances of."""
    for node in module.found.objects.by_node:
        found = constructor(ancestors(module.own_class(node)))
        if isinstance(found, OwnFunction) and found.site.node is function:
            yield from _calls(node, module)


def _calls(definition: _Definition, module: Module) -> list[tuple[Module, CallSite]]:
    if definition not in module.far_calls:
        module.far_calls[definition] = []
        with module.memory.apart():
            found = [
                (user, site)
                for user in module.analysis.users(definition.name.value, module)
                for site in _in(user, definition)
            ]
        module.far_calls[definition] = found if len(found) <= bounds.CALLERS else []
    return module.far_calls[definition]


def _in(user: Module, definition: _Definition) -> Iterator[CallSite]:
    for site in user.found.calls:
        paths = user.paths.of(site.node.func, site.scope, site.time)
        named = any(path.rpartition(".")[2] == definition.name.value and canonical(path) is None for path in paths)
        if named and _definition(infer(site.node.func, user.of(site))) is definition:
            yield site


def _definition(callee: Value) -> nodes.Node | None:
    if isinstance(callee, FunctionValue):
        return callee.body.site.node
    return callee.of.site.node if isinstance(callee, ClassValue) else None
