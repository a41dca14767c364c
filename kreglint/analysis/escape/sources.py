"""Of which cells an expression may have what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.analysis.escape.cells import OWN, Cell, Cells, attribute_cell, call_cell, function_cell
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
    """The expressions of linked programs."""

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


def paired(
    target: nodes.Tuple | nodes.List, value: nodes.Expression
) -> list[tuple[nodes.Expression, nodes.Expression]]:
    """Return the targets of an unpacking, each with its own value; none where that is not plain to see."""
    if not isinstance(value, (nodes.Tuple, nodes.List)) or len(value.elements) != len(target.elements):
        return []
    if any(isinstance(each, nodes.StarredElement) for each in (*target.elements, *value.elements)):
        return []
    return [(one.value, other.value) for one, other in zip(target.elements, value.elements, strict=True)]
