"""Whether the file and known libraries make an object, and which functions of the file a call may run."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Sequence
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.escape.cells import OWN, Cell, attribute_cell, returned_cell
from kreglint.analysis.escape.flows import Flows
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

BUILTINS = frozenset(dir(builtins))
_LIBRARIES = frozenset(
    (*sys.stdlib_module_names, *"tensorflow keras tf_keras jax optax numpy matplotlib pandas sklearn tqdm".split())
)  # none of them adds a penalty, or builds a model anew, unless it is asked to

Function = nodes.FunctionDef | nodes.Lambda
Definition = nodes.FunctionDef | nodes.ClassDef | nodes.Lambda


class Callee(NamedTuple):
    """What a call may run: `functions` and `classes` of the file; a known library's code, of this `path`.

    `strange`: it may be code that is not seen. `bound`: its functions get their first parameter from elsewhere.
    """

    functions: tuple[Function, ...] = ()
    classes: tuple[ClassSite, ...] = ()
    path: str = ""
    strange: bool = False
    bound: bool = False


def is_library(path: str) -> bool:
    return path.partition(".")[0] in _LIBRARIES


class Origins:
    """Judges the cells of linked programs by what is put into them."""

    def __init__(self, flows: Flows, sites: dict[nodes.Call, CallSite]) -> None:
        self._flows = flows
        self._sites = sites
        self.called: set[Scope] = set()  # the bodies of the functions that a call of the file may run
        self._known: dict[Cell, bool] = {}
        self._classes: dict[nodes.ClassDef, bool] = {}
        self._families: dict[nodes.ClassDef, list[ClassSite]] = {}

    # Callees

    def callee(self, node: nodes.Call, scope: Scope, *, judged: bool = True) -> Callee:
        """Return what a call may run; without `judged`, only what is of the file."""
        func, site = node.func, self._sites.get(node)
        paths = self._flows.found.of(func, site.scope, site.time) if site is not None else ()
        if paths and (all(map(is_library, paths)) or not self._flows.cells.is_linked(func, scope)):
            foreign = next((path for path in paths if not is_library(path)), None)
            return Callee(path=foreign or paths[0], strange=foreign is not None)
        made = self.definitions(func, scope)
        functions = tuple(each for each in made if not isinstance(each, nodes.ClassDef))
        classes = tuple(self._flows.found.objects.by_node[each] for each in made if isinstance(each, nodes.ClassDef))
        strange = judged and (self._has_too_many(func, scope) or not self.is_known(func, scope))
        member = self._flows.cells.of_module(func, scope)
        bound = isinstance(func, nodes.Attribute) and member is None and not self._is_class(func.value, scope)
        return Callee(functions, classes, strange=strange, bound=bound)

    def _has_too_many(self, func: nodes.Expression, scope: Scope) -> bool:
        """True if so many classes have a method of this name that they are not followed."""
        if not isinstance(func, nodes.Attribute) or self._flows.cells.of_module(func, scope) is not None:
            return False
        own = self._own_class(func.value, scope)
        found = self._flows.methods.get(func.attr.value, ()) if own is None else self._family(own)
        return len(found) > bounds.METHODS

    def path(self, node: nodes.Call) -> str:
        """Return the one path of imports that is called; empty where it is none, or not certain."""
        site = self._sites.get(node)
        paths = self._flows.found.of(node.func, site.scope, site.time) if site is not None else ()
        names = {canonical(path) or path for path in paths}
        return names.pop() if len(names) == 1 else ""

    def _is_class(self, node: nodes.Expression, scope: Scope) -> bool:
        made = self.definitions(node, scope) if isinstance(node, nodes.Name) else ()
        return any(isinstance(each, nodes.ClassDef) for each in made)

    def is_own(self, node: nodes.Call, scope: Scope, callee: Callee) -> bool:
        """True if a call runs functions of the file, and certainly nothing else."""
        if callee.strange or not callee.functions or callee.classes:
            return False
        func, cell = node.func, self._flows.cells.elsewhere(node.func, scope)
        if isinstance(func, nodes.Attribute) and cell is None:
            site = self._own_class(func.value, scope) if isinstance(func.value, nodes.Name) else None
            cell = attribute_cell(func.attr.value)
            return site is not None and self.has(site, func.attr.value) and cell not in self._flows.into
        if isinstance(func, nodes.Name):
            cell = self._flows.cells.of_name(func.value, scope)
        into = self._flows.into.get(cell, ()) if cell is not None else ()
        return all(isinstance(each, nodes.Lambda) for each, _, _ in into)

    def has(self, site: ClassSite, method: str) -> bool:
        """True if a class, or one that it derives from, has a method of its own."""
        found, waiting = {site.node}, [site]
        while waiting:
            each = waiting.pop()
            if each.member(method) is not None:
                return True
            waiting += [base for base in self._flows.bases(each) if base.node not in found]
            found.update(base.node for base in waiting)
        return False

    def definitions(self, node: nodes.Expression, scope: Scope) -> tuple[Definition, ...]:
        """Return the functions and classes of the file that an expression may stand for."""
        found: dict[Definition, None] = {}
        seen: set[Cell] = set()
        waiting = [(node, scope)]
        while waiting:
            each, where = waiting.pop()
            if isinstance(each, nodes.Lambda):
                found[each] = None
            elif isinstance(each, nodes.IfExp):
                waiting += ((each.orelse, where), (each.body, where))
            elif isinstance(each, (nodes.Name, nodes.Attribute)):
                cell, defined = self._defined_as(each, where)
                found |= dict.fromkeys(defined)
                waiting += self._put_into(cell) if cell not in seen else []
                seen.add(cell)
        return tuple(found)

    def _defined_as(self, node: nodes.Name | nodes.Attribute, scope: Scope) -> tuple[Cell, Sequence[Definition]]:
        cell = self._flows.cells.of_module(node, scope)
        if isinstance(node, nodes.Attribute) and cell is None:
            return attribute_cell(node.attr.value), self._methods(node, scope)
        if isinstance(node, nodes.Name):
            cell = self._flows.cells.of_name(node.value, scope)
        assert cell is not None
        return cell, self._flows.defined.get(cell, ())

    def _put_into(self, cell: Cell) -> list[tuple[nodes.Expression, Scope]]:
        """Return what a cell is given by names; of one that is given very much, nothing is followed."""
        into = self._flows.into.get(cell, ())
        named = (nodes.Name, nodes.Lambda, nodes.IfExp)
        return (
            [(node, scope) for node, scope, _ in into if isinstance(node, named)] if len(into) <= bounds.GIVEN else []
        )

    def _methods(self, node: nodes.Attribute, scope: Scope) -> list[nodes.FunctionDef]:
        """Return the methods of the file that have a name.

        Where the object is of a class of it, only of those tied to it.
        """
        own, name = self._own_class(node.value, scope), node.attr.value
        if self._has_too_many(node, scope):
            return []
        if own is None:
            return self._flows.methods.get(name, [])
        cells = [Cell(site.scope, name) for site in self._family(own)]
        return [each for cell in cells for each in self._flows.own_methods.get(cell, ())]

    def _own_class(self, node: nodes.Expression, scope: Scope) -> ClassSite | None:
        """Return the class of which an expression is `self`, or `super()` in a method."""
        if isinstance(node, nodes.Name):
            cell = self._flows.cells.of_name(node.value, scope)
            owner = cell.owner if cell.name == OWN else None
            return self._flows.found.objects.classes.get(owner) if isinstance(owner, Scope) else None
        if isinstance(node, nodes.Call) and isinstance(node.func, nodes.Name) and node.func.value == "super":
            current: Scope | None = scope
            while current is not None and current.kind != "class":
                current = current.parent
            return self._flows.found.objects.classes.get(current) if current is not None else None
        return None

    def _family(self, site: ClassSite) -> list[ClassSite]:
        """Return the classes of the file that inheritance ties to one, itself among them."""
        if site.node not in self._families:
            found, waiting = {site.node: site}, [site]
            while waiting and len(found) <= bounds.METHODS:
                each = waiting.pop()
                for other in (*self._flows.bases(each), *self._flows.derived.get(each.node, ())):
                    if other.node not in found:
                        found[other.node] = other
                        waiting.append(other)
            self._families[site.node] = list(found.values())
        return self._families[site.node]

    # Objects

    def is_known(self, node: nodes.Expression, scope: Scope, depth: int = bounds.ORIGIN_STEPS) -> bool:
        """True if the file, or a known library, certainly made what an expression is."""
        if not depth:
            return False
        match node:
            case nodes.Name():
                return self._is_known_cell(self._flows.cells.of_name(node.value, scope), depth)
            case nodes.Attribute():
                return self._is_known_attribute(node, scope, depth)
            case nodes.Call():
                return self._is_known_result(node, scope, depth)
            case nodes.Lambda() | nodes.Comparison():
                return True
            case nodes.Subscript():
                return self.is_known(node.value, scope, depth - 1)
            case nodes.Comprehension():
                return self.is_known(node.for_in.iter, scope, depth - 1)
        return all(
            self.is_known(part, scope, depth - 1)
            if isinstance(part, nodes.Expression)
            else self._holds(part, scope, depth)
            for part in children(node)
        )

    def _holds(self, node: nodes.Node, scope: Scope, depth: int) -> bool:
        """Return an element of a display, and the like."""
        parts = [part for part in children(node) if isinstance(part, nodes.Expression)]
        return all(self.is_known(part, scope, depth - 1) for part in parts)

    def _is_known_attribute(self, node: nodes.Attribute, scope: Scope, depth: int) -> bool:
        member = self._flows.cells.of_module(node, scope)
        if member is not None:
            return self._is_known_cell(member, depth)
        cell = attribute_cell(node.attr.value)
        into = self._flows.into.get(cell)
        if into and not self._is_known_cell(cell, depth):
            return False
        methods = self._flows.methods.get(node.attr.value, ())
        plain = all(self._are_known(method, depth) for method in methods)
        return plain and self.is_known(node.value, scope, depth - 1)

    def _is_known_result(self, node: nodes.Call, scope: Scope, depth: int) -> bool:
        callee = self.callee(node, scope, judged=False)
        if callee.strange:
            return False
        if callee.path:
            return True
        returned = [returned_cell(self._flows.found.functions[each].scope) for each in callee.functions]
        if not all(self._is_known_cell(cell, depth) for cell in returned):
            return False
        return self.is_known(node.func, scope, depth - 1)

    def _is_known_cell(self, cell: Cell, depth: int) -> bool:
        if cell not in self._known:
            self._known[cell] = True  # what only leads to itself is nobody else's
            self._known[cell] = self._work_out(cell, depth - 1)
        return self._known[cell]

    def _work_out(self, cell: Cell, depth: int) -> bool:
        flows, owner = self._flows, cell.owner
        if cell.name == OWN and isinstance(owner, Scope):
            return not self.is_strange_class(flows.found.objects.classes[owner])
        if isinstance(owner, Scope) and cell.name in owner.parameters and owner not in self.called:
            return False
        defined, paths, into = flows.defined.get(cell, ()), flows.imported.get(cell, ()), flows.into.get(cell, ())
        if not defined and not paths and not into:
            unset = isinstance(owner, Scope) and cell.name not in owner.history
            return cell.name.startswith("<") or (unset and cell.name in BUILTINS)
        return (
            all(map(is_library, paths))
            and all(self._are_known(each, depth) for each in defined)
            and all(self.is_known(node, scope, depth) for node, scope, _ in into)
        )

    def _are_known(self, node: nodes.FunctionDef | nodes.ClassDef, depth: int) -> bool:
        """True if a definition is what its name stands for, or that and what known code makes of it."""
        if isinstance(node, nodes.ClassDef):
            return not self.is_strange_class(self._flows.found.objects.by_node[node])
        scope = self._flows.found.functions[node].scope.parent if node in self._flows.found.functions else None
        return scope is not None and all(self.is_known(each.decorator, scope, depth - 1) for each in node.decorators)

    def is_strange_class(self, site: ClassSite) -> bool:
        """True if a class may have code that is not seen: of a base, a metaclass or a decorator."""
        if site.node not in self._classes:
            self._classes[site.node] = False
            bases = (
                any(self._flows.classes_at(base.value, site.outer)) or self._is_of_library(base.value, site)
                for base in site.node.bases
            )
            self._classes[site.node] = (
                bool(site.node.keywords)
                or not all(bases)
                or any(map(self.is_strange_class, self._flows.bases(site)))
                or not all(self.is_known(each.decorator, site.outer) for each in site.node.decorators)
            )
        return self._classes[site.node]

    def _is_of_library(self, node: nodes.Expression, site: ClassSite) -> bool:
        paths = self._flows.found.of(node, site.outer, site.time)
        builtin = isinstance(node, nodes.Name) and node.value in BUILTINS
        return all(map(is_library, paths)) if paths else builtin
