"""Values: what an expression is known to be.

Every value knows how it was found (`resolution`) and by which places (`origin`: from the place of use to the
place where the value stands). What cannot be known is `Unknown`, with a reason, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from kreglint.diagnostics import Span


class Resolution(IntEnum):
    """How a value was found, in the contract's words; a value made of several has the greatest of theirs."""

    EXACT = 0
    CROSS_FILE = 1
    DEFAULT = 2
    CALLERS = 3
    BRANCHES = 4
    UNKNOWN = 5

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The base of every value.

    `span` is where the value itself stands; `origin` the names it came through, nearest to its use first.
    """

    span: Span
    origin: tuple[Span, ...] = ()
    resolution: Resolution = Resolution.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Const(Value):
    """A Python constant."""

    value: str | bytes | int | float | complex | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Value):
    """A list, tuple or set display."""

    kind: str  # "list", "tuple" or "set"
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping(Value):
    """A dict. `complete` says whether every entry is known; keys are constants, in source order."""

    entries: tuple[tuple[object, Value], ...]
    complete: bool = True

    def get(self, key: object) -> Value | None:
        for known, value in reversed(self.entries):
            if known == key and type(known) is type(key):
                return value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol(Value):
    """A name from an imported module, not called: `path` is dotted as imported, `canonical` is Keras' own.

    `tensorflow.keras.layers.Conv2D` has the canonical name `keras.layers.Conv2D`; what is not of Keras has None.
    """

    path: str
    canonical: str | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a call as written. `star` is "", "*" or "**"; `span` covers keyword and value."""

    span: Span
    value: Value
    keyword: str | None = None
    keyword_span: Span | None = None
    star: str = ""
    source: str = ""  # the value's text


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct(Value):
    """A call of an imported name, as `regularizers.l2(1e-4)` or `np.float32(0.1)`.

    `callee_span` is where the called name stands in this call.
    """

    symbol: Symbol
    arguments: tuple[Argument, ...]
    callee_span: Span

    def keyword(self, name: str) -> Argument | None:
        return next((argument for argument in self.arguments if argument.keyword == name), None)

    @property
    def positional(self) -> tuple[Argument, ...]:
        return tuple(a for a in self.arguments if a.keyword is None and not a.star)

    @property
    def has_star(self) -> bool:
        return any(argument.star for argument in self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Value):
    """A function, lambda or class of the user's own, or an instance of such a class."""

    name: str
    kind: str  # "function", "lambda", "class" or "instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Value):
    """One of several values, by branches or callers."""

    alternatives: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Value):
    """A value that the analysis cannot tell, and why, in a few words."""

    reason: str
