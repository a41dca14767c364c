"""What certainly has a part in items: of lists and dicts that are seen, and of what layers give."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from kreglint.analysis.keras.reached import NOTHING, Parts
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding, Pick
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.module import At


class Items(ABC):
    """Follows items, for one that follows whole values."""

    @abstractmethod
    def of(self, node: nodes.Expression, at: At) -> Parts:
        """Return what an expression is certainly made of."""

    @abstractmethod
    def of_call(self, node: nodes.Call, picks: tuple[Pick, ...], at: At) -> Parts:
        """Return what a call, or the items of it that are taken, is certainly made of."""

    @abstractmethod
    def put(self, value: nodes.Expression, at: At) -> Iterator[Parts]:
        """Yield what is put into a list before a moment."""

    @abstractmethod
    def is_tensor(self, node: nodes.Expression, at: At) -> bool:
        """True if an expression is certainly no list."""

    def item(self, node: nodes.Subscript, at: At) -> Parts:
        """Return what an item has: one of a list that is seen, or a part of what a layer gives."""
        index = node.slice[0].slice if len(node.slice) == 1 else None
        inner = index.value if isinstance(index, nodes.Index) else None
        place, key = _place(inner), string_of(inner)
        if key is not None:
            return self._keyed(node.value, key, at)
        return self.picked(node.value, (Pick(place),), at) if place is not None else self._sliced(node.value, at)

    def _keyed(self, node: nodes.Expression, key: str, at: At) -> Parts:
        """Return what a dict has under a key."""
        bound = lookup(node.value, at.scope, at.time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, ExpressionBinding) and bound.whole:
            return self._keyed(bound.value, key, at.moved(bound.scope, bound.time))
        entries = node.elements if isinstance(node, nodes.Dict) else ()
        if not all(isinstance(each, nodes.DictElement) and string_of(each.key) is not None for each in entries):
            return NOTHING
        ways = [each for each in entries if isinstance(each, nodes.DictElement) and string_of(each.key) == key]
        return self.of(ways[-1].value, at) if ways else NOTHING

    def _sliced(self, node: nodes.Expression, at: At) -> Parts:
        """Return what a slice has, which is part of a tensor or only some items of a list."""
        return self.of(node, at) if self.is_tensor(node, at) else NOTHING

    def picked(self, node: nodes.Expression, picks: tuple[Pick, ...], at: At) -> Parts:
        """Return what is left of an expression when some of its items are taken."""
        if not picks:
            return self.of(node, at)
        if isinstance(node, nodes.Name):
            bound = lookup(node.value, at.scope, at.time)
            if isinstance(bound, ExpressionBinding) and bound.whole and not list(self.put(bound.value, at)):
                return self.picked(bound.value, picks, at.moved(bound.scope, bound.time))
            return self._sliced(node, at)
        if isinstance(node, (nodes.Tuple, nodes.List)):
            first = picks[0]
            plain = not first.starred and not any(isinstance(each, nodes.StarredElement) for each in node.elements)
            if not plain or not -len(node.elements) <= first.place < len(node.elements):
                return NOTHING
            return self.picked(node.elements[first.place].value, picks[1:], at)
        if isinstance(node, nodes.Call):
            return self.of_call(node, picks, at)
        return self._sliced(node, at)

    def each_made(self, node: nodes.SimpleComprehension, at: At) -> Parts:
        scope = at.module.found.comprehensions.get(node)
        if scope is None or node.for_in.ifs or node.for_in.inner_for_in is not None:
            return NOTHING
        return self.of(node.elt, at.moved(scope, scope.clock.now))

    def each(self, node: nodes.Expression, at: At) -> Iterator[Parts]:
        """Yield what each item of an expression has."""
        bound = lookup(node.value, at.scope, at.time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, ExpressionBinding) and bound.whole and not list(self.put(bound.value, at)):
            yield from self.each(bound.value, at.moved(bound.scope, bound.time))
        elif isinstance(node, (nodes.Tuple, nodes.List)):
            yield from (self.of(each.value, at) for each in node.elements)
        elif isinstance(node, nodes.SimpleComprehension):
            yield self.of(node, at)
        else:
            yield NOTHING


def _place(node: nodes.Expression | None) -> int | None:
    """Return the constant number that an index is."""
    if isinstance(node, nodes.UnaryOperation) and isinstance(node.operator, nodes.Minus):
        inner = _place(node.expression)
        return -inner if inner is not None else None
    return node.value if isinstance(node, nodes.Integer) and isinstance(node.value, int) else None
