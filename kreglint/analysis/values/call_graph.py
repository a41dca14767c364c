"""Which calls of this file call a function of it, and what they pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kreglint.analysis import bounds
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    DefinitionBinding,
    ExpressionBinding,
    JoinBinding,
    ParameterBinding,
    RestBinding,
    Scope,
)
from kreglint.analysis.semantic.signature import signature_of
from kreglint.analysis.semantic.sites import CallSite, dotted, is_remade
from kreglint.analysis.syntax import nodes

if TYPE_CHECKING:
    from kreglint.analysis.values.module import Module

AnyDefinition = TypeVar("AnyDefinition", nodes.FunctionDef, nodes.ClassDef)


class Caller(NamedTuple):
    """A call, and how many of the function's parameters it sets by what it is called on.

    `partial` is the call of `functools.partial` that made what is called; its arguments come first.
    `home` is the module in which it stands, None for that of the function.
    """

    site: CallSite
    bound: int = 0
    partial: CallSite | None = None
    home: Module | None = None

    @property
    def given(self) -> list[tuple[nodes.Arg, CallSite]]:
        """The arguments, each with the call in which it stands; of two by one name the later counts."""
        first = [(arg, self.partial) for arg in self.partial.node.args[1:]] if self.partial is not None else []
        return [*first, *((arg, self.site) for arg in self.site.node.args)]


class UnclearArgumentsError(Exception):
    """A call hands on arguments that it does not show, by `*` or `**`."""


class Callers:
    """The calls of one module by the function that they call, found on first use."""

    def __init__(self, calls: Sequence[CallSite]) -> None:
        self._calls = calls
        self._by_function: dict[nodes.FunctionDef, list[Caller]] | None = None
        self._by_method: dict[str, list[CallSite]] | None = None
        self._sites: dict[nodes.Call, CallSite] | None = None
        self._of_classes: list[tuple[nodes.ClassDef, CallSite]] | None = None

    def of(self, parameter: ParameterBinding) -> Sequence[Caller]:
        """Return the calls that may set a parameter of a function.

        None where others than these calls decide what it is.

        A decorator may call with arguments of its own.
        """
        function = parameter.statement
        if not isinstance(function, nodes.FunctionDef) or parameter.param not in _all(function.params):
            return ()
        return self._of_function(function, parameter.scope)

    def of_rest(self, rest: RestBinding) -> Sequence[Caller]:
        """Return the calls that may pass keywords of their own on; none where others than these calls may, too."""
        return self._of_function(rest.statement, rest.scope)

    def of_methods(self, name: str) -> Sequence[CallSite]:
        """Return the calls of any method by a name; none where there are too many."""
        if self._by_method is None:
            self._by_method = {}
            for site in self._calls:
                if isinstance(site.node.func, nodes.Attribute):
                    self._by_method.setdefault(site.node.func.attr.value, []).append(site)
        calls = self._by_method.get(name, [])
        return calls if len(calls) <= bounds.CALLERS else ()

    def of_classes(self) -> Sequence[tuple[nodes.ClassDef, CallSite]]:
        """Return the calls of classes by their names."""
        if self._of_classes is None:
            self._of_classes = [
                (cls, site)
                for site in self._calls
                if isinstance(site.node.func, nodes.Name)
                for cls in _definitions(lookup(site.node.func.value, site.scope, site.time), nodes.ClassDef)
            ]
        return self._of_classes

    def _of_function(self, function: nodes.Node, scope: Scope) -> Sequence[Caller]:
        if not isinstance(function, nodes.FunctionDef) or is_remade(function) or scope.kind == "class":
            return ()
        if self._by_function is None:
            self._by_function = self._indexed()
        calls = self._by_function.get(function, [])
        return calls if len(calls) <= bounds.CALLERS else ()

    def _indexed(self) -> dict[nodes.FunctionDef, list[Caller]]:
        found: dict[nodes.FunctionDef, list[Caller]] = {}
        for site in self._calls:
            for function, partial in self._called(site.node.func, site.scope, site.time, bounds.CALLEE_STEPS):
                found.setdefault(function, []).append(Caller(site, partial=partial))
        return found

    def _called(
        self, node: nodes.Expression, scope: Scope, time: int, steps: int
    ) -> Iterator[tuple[nodes.FunctionDef, CallSite | None]]:
        """Yield the functions that an expression stands for: by name, by another name, in a dict, or in a partial."""
        if isinstance(node, nodes.Subscript):
            display, key = node.value, _text(node)
            bound = lookup(display.value, scope, time) if isinstance(display, nodes.Name) else None
            if isinstance(bound, ExpressionBinding) and isinstance(bound.value, nodes.Dict) and bound.whole:
                for element in bound.value.elements:
                    if isinstance(element, nodes.DictElement) and key is not None and string_of(element.key) == key:
                        yield from self._called(element.value, bound.scope, bound.time, steps - 1)
        elif isinstance(node, nodes.Name) and steps:
            bound = lookup(node.value, scope, time)
            for way in bound.alternatives if isinstance(bound, JoinBinding) else (bound,):
                if isinstance(way, DefinitionBinding) and isinstance(way.node, nodes.FunctionDef):
                    yield way.node, None
                elif isinstance(way, ExpressionBinding) and way.whole:
                    yield from self._named(way, steps)

    def _named(self, way: ExpressionBinding, steps: int) -> Iterator[tuple[nodes.FunctionDef, CallSite | None]]:
        value = way.value
        if isinstance(value, nodes.Name):
            yield from self._called(value, way.scope, way.time, steps - 1)
        elif (
            isinstance(value, nodes.Call) and (dotted(value.func) or "").rpartition(".")[2] == "partial" and value.args
        ):
            if self._sites is None:
                self._sites = {site.node: site for site in self._calls}
            for function, inner in self._called(value.args[0].value, way.scope, way.time, steps - 1):
                if inner is None:
                    yield function, self._sites.get(value)


def _text(node: nodes.Subscript) -> str | None:
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return string_of(index.value) if isinstance(index, nodes.Index) else None


def passed(caller: Caller, parameter: ParameterBinding) -> tuple[nodes.Arg, CallSite] | None:
    """Return the argument that sets a parameter in a call of its function, and where; None where it is left as it was.

    A function that hands its own parameter on to itself leaves it as it was.

    Raises:
        UnclearArgumentsError: a `*` or `**` may set it, or the call does not fit the function.
    """
    function, name, given = parameter.statement, parameter.param.name.value, caller.given
    if not isinstance(function, nodes.FunctionDef):
        raise UnclearArgumentsError
    receiver: list[tuple[nodes.Arg, CallSite] | None] = [None] * caller.bound
    by_position = [*receiver, *(each for each in given if each[0].keyword is None)]
    by_keyword = {arg.keyword.value: (arg, site) for arg, site in given if arg.keyword is not None}
    found: tuple[nodes.Arg, CallSite] | None
    if any(arg.star for arg, _ in given):
        if name not in by_keyword or parameter.param in function.params.posonly_params:
            raise UnclearArgumentsError
        found = by_keyword[name]  # where a star brings it too, the call raises
    else:
        bound = signature_of(function.params).bind(by_position, by_keyword)
        if bound is None:
            raise UnclearArgumentsError
        found = bound.named.get(name)
    return None if found is not None and _is(parameter, found[0].value, found[1]) else found


def _is(parameter: ParameterBinding, node: nodes.Expression, site: CallSite) -> bool:
    return isinstance(node, nodes.Name) and lookup(node.value, site.scope, site.time) is parameter


def _definitions(binding: Binding | None, kind: type[AnyDefinition]) -> Iterator[AnyDefinition]:
    for way in binding.alternatives if isinstance(binding, JoinBinding) else (binding,):
        if isinstance(way, DefinitionBinding) and isinstance(way.node, kind):
            yield way.node


def _all(parameters: nodes.Parameters) -> tuple[nodes.Param, ...]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
