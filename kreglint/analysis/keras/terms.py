"""What stands beside a penalty in a sum: nothing yet, more of the same penalty, or a loss of something else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from kreglint.analysis import bounds
from kreglint.analysis.keras.surroundings import Tree
from kreglint.analysis.semantic.scopes import Binding, ChangeBinding, ExpressionBinding, JoinBinding, LoopBinding, Scope
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_NOTHING = frozenset(("constant", "zeros", "zeros_like", "Variable", "float", "convert_to_tensor", "cast", "list"))


def summed(node: nodes.Expression) -> list[nodes.Expression]:
    """Return the terms of a sum or difference; anything else is one term."""
    if isinstance(node, nodes.BinaryOperation) and isinstance(node.operator, (nodes.Add, nodes.Subtract)):
        return [*summed(node.left), *summed(node.right)]
    return [node]


class Terms:
    """Tells the terms of one program, of which `penalties` are the expressions that are halves of penalties.

    `own` gives the function of the file that a call calls.
    """

    def __init__(
        self,
        tree: Tree,
        penalties: Collection[nodes.Node],
        own: Callable[[nodes.Call], nodes.FunctionDef | None],
    ) -> None:
        self._tree = tree
        self._penalties = penalties
        self._own = own

    def is_other(self, node: nodes.Expression, steps: int = bounds.TERM_STEPS) -> bool:
        """True if some of it is a loss of its own: neither a number to begin with nor more of the penalty."""
        terms = summed(node)
        if len(terms) > 1:
            return any(self.is_other(term, steps) for term in terms)
        if isinstance(node, nodes.Name):
            values = list(self.set_to(node.value, self._owner(node))) if steps else []
            return not values or any(self.is_other(value, steps - 1) for value in values if not _is(value, node))
        return not _is_nothing(node) and not self._is_penalty(node, steps)

    def set_to(self, name: str, scope: Scope) -> Iterator[nodes.Expression]:
        """Yield all that a name of a scope is set to, and that is added to it."""
        for binding in scope.history.get(name, ((), ()))[1]:
            yield from _values(binding)

    def gathered(self, name: str, scope: Scope) -> Iterator[nodes.Expression]:
        """Return what is appended to the list that a name of a scope is."""
        return (arg.value for call in self._tree.gathered(name, scope) for arg in call.args)

    def _is_penalty(self, node: nodes.Node, steps: int) -> bool:
        """True if a penalty is part of it, by a name or a function of the file too."""
        for part in descendants(node):
            if part in self._penalties:
                return True
            if steps and any(self._is_penalty(each, steps - 1) for each in self._behind(part)):
                return True
        return False

    def _behind(self, node: nodes.Node) -> Iterator[nodes.Node]:
        if isinstance(node, nodes.Name):
            yield from self.set_to(node.value, self._owner(node))
        elif isinstance(node, nodes.Call) and (own := self._own(node)) is not None:
            yield own.body

    def _owner(self, node: nodes.Name) -> Scope:
        """Return the scope whose name it is, as far as functions and the module bind it."""
        scope: Scope = self._tree.scope(node)
        while scope.parent is not None and (node.value not in scope.history or scope.kind == "class"):
            scope = scope.parent
        return scope


def _is(node: nodes.Expression, name: nodes.Name) -> bool:
    return isinstance(node, nodes.Name) and node.value == name.value


def _is_nothing(node: nodes.Expression) -> bool:
    """True if it is a number, or an empty collection, to which a loss is added."""
    match node:
        case nodes.Integer() | nodes.Float():
            return True
        case nodes.UnaryOperation():
            return _is_nothing(node.expression)
        case nodes.List() | nodes.Tuple():
            return all(_is_nothing(element.value) for element in node.elements)
        case nodes.Call() if (dotted(node.func) or "").rpartition(".")[2] in _NOTHING:
            return all(_is_nothing(arg.value) for arg in node.args[:1])
    return False


def _values(binding: Binding) -> Iterator[nodes.Expression]:
    match binding:
        case ExpressionBinding(value=value):
            yield value
        case LoopBinding(iterable=iterable):
            yield iterable
        case ChangeBinding(step=nodes.AugAssign(value=value)):
            yield value
        case JoinBinding(alternatives=ways):
            for way in ways:
                yield from _values(way)
