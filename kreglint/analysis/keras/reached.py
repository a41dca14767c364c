"""What is said of the parts of a value, and the questions for it that are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from kreglint.analysis.semantic.scopes import ParameterBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.module import Frame

Part: TypeAlias = "nodes.Call | ParameterBinding"  # a parameter stands for what calls pass
Parts: TypeAlias = "frozenset[Part] | None"  # None: whatever the value is made of that is asked for already

NOTHING: frozenset[Part] = frozenset()


def union(parts: Iterable[Parts]) -> Parts:
    """Return what any of several has."""
    found: set[Part] = set()
    for each in parts:
        if each is None:
            return None
        found |= each
    return frozenset(found)


def common(ways: Iterable[Parts]) -> Parts:
    """Return what all of several ways have; one that leads round a loop has what the others do."""
    known = [each for each in ways if each is not None]
    return frozenset.intersection(*known) if known else None


def held(node: nodes.Expression) -> Iterator[nodes.Expression]:
    """Yield what is a part of the value of a display or an operation."""
    match node:
        case nodes.List(elements=elements) | nodes.Tuple(elements=elements) | nodes.Set(elements=elements):
            yield from (each.value for each in elements)
        case nodes.Dict(elements=elements):
            yield from (each.value for each in elements)
        case nodes.BinaryOperation():
            while isinstance(node, nodes.BinaryOperation):  # a chain of many is nested as deeply
                yield node.right
                node = node.left
            yield node
        case nodes.UnaryOperation(expression=inner):
            yield inner


def outputs_of(node: nodes.Call, is_model: bool) -> nodes.Expression | None:
    """Return the argument of a model's call that has its layers: `Model(inputs, outputs)`, `Sequential(layers)`."""
    keyword, place = ("outputs", 1) if is_model else ("layers", 0)
    for index, arg in enumerate(node.args):
        if arg.star:
            return None
        if arg.keyword.value == keyword if arg.keyword is not None else index == place:
            return arg.value
    return None


class Answers:
    """Answers that are worked out once for each frame."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, Frame | None], Parts] = {}
        self._open: dict[tuple[object, Frame | None], int] = {}
        self._lowest = 0  # of the questions that are open, the first on which an answer now depends

    def once(self, key: object, frame: Frame | None, work: Callable[[], Parts]) -> Parts:
        """Work something out once. An answer that depends on an open question is not kept."""
        asked = (key, frame)
        if asked in self._known:
            return self._known[asked]
        if asked in self._open:
            self._lowest = min(self._lowest, self._open[asked])
            return None
        depth = self._open[asked] = len(self._open)
        outer, self._lowest = self._lowest, depth
        found = work()
        del self._open[asked]
        if self._lowest >= depth:
            self._known[asked] = found
        self._lowest = min(outer, self._lowest)
        return found
