"""The programs whose objects are followed together: that of a file, and those of its project that it calls into.

A name that is imported from one of them is the very cell of that name there, so that all that is read of one program is
read of several. What is not linked is code that is not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.semantic.class_sites import Objects
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.scopes import ImportBinding, Scope
from kreglint.analysis.semantic.sites import CallSite, FunctionSite
from kreglint.analysis.syntax import nodes


class Unit(NamedTuple):
    """A program, and what its names stand for."""

    program: Program
    paths: Paths


class Imports(NamedTuple):
    """Where imports lead: `follow` gives the program and its name that a path means, None for what no file has.

    `is_module` tells whether a path is a module of the project. Both are asked with the program that imports it.
    """

    follow: Callable[[str, Program], tuple[Unit, str] | None]
    is_module: Callable[[str, Program], bool]


class Linked:
    """Several programs as if they were one; without `imports` it is the first alone."""

    def __init__(self, first: Unit, imports: Imports | None = None) -> None:
        self.units: list[Unit] = []
        self.functions: dict[nodes.Node, FunctionSite] = {}
        self.comprehensions: dict[nodes.Node, Scope] = {}
        self.objects = Objects()
        self.is_open = imports is not None  # more may be linked
        self._imports = imports
        self._by_scope: dict[Scope, Unit] = {}
        self._add(first)

    def _add(self, unit: Unit) -> None:
        found = unit.program.found
        self.units.append(unit)
        self._by_scope[found.module_scope] = unit
        self.functions.update(found.functions)
        self.comprehensions.update(found.comprehensions)
        for site in found.objects.by_node.values():
            self.objects.add(site)

    @property
    def is_alone(self) -> bool:
        """True if no import is followed."""
        return self._imports is None

    def calls(self) -> dict[nodes.Call, CallSite]:
        return {site.node: site for unit in self.units for site in unit.program.found.calls}

    def unit(self, scope: Scope) -> Unit:
        """Return the program that a scope is of."""
        return self._by_scope[module_of(scope)] if len(self.units) > 1 else self.units[0]

    def of(self, node: nodes.Expression, scope: Scope, time: int) -> tuple[str, ...]:
        """Return every dotted path that an expression may stand for in its program."""
        return self.unit(scope).paths.of(node, scope, time)

    # Imports

    def imported(self, name: str, owner: Scope) -> str | None:
        """Return the path of the one import that a name of a scope is, or of the star that brings it."""
        if self._imports is None:
            return None
        _, bindings = owner.history.get(name, ((), ()))
        if not bindings:
            return self.unit(owner).paths.of_star(name) if owner.kind == "module" else None
        only = bindings[0] if len(bindings) == 1 else None
        return only.path if isinstance(only, ImportBinding) else None

    def at(self, path: str, owner: Scope) -> tuple[Scope, str] | None:
        """Return the module and its name that a path means which the program of a scope imports.

        None for one not linked.
        """
        found = self._imports.follow(path, self.unit(owner).program) if self._imports is not None else None
        if found is None:
            return None
        unit, name = found
        scope = unit.program.found.module_scope
        if scope not in self._by_scope:
            if not self.is_open or len(self.units) >= bounds.LINKED:
                return None
            self._add(unit)
        return scope, name

    def is_module(self, path: str, owner: Scope) -> bool:
        """True if a path is a module of the project."""
        return self._imports is not None and self._imports.is_module(path, self.unit(owner).program)


def module_of(scope: Scope) -> Scope:
    """Return the scope of the module in which a scope is."""
    while scope.parent is not None:
        scope = scope.parent
    return scope


def function_of(scope: Scope) -> Scope:
    """Return the scope around comprehensions."""
    while scope.kind in ("comprehension", "generator") and scope.parent is not None:
        scope = scope.parent
    return scope
