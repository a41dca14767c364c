"""The tree seen from below: what stands around a node, when it is reached, and where a name is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from kreglint.analysis.program import Program
from kreglint.analysis.scopes import Binding, ExpressionBinding, Scope
from kreglint.analysis.sites import CallSite
from kreglint.analysis.walk import children

AnyFunction = cst.FunctionDef | cst.Lambda
GATHERING = ("append", "extend", "insert")
_STORING = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For, cst.CompFor)
_NAMED = (cst.FunctionDef, cst.ClassDef, cst.Param, cst.ImportAlias, cst.AsName, cst.NameItem)


class Tree:
    """Looks up and around in one program; it is walked when the first question comes."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.sites: dict[cst.Call, CallSite] = {site.node: site for site in program.found.calls}

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        found: dict[cst.CSTNode, cst.CSTNode] = {}
        stack: list[cst.CSTNode] = [self._program.module]
        while stack:
            node = stack.pop()
            for child in children(node):
                found[child] = node
                stack.append(child)
        return found

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def function(self, node: cst.CSTNode) -> AnyFunction | None:
        """The function or lambda in whose body a node stands; None at the top of the module."""
        current = self.parent(node)
        while current is not None and not isinstance(current, (cst.FunctionDef, cst.Lambda)):
            current = self.parent(current)
        return current

    def scope(self, node: cst.CSTNode) -> Scope:
        """The scope of the function around a node, or the module's."""
        around = self.function(node)
        return self.scope_of(around) if around is not None else self._program.found.module_scope

    def scope_of(self, function: AnyFunction) -> Scope:
        """The scope of a function's own names."""
        return self._program.found.functions[function].scope

    def moment(self, node: cst.CSTNode) -> tuple[Scope, int] | None:
        """The scope in which a node is worked out, and when; None where nothing around it was noted."""
        current: cst.CSTNode | None = node
        while current is not None and not isinstance(current, cst.BaseSuite):
            if isinstance(current, cst.Call) and current in self.sites:
                site = self.sites[current]
                return site.scope, site.time
            if current in self._assigned:
                return self._assigned[current]
            current = self.parent(current)
        return None

    @cached_property
    def _assigned(self) -> dict[cst.CSTNode, tuple[Scope, int]]:
        """When the values are worked out that statements assign or return."""
        found = self._program.found
        moments: dict[cst.CSTNode, tuple[Scope, int]] = {}
        for function in found.functions.values():
            for site in function.returns:
                if site.value is not None:
                    moments[site.value] = (function.scope, site.time)
        for scope in (found.module_scope, *(function.scope for function in found.functions.values())):
            for binding in _bindings(scope):
                if isinstance(binding, ExpressionBinding):
                    moments[binding.value] = (binding.scope, binding.time)
        return moments

    def reads(self, name: str, scope: Scope) -> Iterator[cst.Name]:
        """Where a name of a scope is read, also by functions within that have none of their own by that name."""
        for node in self._names.get(name, ()):
            current: Scope | None = self.scope(node)
            while current is not None and current is not scope and name not in current.history:
                current = current.parent
            if current is scope and not self._is_set(node):
                yield node

    def gathered(self, name: str, scope: Scope) -> Iterator[cst.Call]:
        """The calls that put something into the list that a name of a scope is."""
        for owner in self.reads(name, scope):
            method = self.parent(owner)
            call = self.parent(method) if isinstance(method, cst.Attribute) else None
            if isinstance(method, cst.Attribute) and method.attr.value in GATHERING and isinstance(call, cst.Call):
                yield call

    @cached_property
    def _names(self) -> dict[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = {}
        for node in self._parents:
            if isinstance(node, cst.Name):
                found.setdefault(node.value, []).append(node)
        return found

    def _is_set(self, node: cst.Name) -> bool:
        """Whether a name is bound here, and not read."""
        part: cst.CSTNode = node
        holder = self.parent(node)
        if isinstance(holder, _NAMED):
            return getattr(holder, "default", None) is not node
        while isinstance(holder, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            part, holder = holder, self.parent(holder)
        return isinstance(holder, _STORING) and getattr(holder, "target", None) is part


def _bindings(scope: Scope) -> Iterator[Binding]:
    for _, bindings in scope.history.values():
        yield from bindings
