"""The tree seen from below: what stands around a node, when it is reached, and where a name is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes

AnyFunction = nodes.FunctionDef | nodes.Lambda
GATHERING = ("append", "extend", "insert")
_STORING = (nodes.AssignTarget, nodes.AnnAssign, nodes.AugAssign, nodes.NamedExpr, nodes.For, nodes.CompFor)
_NAMED = (nodes.FunctionDef, nodes.ClassDef, nodes.Param, nodes.ImportAlias, nodes.AsName, nodes.NameItem)


class Tree:
    """Looks up and around in one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.sites: dict[nodes.Call, CallSite] = {site.node: site for site in program.found.calls}
        self._read_in: dict[str, dict[Scope, list[nodes.Name]]] = {}

    def parent(self, node: nodes.Node) -> nodes.Node | None:
        return self._program.parents.get(node)

    def function(self, node: nodes.Node) -> AnyFunction | None:
        """Return the function or lambda in whose body a node stands; None at the top of the module."""
        current = self.parent(node)
        while current is not None and not isinstance(current, (nodes.FunctionDef, nodes.Lambda)):
            current = self.parent(current)
        return current

    def scope(self, node: nodes.Node) -> Scope:
        """Return the scope of the function around a node, or the module's."""
        around = self.function(node)
        return self.scope_of(around) if around is not None else self._program.found.module_scope

    def inner_scope(self, node: nodes.Node) -> Scope:
        """Return the scope in which the names of an expression are looked up: a comprehension has its own."""
        found, current = self._program.found, self.parent(node)
        while current is not None:
            if current in found.comprehensions:
                return found.comprehensions[current]
            if current in found.functions:
                return found.functions[current].scope
            current = self.parent(current)
        return found.module_scope

    def scope_of(self, function: AnyFunction) -> Scope:
        """Return the scope of a function's own names."""
        return self._program.found.functions[function].scope

    def moment(self, node: nodes.Node) -> tuple[Scope, int] | None:
        """Return the scope in which a node is worked out, and when; None where nothing around it was noted."""
        current: nodes.Node | None = node
        while current is not None and not isinstance(current, nodes.Suite):
            if isinstance(current, nodes.Call) and current in self.sites:
                site = self.sites[current]
                return site.scope, site.time
            if current in self._assigned:
                return self._assigned[current]
            current = self.parent(current)
        return None

    @cached_property
    def _assigned(self) -> dict[nodes.Node, tuple[Scope, int]]:
        """When the values are worked out that statements assign or return."""
        found = self._program.found
        moments: dict[nodes.Node, tuple[Scope, int]] = {}
        for function in found.functions.values():
            for site in function.returns:
                if site.value is not None:
                    moments[site.value] = (function.scope, site.time)
        for scope in (found.module_scope, *(function.scope for function in found.functions.values())):
            for binding in _bindings(scope):
                if isinstance(binding, ExpressionBinding):
                    moments[binding.value] = (binding.scope, binding.time)
        return moments

    def reads(self, name: str, scope: Scope) -> Iterator[nodes.Name]:
        """Yield where a name of a scope is read, also by functions within that have none of their own by that name."""
        if name not in self._read_in:
            self._read_in[name] = self._by_scope(name)
        yield from self._read_in[name].get(scope, ())

    def _by_scope(self, name: str) -> dict[Scope, list[nodes.Name]]:
        """Return where a name is read, by the scopes in which it may be looked up from there."""
        found: dict[Scope, list[nodes.Name]] = {}
        for node in self._names.get(name, ()):
            current: Scope | None = self.scope(node) if not self._is_set(node) else None
            while current is not None:
                found.setdefault(current, []).append(node)
                current = current.parent if name not in current.history else None
        return found

    def gathered(self, name: str, scope: Scope) -> Iterator[nodes.Call]:
        """Yield the calls that put something into the list that a name of a scope is."""
        for owner in self.reads(name, scope):
            method = self.parent(owner)
            call = self.parent(method) if isinstance(method, nodes.Attribute) else None
            if isinstance(method, nodes.Attribute) and method.attr.value in GATHERING and isinstance(call, nodes.Call):
                yield call

    @cached_property
    def _names(self) -> dict[str, list[nodes.Name]]:
        found: dict[str, list[nodes.Name]] = {}
        for node in self._program.parents:
            if isinstance(node, nodes.Name):
                found.setdefault(node.value, []).append(node)
        return found

    def _is_set(self, node: nodes.Name) -> bool:
        """True if a name is bound here, and not read."""
        part: nodes.Node = node
        holder = self.parent(node)
        if isinstance(holder, _NAMED):
            return getattr(holder, "default", None) is not node
        while isinstance(holder, (nodes.Element, nodes.StarredElement, nodes.Tuple, nodes.List)):
            part, holder = holder, self.parent(holder)
        return isinstance(holder, _STORING) and getattr(holder, "target", None) is part


def only_binding(name: str, scope: Scope) -> Binding | None:
    """Return the only binding of a name, in the innermost scope that has one."""
    current: Scope | None = scope
    while current is not None:
        if name in current.declared:
            return None
        if name in current.history and (current is scope or current.kind != "class"):
            bindings = current.history[name][1]
            return bindings[0] if len(bindings) == 1 else None
        current = current.parent
    return None


def _bindings(scope: Scope) -> Iterator[Binding]:
    for _, bindings in scope.history.values():
        yield from bindings
