"""Which calls of this file call a function of it, and what they pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

import libcst as cst

from kreglint.analysis.scopes import (
    Binding,
    DefinitionBinding,
    JoinBinding,
    ParameterBinding,
    RestBinding,
    Scope,
    lookup,
)
from kreglint.analysis.sites import CallSite, is_remade
from kreglint.facts.values import Value

AnyDefinition = TypeVar("AnyDefinition", cst.FunctionDef, cst.ClassDef)

MOST_CALLS = 64  # of one function, so that the work stays near linear in the file


class Caller(NamedTuple):
    """A call, and how many of the function's parameters it sets by what it is called on."""

    site: CallSite
    bound: int = 0


class UnclearArgumentsError(Exception):
    """A call hands on arguments that it does not show, by `*` or `**`."""


class Callers:
    """The calls of one module by the function that they call, found on first use."""

    def __init__(self, calls: Sequence[CallSite]) -> None:
        self._calls = calls
        self._by_function: dict[cst.FunctionDef, list[CallSite]] | None = None
        self._by_method: dict[str, list[CallSite]] | None = None
        self._of_classes: list[tuple[cst.ClassDef, CallSite]] | None = None
        self.rests: dict[RestBinding, Value] = {}
        self.values: dict[ParameterBinding, Value | None] = {}  # what was worked out, None where that is not known

    def of(self, parameter: ParameterBinding) -> Sequence[Caller]:
        """The calls that may set a parameter of a function; none where others than these calls decide what it is.

        A decorator may call with arguments of its own.
        """
        function = parameter.statement
        if not isinstance(function, cst.FunctionDef) or parameter.param not in _all(function.params):
            return ()
        return [Caller(site) for site in self._of_function(function, parameter.scope)]

    def of_rest(self, rest: RestBinding) -> Sequence[CallSite]:
        """The calls that may pass keywords of their own on; none where others than these calls may, too."""
        return self._of_function(rest.statement, rest.scope)

    def of_methods(self, name: str) -> Sequence[CallSite]:
        """The calls of any method by a name; none where there are too many."""
        if self._by_method is None:
            self._by_method = {}
            for site in self._calls:
                if isinstance(site.node.func, cst.Attribute):
                    self._by_method.setdefault(site.node.func.attr.value, []).append(site)
        calls = self._by_method.get(name, [])
        return calls if len(calls) <= MOST_CALLS else ()

    def of_classes(self) -> Sequence[tuple[cst.ClassDef, CallSite]]:
        """The calls of classes by their names."""
        if self._of_classes is None:
            self._of_classes = [
                (cls, site)
                for site in self._calls
                if isinstance(site.node.func, cst.Name)
                for cls in _definitions(lookup(site.node.func.value, site.scope, site.time), cst.ClassDef)
            ]
        return self._of_classes

    def _of_function(self, function: cst.CSTNode, scope: Scope) -> Sequence[CallSite]:
        if not isinstance(function, cst.FunctionDef) or is_remade(function) or scope.kind == "class":
            return ()
        if self._by_function is None:
            self._by_function = self._indexed()
        calls = self._by_function.get(function, [])
        return calls if len(calls) <= MOST_CALLS else ()

    def _indexed(self) -> dict[cst.FunctionDef, list[CallSite]]:
        found: dict[cst.FunctionDef, list[CallSite]] = {}
        for site in self._calls:
            if isinstance(site.node.func, cst.Name):
                for function in _definitions(lookup(site.node.func.value, site.scope, site.time), cst.FunctionDef):
                    found.setdefault(function, []).append(site)
        return found


def passed(caller: Caller, parameter: ParameterBinding) -> cst.Arg | None:
    """The argument that sets a parameter in a call of its function, None where the call leaves it as it was.

    A function that hands its own parameter on to itself leaves it as it was.

    Raises:
        UnclearArgumentsError: a `*` or `**` may set it.
    """
    site, function, name = caller.site, parameter.statement, parameter.param.name.value
    call = site.node
    if any(arg.star for arg in call.args) or not isinstance(function, cst.FunctionDef):
        raise UnclearArgumentsError
    by_position = [arg for arg in call.args if arg.keyword is None]
    places = [param.name.value for param in (*function.params.posonly_params, *function.params.params)][caller.bound :]
    if name in places and places.index(name) < len(by_position):
        found: cst.Arg | None = by_position[places.index(name)]
    else:
        found = next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)
    return None if found is not None and _is(parameter, found.value, site) else found


def _is(parameter: ParameterBinding, node: cst.BaseExpression, site: CallSite) -> bool:
    return isinstance(node, cst.Name) and lookup(node.value, site.scope, site.time) is parameter


def _definitions(binding: Binding | None, kind: type[AnyDefinition]) -> Iterator[AnyDefinition]:
    for way in binding.alternatives if isinstance(binding, JoinBinding) else (binding,):
        if isinstance(way, DefinitionBinding) and isinstance(way.node, kind):
            yield way.node


def _all(parameters: cst.Parameters) -> tuple[cst.Param, ...]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
