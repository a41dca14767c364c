"""Which calls of this file call a function of it, and what they pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from kreglint.analysis.sites import CallSite
from kreglint.facts.values import Value

_MOST_CALLS = 64  # of one function, so that the work stays near linear in the file


class UnclearArgumentsError(Exception):
    """A call hands on arguments that it does not show, by `*` or `**`."""


class Callers:
    """The calls of one module by the function that they call, found on first use."""

    def __init__(self, calls: Sequence[CallSite]) -> None:
        self._calls = calls
        self._by_function: dict[cst.FunctionDef, list[CallSite]] | None = None
        self.rests: dict[RestBinding, Value] = {}
        self.values: dict[ParameterBinding, Value | None] = {}  # what was worked out, None where that is not known

    def of(self, parameter: ParameterBinding) -> Sequence[CallSite]:
        """The calls that may set a parameter; none where others than these calls decide what it is.

        A method is called on what is not followed, and a decorator may call with arguments of its own.
        """
        function = parameter.statement
        if not isinstance(function, cst.FunctionDef) or parameter.param not in _all(function.params):
            return ()
        return self._of_function(function, parameter.scope)

    def of_rest(self, rest: RestBinding) -> Sequence[CallSite]:
        """The calls that may pass keywords of their own on; none where others than these calls may, too."""
        return self._of_function(rest.statement, rest.scope)

    def _of_function(self, function: cst.CSTNode, scope: Scope) -> Sequence[CallSite]:
        if not isinstance(function, cst.FunctionDef) or function.decorators or scope.kind == "class":
            return ()
        if self._by_function is None:
            self._by_function = self._indexed()
        calls = self._by_function.get(function, [])
        return calls if len(calls) <= _MOST_CALLS else ()

    def _indexed(self) -> dict[cst.FunctionDef, list[CallSite]]:
        found: dict[cst.FunctionDef, list[CallSite]] = {}
        for site in self._calls:
            if isinstance(site.node.func, cst.Name):
                for function in _functions(lookup(site.node.func.value, site.scope, site.time)):
                    found.setdefault(function, []).append(site)
        return found


def passed(site: CallSite, parameter: ParameterBinding) -> cst.Arg | None:
    """The argument that sets a parameter in a call of its function, None where the call leaves it as it was.

    A function that hands its own parameter on to itself leaves it as it was.

    Raises:
        UnclearArgumentsError: a `*` or `**` may set it.
    """
    function, name, call = parameter.statement, parameter.param.name.value, site.node
    if any(arg.star for arg in call.args) or not isinstance(function, cst.FunctionDef):
        raise UnclearArgumentsError
    by_position = [arg for arg in call.args if arg.keyword is None]
    places = [param.name.value for param in (*function.params.posonly_params, *function.params.params)]
    if name in places and places.index(name) < len(by_position):
        found: cst.Arg | None = by_position[places.index(name)]
    else:
        found = next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)
    return None if found is not None and _is(parameter, found.value, site) else found


def _is(parameter: ParameterBinding, node: cst.BaseExpression, site: CallSite) -> bool:
    return isinstance(node, cst.Name) and lookup(node.value, site.scope, site.time) is parameter


def _functions(binding: Binding | None) -> Iterator[cst.FunctionDef]:
    for way in binding.alternatives if isinstance(binding, JoinBinding) else (binding,):
        if isinstance(way, DefinitionBinding) and isinstance(way.node, cst.FunctionDef):
            yield way.node


def _all(parameters: cst.Parameters) -> tuple[cst.Param, ...]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
