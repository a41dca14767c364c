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
    _beside: ClassVar[frozenset[str]] = frozenset()  # the other fields

    def __init_subclass__(cls) -> None:
        own = cls.__dict__.get("__slots__", ())
        if own:
            cls.fields = own
            cls.code = tuple(name for name in own if name not in cls._beside)
            given = ", ".join(("start", "end", *own))
            stored = "; ".join(f"self.{name} = {name}" for name in ("start", "end", *own))
            namespace: dict[str, object] = {}
            exec(f"def __init__(self, {given}): {stored}", namespace)
            cls.__init__ = namespace["__init__"]  # type: ignore[method-assign,assignment]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    if not TYPE_CHECKING:

        def __init__(self, start: int, end: int) -> None:
            self.start = start
            self.end = end
