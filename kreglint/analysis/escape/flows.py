"""Where the objects of programs may go: under which other names, into what they are put, and to whom they are given.

The tree is read once, in no order of time: what may happen at all counts. The result is a graph of cells (`cells.py`)
in which `escape.py` looks for what may hold an object. It says too much rather than too little.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.escape.cells import (
    OWN,
    Cell,
    attribute_cell,
    function_cell,
    instance_cell,
    item_cell,
    own_cell,
    returned_cell,
)
from kreglint.analysis.escape.linked import Linked, function_of
from kreglint.analysis.escape.sources import Sources, items_of, unpacked
from kreglint.analysis.escape.ways import BUILT, PUT, SAME, Through
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import ImportBinding, Scope
from kreglint.analysis.semantic.sites import decorator_name
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants


class Flows(Sources):
    """The statements of linked programs as flows between cells; calls are noted, and followed by `CallFlows`.

    `is_sure` is false where a module's names are set from elsewhere, or may be since it is handed on itself.
    """

    def __init__(self, linked: Linked) -> None:
        super().__init__(linked)
        self.is_sure = True
        self.out: dict[Cell, list[tuple[Cell, Through]]] = {}
        self.into: dict[
            Cell, list[tuple[nodes.Expression, Scope, Cell | None]]
        ] = {}  # what cells get, or an item of it
        self.defined: dict[Cell, list[nodes.FunctionDef | nodes.ClassDef]] = {}
        self.imported: dict[Cell, list[str]] = {}
        self.methods: dict[str, list[nodes.FunctionDef]] = {}
        self.own_methods: dict[Cell, list[nodes.FunctionDef]] = {}  # by the scope of their class, and name
        self.derived: dict[nodes.ClassDef, list[ClassSite]] = {}
        self.calls: list[tuple[nodes.Call, Scope]] = []
        self.stores: list[tuple[nodes.Attribute | nodes.Subscript, nodes.Expression, Scope]] = []
        self.attributes: dict[str, list[tuple[nodes.Attribute, Scope]]] = {}  # by name, those that are set too
        self.around: dict[Scope, Cell] = {}  # the function, or class of a method, whose body a scope is
        self.unpacked: dict[nodes.Call, list[Cell]] = {}  # calls whose items are set to targets, each to one
        self._apart: dict[tuple[nodes.FunctionDef | nodes.Lambda, int], bool] = {}
        self._bases: set[nodes.Expression] = set()  # modules of which a name is read
        for unit in linked.units:  # more may come while these are read
            self._walk(unit.program)
        linked.is_open = False
        for site in linked.objects.by_node.values():
            self._inherit(site)

    def link(self, source: Cell, target: Cell, through: Through = SAME) -> None:
        self.out.setdefault(source, []).append((target, through))

    def feed(
        self, target: Cell, node: nodes.Expression, scope: Scope, through: Through = SAME, item: Cell | None = None
    ) -> None:
        """Note that an expression may end up in a cell, or an item of it that has a cell."""
        self.into.setdefault(target, []).append((node, scope, item))
        for source, way in self.sources(node, scope) if item is None else ((item, SAME),):
            self.link(source, target, through.after(way))

    def has_items(self, function: nodes.FunctionDef | nodes.Lambda, count: int) -> bool:
        """True if a function gives back tuples of so many items, whose cells are fed when first asked for."""
        if (function, count) not in self._apart:
            site = self.found.functions[function]
            given = [items_of(each.value, count) for each in site.returns]
            self._apart[function, count] = apart = site.plain and bool(given) and all(given)
            for items in given if apart else ():
                for place, item in enumerate(items):
                    self.feed(item_cell(site.scope, place), item, site.scope)
        return self._apart[function, count]

    # Statements

    def _walk(self, program: Program) -> None:
        top = program.found.module_scope
        self._imports(top)
        stack: list[tuple[nodes.Node, Scope]] = [(program.module, top)]
        while stack:
            node, scope = stack.pop()
            self._statement(node, scope)
            stack += self.inner(node, scope)

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        match node:
            case nodes.Name() | nodes.Attribute():
                self._read(node, scope)
            case nodes.Call():
                self.calls.append((node, scope))
            case nodes.Import() | nodes.ImportFrom():
                self._bases.update(each for each in descendants(node) if isinstance(each, nodes.Expression))
            case nodes.Assign():
                for target in node.targets:
                    self.assign(target.target, node.value, scope)
            case nodes.AnnAssign() | nodes.NamedExpr() if node.value is not None:
                self.assign(node.target, node.value, scope)
            case nodes.AugAssign():
                self.assign(node.target, node.value, scope, PUT)
            case nodes.For() | nodes.CompFor():
                self.assign(node.target, node.iter, scope, PUT)
            case nodes.WithItem() if node.asname is not None:
                self.assign(node.asname.name, node.item, scope)
            case nodes.Match():
                self._patterns(node, scope)
            case nodes.Return() | nodes.Yield():
                self._give_back(node, scope)
            case _:
                self._definition(node, scope)

    def _definition(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, (nodes.FunctionDef, nodes.Lambda)) and node in self.found.functions:
            self._function(node, scope)
        elif isinstance(node, nodes.ClassDef) and node in self.found.objects.by_node:
            self._class(self.found.objects.by_node[node], scope)

    def assign(
        self,
        target: nodes.Expression,
        value: nodes.Expression,
        scope: Scope,
        through: Through = SAME,
        item: Cell | None = None,
    ) -> None:
        """Note that a target is set to a value; of an unpacking, each to its own where that is plain to see."""
        if isinstance(target, (nodes.Tuple, nodes.List)):
            for each in unpacked(target, value, through):
                if each.item is not None and isinstance(value, nodes.Call):
                    self.unpacked.setdefault(value, []).append(each.item)
                self.assign(each.target, each.value, scope, each.through, each.item)
        elif isinstance(target, nodes.Name):
            cell = self.cells.of_name(target.value, scope)
            self.feed(cell, value, scope, through, item)
            if scope.kind == "class" and cell.owner is scope:
                self.feed(attribute_cell(target.value), value, scope, through, item)
                self.feed(own_cell(scope), value, scope, self._into(own_cell(scope)), item)
        else:
            if isinstance(target, nodes.Attribute) and self.cells.is_module(target.value, scope):
                self.is_sure = False
            self.store(target, value, scope, through, item=item)

    def store(
        self,
        target: nodes.Expression,
        value: nodes.Expression,
        scope: Scope,
        through: Through = PUT,
        into: Through | None = None,
        item: Cell | None = None,
    ) -> None:
        """Note that a value is put into what an expression is: an attribute, an item, what is appended."""
        if isinstance(target, (nodes.Attribute, nodes.Subscript)) and into is None:
            self.stores.append((target, value, scope))
        for place, cell in enumerate(self.cells.roots(target, scope)):
            whole = place == 0 and isinstance(target, nodes.Attribute)
            self.feed(cell, value, scope, through if whole and into is None else into or self._into(cell), item)

    def _into(self, cell: Cell) -> Through:
        """Return how a cell holds what is put into its object: layers and models are made of their attributes."""
        owner = cell.owner
        own = self.found.objects.classes.get(owner) if cell.name == OWN and isinstance(owner, Scope) else None
        return BUILT if own is not None and self.is_of_keras(own) else PUT

    def is_of_keras(self, site: ClassSite, depth: int = bounds.BASE_STEPS) -> bool:
        """Whether a class derives from one of Keras, which gives no more than outputs when it is called."""
        for base in site.node.bases if depth else ():
            if any(canonical(path) for path in self.found.of(base.value, site.outer, site.time)):
                return True
            if any(self.is_of_keras(each, depth - 1) for each in self.cells.classes(base.value, site.outer)):
                return True
        return False

    def _read(self, node: nodes.Name | nodes.Attribute, scope: Scope) -> None:
        """Note what a function reads of outer names: it holds that."""
        self._meet(node, scope)
        if isinstance(node, nodes.Attribute):
            self.attributes.setdefault(node.attr.value, []).append((node, scope))
        reader = function_of(scope)
        around = self.around.get(reader)
        if around is not None:
            if isinstance(node, nodes.Name):
                cell = self.cells.of_name(node.value, scope)
            elif self.sets_itself(node, scope):
                return  # it comes with the instance on which the method is called
            else:
                cell = self.cells.of_module(node, scope) or attribute_cell(node.attr.value)
            if cell.owner is not reader and cell.name != OWN:
                self.link(cell, around, PUT)

    def _meet(self, node: nodes.Name | nodes.Attribute, scope: Scope) -> None:
        """Link the program that a name leads to; what a module is used for beside its names is not followed."""
        if self.found.is_alone:
            return
        self.cells.elsewhere(node, scope)
        if node not in self._bases and self.cells.is_module(node, scope):
            self.is_sure = False
        if isinstance(node, nodes.Attribute):
            self._bases.add(node.value)

    def _hold(self, inner: Cell, scope: Scope) -> None:
        """A function holds what the functions in it do."""
        if (around := self.around.get(function_of(scope))) is not None:
            self.link(inner, around, PUT)

    def _give_back(self, node: nodes.Return | nodes.Yield, scope: Scope) -> None:
        value = node.value.item if isinstance(node.value, nodes.From) else node.value
        if value is not None:
            self.feed(returned_cell(function_of(scope)), value, scope, SAME if isinstance(node, nodes.Return) else PUT)

    def _patterns(self, node: nodes.Match, scope: Scope) -> None:
        stack: list[nodes.Node] = [case.pattern for case in node.cases]
        while stack:
            pattern = stack.pop()
            for name in (getattr(pattern, "name", None), getattr(pattern, "rest", None)):
                if isinstance(name, nodes.Name):
                    self.feed(self.cells.of_name(name.value, scope), node.subject, scope)
            stack += children(pattern)

    def _function(self, node: nodes.FunctionDef | nodes.Lambda, scope: Scope) -> None:
        own = self.found.functions[node].scope
        cell = function_cell(node)
        for param in (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params):
            if param.default is not None:
                self.feed(Cell(own, param.name.value), param.default, scope)
        self.link(returned_cell(own), cell, PUT)
        self._hold(cell, scope)
        self.around[own] = cell
        if isinstance(node, nodes.Lambda):
            self.feed(returned_cell(own), node.body, own)
            return
        named = self.cells.of_name(node.name.value, scope)
        self.defined.setdefault(named, []).append(node)
        self.link(cell, named, PUT)
        for decorator in node.decorators:
            self.feed(named, decorator.decorator, scope, PUT)
        if scope.kind == "class":
            self._method(node, own, scope)
        self._imports(own)

    def _method(self, node: nodes.FunctionDef, own: Scope, scope: Scope) -> None:
        self.methods.setdefault(node.name.value, []).append(node)
        self.own_methods.setdefault(Cell(scope, node.name.value), []).append(node)
        self.link(function_cell(node), attribute_cell(node.name.value), PUT)
        self.link(function_cell(node), own_cell(scope), self._into(own_cell(scope)))
        if any(decorator_name(each).endswith("property") for each in node.decorators):
            self.link(returned_cell(own), attribute_cell(node.name.value))
        first = (*node.params.posonly_params, *node.params.params)[:1]
        if first and own.receiver is None:  # a decorator that is not known, most likely around a method
            self.link(own_cell(scope), Cell(own, first[0].name.value))
            self.link(Cell(own, first[0].name.value), own_cell(scope))

    def _class(self, site: ClassSite, scope: Scope) -> None:
        named = self.cells.of_name(site.node.name.value, scope)
        self.defined.setdefault(named, []).append(site.node)
        self.link(Cell(site.node, "<class>"), named, PUT)
        self.link(own_cell(site.scope), instance_cell(site.scope))
        self._hold(Cell(site.node, "<class>"), scope)
        self.around[site.scope] = Cell(site.node, "<class>")
        for decorator in site.node.decorators:
            self.feed(named, decorator.decorator, scope, PUT)
        self._imports(site.scope)

    def _inherit(self, site: ClassSite) -> None:
        for base in self.bases(site):
            self.derived.setdefault(base.node, []).append(site)
            self.link(own_cell(base.scope), own_cell(site.scope))
            self.link(own_cell(site.scope), own_cell(base.scope))

    def bases(self, site: ClassSite) -> Iterator[ClassSite]:
        """Yield the classes of the file that a class names among its bases."""
        for base in site.node.bases:
            yield from self.classes_at(base.value, site.outer)

    def classes_at(self, node: nodes.Expression, scope: Scope) -> Iterator[ClassSite]:
        """Yield the classes of the programs that a name stands for."""
        if isinstance(node, nodes.Name):
            cell: Cell | None = self.cells.of_name(node.value, scope)
        else:
            cell = self.cells.of_module(node, scope)
        for made in self.defined.get(cell, ()) if cell is not None else ():
            if isinstance(made, nodes.ClassDef):
                yield self.found.objects.by_node[made]

    def _imports(self, scope: Scope) -> None:
        for name, (_, bindings) in scope.history.items():
            for binding in bindings:
                if isinstance(binding, ImportBinding):
                    self.imported.setdefault(Cell(scope, name), []).append(binding.path)
