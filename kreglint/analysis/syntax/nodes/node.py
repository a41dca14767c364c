"""What every node of the tree is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from kreglint.diagnostics import Span

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[type], type]:
        return lambda kind: kind


def _initialize(self: Node, *values: object) -> None:
    """Fill in the first node of a class; the function for all others is made now, since many programs need few."""
    kind = next(each for each in type(self).__mro__ if "__init__" in vars(each))
    names = ("start", "end", *kind.fields)  # type: ignore[attr-defined]
    stored = "; ".join(f"self.{name} = {name}" for name in names)
    namespace: dict[str, Callable[..., None]] = {}
    exec(f"def __init__(self, {', '.join(names)}): {stored}", namespace)
    kind.__init__ = namespace["__init__"]  # type: ignore[misc]
    self.__init__(*values)  # type: ignore[misc]


@dataclass_transform(eq_default=False)
class _Fields:
    """Tells type checkers that a subclass is constructed with its fields."""

    __slots__ = ()


class Node(_Fields):
    """A part of a program. `start` and `end` are offsets into its text, without parentheses around the node.

    A subclass names its fields in `__slots__`, in the order of the source; its constructor takes them by position,
    after `start` and `end`. Two nodes are equal if they are the same.
    """

    __slots__ = ("end", "start")
    start: int
    end: int
    fields: ClassVar[tuple[str, ...]] = ()
    code: ClassVar[tuple[str, ...]] = ()  # the fields with code that is evaluated in its place
    code_backwards: ClassVar[tuple[str, ...]] = ()  # the same, last first, as a stack takes them
    _beside: ClassVar[frozenset[str]] = frozenset()  # the other fields

    def __init_subclass__(cls) -> None:
        own = cls.__dict__.get("__slots__", ())
        if own:
            cls.fields = own
            cls.code = tuple(name for name in own if name not in cls._beside)
            cls.code_backwards = cls.code[::-1]
            cls.__init__ = _initialize  # type: ignore[method-assign,assignment]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    if not TYPE_CHECKING:

        def __init__(self, start: int, end: int) -> None:
            self.start = start
            self.end = end
