"""Displays and comprehensions: expressions that collect elements."""

# ruff: noqa: RUF023  (the order of the slots is that of the source)

from __future__ import annotations

from typing import TYPE_CHECKING

from kreglint.analysis.syntax.nodes.expressions import Expression
from kreglint.analysis.syntax.nodes.node import Node


class BaseElement(Node):
    """An element of a tuple, list or set."""

    __slots__ = ("value",)
    value: Expression


class Element(BaseElement):
    __slots__ = ()


class StarredElement(BaseElement, Expression):
    __slots__ = ()


class Tuple(Expression):
    __slots__ = ("elements",)
    elements: tuple[BaseElement, ...]


class List(Expression):
    __slots__ = ("elements",)
    elements: tuple[BaseElement, ...]


class Set(Expression):
    __slots__ = ("elements",)
    elements: tuple[BaseElement, ...]


class DictElement(Node):
    __slots__ = ("key", "value")
    key: Expression
    value: Expression


class StarredDictElement(Node):
    __slots__ = ("value",)
    value: Expression


class Dict(Expression):
    __slots__ = ("elements",)
    elements: tuple[DictElement | StarredDictElement, ...]


class CompIf(Node):
    __slots__ = ("test",)
    test: Expression


class CompFor(Node):
    __slots__ = ("target", "iter", "ifs", "inner_for_in")
    target: Expression
    iter: Expression
    ifs: tuple[CompIf, ...]
    inner_for_in: CompFor | None


class Comprehension(Expression):
    __slots__ = ()
    if TYPE_CHECKING:

        @property
        def for_in(self) -> CompFor: ...


class SimpleComprehension(Comprehension):
    __slots__ = ("elt", "for_in")
    elt: Expression
    for_in: CompFor


class GeneratorExp(SimpleComprehension):
    __slots__ = ()


class ListComp(SimpleComprehension):
    __slots__ = ()


class SetComp(SimpleComprehension):
    __slots__ = ()


class DictComp(Comprehension):
    __slots__ = ("key", "value", "for_in")
    key: Expression
    value: Expression
    for_in: CompFor
