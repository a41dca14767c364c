"""Where values stand in a program: its variables, attributes and calls, each one cell, whatever the moment.

Two variables of one name in different scopes are two cells; attributes of one name are one, whatever they belong to.
"""

from __future__ import annotations

from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes


class Cell(NamedTuple):
    """A place for values: a name in its scope, or what a node stands for. Attributes have no owner."""

    owner: Scope | nodes.Node | None
    name: str


OUTSIDE = Cell(None, "<outside>")
"""What code that is not seen may have: arguments of unknown functions end up here."""
CALLERS = Cell(None, "<callers>")
"""What functions give back that nothing in the file calls."""
EVERYTHING = Cell(None, "<everything>")
"""What `globals()` and `locals()` give."""


def attribute_cell(name: str) -> Cell:
    return Cell(None, f".{name}")


def call_cell(node: nodes.Call) -> Cell:
    return Cell(node, "<call>")


OWN = "<self>"


def own_cell(scope: Scope) -> Cell:
    """What the methods of a class call `self`."""
    return Cell(scope, OWN)


def instance_cell(scope: Scope) -> Cell:
    """What a call of a class gives."""
    return Cell(scope, "<instance>")


def returned_cell(scope: Scope) -> Cell:
    """What a function gives back, or yields."""
    return Cell(scope, "<returned>")


def function_cell(node: nodes.FunctionDef | nodes.Lambda) -> Cell:
    """A function as a value, which holds what its body reads of outer names."""
    return Cell(node, "<function>")


class Cells:
    """Finds the cells of one program's names."""

    def __init__(self, program: Program) -> None:
        self.found = program.found
        self.module = program.found.module_scope
        self._names: dict[tuple[Scope, str], Cell] = {}

    def of_name(self, name: str, scope: Scope) -> Cell:
        """The cell of a name as it is read or set in a scope."""
        key = (scope, name)
        if key not in self._names:
            own = receiver_class(name, scope)
            self._names[key] = own_cell(own) if own is not None else Cell(self._owner(name, scope), name)
        return self._names[key]

    def _owner(self, name: str, scope: Scope) -> Scope:
        current: Scope | None = scope
        while current is not None:
            owners = current.declared.get(name)
            if owners is not None:
                return next((each for each in owners if name in each.history), owners[-1] if owners else self.module)
            if name in current.history and (current.kind != "class" or current is scope):
                return current
            current = current.parent
        return self.module

    def roots(self, node: nodes.Expression, scope: Scope) -> list[Cell]:
        """The cells whose objects hold what is stored in an expression: `a`, `.b` for `a.b[0].append(…)`."""
        found: list[Cell] = []
        for _ in range(bounds.OWNER_STEPS):
            if isinstance(node, nodes.Name):
                return [*found, self.of_name(node.value, scope)]
            if isinstance(node, nodes.Attribute):
                found.append(attribute_cell(node.attr.value))
                node = node.value
            elif isinstance(node, nodes.Subscript):
                node = node.value
            elif isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute):
                node = node.func.value
            else:
                return found
        return found
