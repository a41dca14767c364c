"""Of which cells an expression may have what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kreglint.analysis.escape.cells import OWN, Cell, Cells, attribute_cell, call_cell, function_cell, item_cell
from kreglint.analysis.escape.linked import Linked
from kreglint.analysis.escape.ways import HELD, PUT, SAME, WEIGHTS, Through
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

VARIABLES = frozenset(("trainable_variables", "trainable_weights", "variables", "weights", "get_weights"))
_PARTS = frozenset(
    "losses layers get_layer submodules inputs outputs input output call __call__ __dict__ _layers".split()
)
_DATA = frozenset(("shape", "dtype", "name", "ndim", "size"))
_COMPREHENSIONS = (nodes.ListComp, nodes.SetComp, nodes.GeneratorExp)
_PLAIN = (nodes.Comparison, nodes.FormattedString, nodes.SimpleString, nodes.Integer, nodes.Float)


class Sources:
    """The expressions of linked programs, and in which scopes they are evaluated."""

    def __init__(self, linked: Linked) -> None:
        self.found = linked
        self.cells = Cells(linked)

    def sources(self, node: nodes.Expression, scope: Scope) -> Iterator[tuple[Cell, Through]]:
        """Yield the cells of which an expression may be, or hold, what they have."""
        stack: list[tuple[nodes.Node, Scope, Through]] = [(node, scope, SAME)]
        while stack:
            current, where, way = stack.pop()
            match current:
                case nodes.Name():
                    yield self.cells.of_name(current.value, where), way
                case nodes.Call():
                    yield call_cell(current), way
                case nodes.Lambda():
                    yield function_cell(current), way.after(PUT)
                case nodes.Attribute() if (member := self.cells.of_module(current, where)) is not None:
                    yield member, way
                case nodes.Attribute():
                    yield attribute_cell(current.attr.value), way
                    stack += ((current.value, where, way.after(each)) for each in self._of_owner(current, where))
                case nodes.Subscript():
                    stack.append((current.value, where, way.after(PUT)))
                case nodes.NamedExpr():
                    stack.append((current.value, where, way))
                case nodes.IfExp():
                    stack += ((part, where, way) for part in (current.body, current.orelse))
                case nodes.BooleanOperation():
                    stack += ((part, where, way) for part in (current.left, current.right))
                case _ if not isinstance(current, _PLAIN):
                    inner = self.found.comprehensions.get(current, where)
                    stack += ((part, inner, way.after(PUT)) for part in _parts(current))

    def within(self, node: nodes.Node, scope: Scope) -> Iterator[tuple[nodes.Node, Scope]]:
        """Yield a node and all that it holds, with the scopes in which it is evaluated, in no order."""
        stack = [(node, scope)]
        while stack:
            current, where = stack.pop()
            yield current, where
            stack += self.inner(current, where)

    def inner(self, node: nodes.Node, scope: Scope) -> Iterable[tuple[nodes.Node, Scope]]:
        """Yield what a node holds, with the scopes in which it is evaluated."""
        site = self.found.functions.get(node) if isinstance(node, (nodes.FunctionDef, nodes.Lambda)) else None
        if site is not None and isinstance(node, (nodes.FunctionDef, nodes.Lambda)):
            yield from ((each, scope) for each in getattr(node, "decorators", ()))
            yield node.params, scope
            yield node.body, site.scope
        elif isinstance(node, nodes.ClassDef) and node in self.found.objects.by_node:
            yield from ((each, scope) for each in (*node.decorators, *node.bases, *node.keywords))
            yield node.body, self.found.objects.by_node[node].scope
        elif isinstance(node, nodes.Comprehension) and node in self.found.comprehensions:
            yield node.for_in.iter, scope
            yield from ((each, self.found.comprehensions[node]) for each in children(node))
        else:
            yield from ((each, scope) for each in children(node))

    def _of_owner(self, node: nodes.Attribute, scope: Scope) -> Iterator[Through]:
        """Yield how what an attribute is read of passes to it."""
        name = node.attr.value
        if name in VARIABLES:
            yield Through(WEIGHTS)
        elif name in _PARTS:
            yield PUT
        elif name not in _DATA and not self.sets_itself(node, scope):
            yield HELD

    def sets_itself(self, node: nodes.Attribute, scope: Scope) -> bool:
        """True if it is an attribute that its class sets on its instances."""
        if not isinstance(node.value, nodes.Name):
            return False
        cell = self.cells.of_name(node.value.value, scope)
        made = self.found.objects.classes.get(cell.owner) if isinstance(cell.owner, Scope) else None
        return made is not None and cell.name == OWN and node.attr.value in made.attributes


def _parts(node: nodes.Node) -> Iterable[nodes.Node]:
    """Return what a display, comprehension or operator is made of."""
    if isinstance(node, _COMPREHENSIONS):
        return (node.elt,)
    if isinstance(node, nodes.DictComp):
        return (node.key, node.value)
    return children(node)


class Unpacked(NamedTuple):
    """One target of an unpacking, and of what it is set; `item` is the cell of an item that a call gives it."""

    target: nodes.Expression
    value: nodes.Expression
    through: Through
    item: Cell | None = None


def unpacked(target: nodes.Tuple | nodes.List, value: nodes.Expression, through: Through) -> Iterator[Unpacked]:
    """Yield the targets of an unpacking, each with its own value where that is plain to see; an item of a call."""
    pairs = _paired(target, value)
    yield from (Unpacked(each, own, through) for each, own in pairs)
    apart = through == SAME and all(map(_is_single, target.elements))
    for place, each in enumerate(target.elements if not pairs else ()):
        if isinstance(value, nodes.Call) and apart:
            yield Unpacked(each.value, value, through, item_cell(value, place))
        else:
            yield Unpacked(each.value, value, through.after(PUT))


def _is_single(element: nodes.BaseElement) -> bool:
    """True if a target of an unpacking is set to one item, and that is not unpacked again."""
    return isinstance(element, nodes.Element) and not isinstance(element.value, (nodes.Tuple, nodes.List))


def items_of(value: nodes.Expression | None, count: int) -> list[nodes.Expression]:
    """Return the items of a display that has so many; none of anything else."""
    elements = value.elements if isinstance(value, (nodes.Tuple, nodes.List)) else ()
    plain = len(elements) == count and all(isinstance(each, nodes.Element) for each in elements)
    return [each.value for each in elements] if plain else []


def _paired(
    target: nodes.Tuple | nodes.List, value: nodes.Expression
) -> list[tuple[nodes.Expression, nodes.Expression]]:
    """Return the targets of an unpacking, each with its own value; none where that is not plain to see."""
    if any(isinstance(each, nodes.StarredElement) for each in target.elements):
        return []
    items = items_of(value, len(target.elements))
    return [(one.value, other) for one, other in zip(target.elements, items, strict=False)]
