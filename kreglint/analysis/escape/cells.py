"""Where values stand in programs: its variables, attributes and calls, each one cell, whatever the moment.

Two variables of one name in different scopes are two cells; attributes of one name are one, whatever they belong to.
"""

from __future__ import annotations

from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.escape.linked import Linked, module_of
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.scopes import DefinitionBinding, Scope
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
    """Return what the methods of a class call `self`."""
    return Cell(scope, OWN)


def instance_cell(scope: Scope) -> Cell:
    """Return what a call of a class gives."""
    return Cell(scope, "<instance>")


def returned_cell(scope: Scope) -> Cell:
    """Return what a function gives back, or yields."""
    return Cell(scope, "<returned>")


def item_cell(owner: nodes.Call | Scope, place: int) -> Cell:
    """Return an item of the tuple that a call gives, or that a function gives back."""
    return Cell(owner, f"<item {place}>")


def function_cell(node: nodes.FunctionDef | nodes.Lambda) -> Cell:
    """Return a function as a value, which holds what its body reads of outer names."""
    return Cell(node, "<function>")


class Cells:
    """Finds the cells of the names of linked programs."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._names: dict[tuple[Scope, str], Cell] = {}
        self._members: dict[nodes.Attribute, Cell | None] = {}

    def of_name(self, name: str, scope: Scope) -> Cell:
        """Return the cell of a name as it is read or set in a scope."""
        key = (scope, name)
        if key not in self._names:
            own = receiver_class(name, scope)
            if own is not None:
                self._names[key] = own_cell(own)
            else:
                owner = self._owner(name, scope)
                self._names[key] = Cell(owner, name)  # what is imported in a circle is what it is here
                self._names[key] = self._imported(name, owner) or Cell(owner, name)
        return self._names[key]

    def _imported(self, name: str, owner: Scope) -> Cell | None:
        path = self._linked.imported(name, owner)
        return self._at(path, owner) if path is not None else None

    def _at(self, path: str, owner: Scope) -> Cell | None:
        found = self._linked.at(path, owner)
        return self.of_name(found[1], found[0]) if found is not None else None

    def _owner(self, name: str, scope: Scope) -> Scope:
        current: Scope | None = scope
        while current is not None:
            owners = current.declared.get(name)
            if owners is not None:
                module = module_of(scope)
                return next((each for each in owners if name in each.history), owners[-1] if owners else module)
            if name in current.history and (current.kind != "class" or current is scope):
                return current
            current = current.parent
        return module_of(scope)

    def of_module(self, node: nodes.Expression, scope: Scope) -> Cell | None:
        """Return the cell of `nets.build`, a name of a linked module; None for any other expression."""
        if self._linked.is_alone or not isinstance(node, nodes.Attribute):
            return None
        if node not in self._members:
            self._members[node] = self._member(node, scope)
        return self._members[node]

    def _member(self, node: nodes.Attribute, scope: Scope) -> Cell | None:
        owner, path = self._path(node, scope)
        return self._at(path, owner) if path is not None else None

    def classes(self, node: nodes.Expression, scope: Scope) -> list[ClassSite]:
        """The classes that the statements of a program bind to a name, its own or that of another program."""
        cell = self.of_name(node.value, scope) if isinstance(node, nodes.Name) else self.of_module(node, scope)
        owner = cell.owner if cell is not None else None
        _, bindings = owner.history.get(cell.name, ((), ())) if cell and isinstance(owner, Scope) else ((), ())
        made = [each.node for each in bindings if isinstance(each, DefinitionBinding)]
        return [self._linked.objects.by_node[each] for each in made if isinstance(each, nodes.ClassDef)]

    def is_module(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an expression is a module of the project."""
        if self._linked.is_alone:
            return False
        owner, path = self._path(node, scope)
        cell = self.elsewhere(node, scope)
        if cell is not None and isinstance(cell.owner, Scope):  # as another file imports it, which may be a function
            owner, path = cell.owner, self._linked.imported(cell.name, cell.owner)
        return path is not None and self._linked.is_module(path, owner)

    def _path(self, node: nodes.Expression, scope: Scope) -> tuple[Scope, str | None]:
        """Return the path that a dotted name is by its import, and the scope that imports it."""
        attributes: list[str] = []
        while isinstance(node, nodes.Attribute):
            attributes.append(node.attr.value)
            node = node.value
        if not isinstance(node, nodes.Name) or receiver_class(node.value, scope) is not None:
            return scope, None
        owner = self._owner(node.value, scope)
        path = self._linked.imported(node.value, owner)
        return owner, ".".join((path, *reversed(attributes))) if path is not None else None

    def elsewhere(self, node: nodes.Expression, scope: Scope) -> Cell | None:
        """Return the cell of another program that an imported name, or a name of a linked module, is."""
        if self._linked.is_alone:
            return None
        if not isinstance(node, nodes.Name):
            return self.of_module(node, scope)
        cell = self.of_name(node.value, scope)
        other = isinstance(cell.owner, Scope) and module_of(cell.owner) is not module_of(scope)
        return cell if other else None

    def is_linked(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an expression is of what another linked program has by a name, as `nets.model.fit`."""
        while not self._linked.is_alone:
            if self.elsewhere(node, scope) is not None:
                return True
            if not isinstance(node, nodes.Attribute):
                return False
            node = node.value
        return False

    def roots(self, node: nodes.Expression, scope: Scope) -> list[Cell]:
        """Return the cells whose objects hold what is stored in an expression: `a`, `.b` for `a.b[0].append(…)`."""
        found: list[Cell] = []
        for _ in range(bounds.OWNER_STEPS):
            member = self.of_module(node, scope)
            if member is not None:
                return [*found, member]
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
