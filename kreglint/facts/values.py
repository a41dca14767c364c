"""Values: what an expression is known to be.

Every value knows where it comes from (`provenance`) and by which places (`origin`: from the place of use to the
place where the value stands). What cannot be known is `Unknown`, with a reason, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from itertools import takewhile
from typing import NamedTuple

from kreglint.diagnostics import Elsewhere, Span
from kreglint.records import record, replace

_MOST_ALTERNATIVES = 32


class Provenance(IntEnum):
    """Where a value comes from, the surest first; what is made of several values has the least sure of theirs.

    A default that a call hands on is still one: who calls the function around may pass something else.
    """

    EXACT = 0
    CROSS_FILE = 1
    CALLERS = 2
    DEFAULT = 3
    FORM_FIELD = 4  # of a Colab notebook: what stands there is what its reader chose last
    UNKNOWN = 5

    @property
    def word(self) -> str:
        """The contract's word for it."""
        return (Provenance.DEFAULT if self is Provenance.FORM_FIELD else self).name.lower().replace("_", "-")


class Origin(NamedTuple):
    """A place that a value came through: the assignment of a name, or the default of a parameter.

    Where that is in another file, `elsewhere` has it, and `span` is the place in this file that leads there.
    """

    span: Span
    is_default: bool = False
    elsewhere: Elsewhere | None = None


@record(kw_only=True)
class Value:
    """The base of every value.

    `span` is where the value itself stands; `origin` the places it came through, nearest to its use first.
    """

    span: Span
    origin: tuple[Origin, ...] = ()
    provenance: Provenance = Provenance.EXACT

    @property
    def is_exact(self) -> bool:
        """Whether it is one value on every path, of this file."""
        return self.provenance is Provenance.EXACT and len(self.ways) == 1

    @property
    def ways(self) -> tuple[Value, ...]:
        """Each value that it may be: itself, if it is not one of several."""
        return (self,)

    @property
    def content(self) -> object:
        """What it has in common with values that are alike; a value that is not known is like no other."""
        return object()

    def map(self, change: Callable[[Value], Value], span: Span) -> Value:
        """Return what `change` makes of each value that it may be, at `span`."""
        return change(self)


@record(kw_only=True)
class Const(Value):
    """A Python constant."""

    value: str | bytes | int | float | complex | bool | None

    @property
    def content(self) -> object:
        return (type(self.value), repr(self.value))


@record(kw_only=True)
class Sequence(Value):
    """A list, tuple or set display."""

    kind: str  # "list", "tuple" or "set"
    items: tuple[Value, ...]

    @property
    def content(self) -> object:
        return (self.kind, tuple(map(_part, self.items)))


class EntryPlace(NamedTuple):
    """Where an entry of a dict stands: its key and its value, each as it is written there."""

    key: Span
    key_source: str
    value: Span
    value_source: str


@record(kw_only=True)
class Mapping(Value):
    """A dict. `complete` says whether every entry is known; keys are constants, in source order.

    Of a dict that is not complete, `overridable` says that what is not known is what callers may pass.
    `places` tells where the entries stand that are written in the program.
    """

    entries: tuple[tuple[object, Value], ...]
    complete: bool = True
    overridable: bool = False
    places: tuple[tuple[object, EntryPlace], ...] = ()

    def get(self, key: object) -> Value | None:
        for known, value in reversed(self.entries):
            if known == key and type(known) is type(key):
                return value
        return None

    def place_of(self, key: object) -> EntryPlace | None:
        return next((place for known, place in self.places if known == key and type(known) is type(key)), None)

    @property
    def content(self) -> object:
        entries = tuple((repr(key), _part(item)) for key, item in self.entries)
        return ("dict", self.complete, self.overridable, entries)


@record(kw_only=True)
class Symbol(Value):
    """A name from an imported module, not called: `path` is dotted as imported, `canonical` is Keras' own.

    `tensorflow.keras.layers.Conv2D` has the canonical name `keras.layers.Conv2D`; what is not of Keras has None.
    """

    path: str
    canonical: str | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def content(self) -> object:
        return ("symbol", self.canonical or self.path)


@record(kw_only=True)
class Argument:
    """One argument of a call as written.

    `star` is "", "*" or "**", `source` the value's text. `span` covers keyword and value, `value_span` the
    value as it stands in the call: a name, where the value itself stands elsewhere.
    `inherited`: it is not written in the call, but in a dict that `**` unpacks, or in a `partial`; its spans are
    there, and `given_at` is the place in the call that leads there. `inline`: that dict is itself written in the
    call, so that nothing else has it. `expanded`: it is a `**` all of whose entries are among the inherited arguments.

    `keyword_span` is None if nobody knows whether the call is given the keyword at all: one of several dicts lacks
    it. `keyword_source` is the keyword as it is written, in a dict with its quotes; `keyword_origin` the places where
    it is written, where these are several or in another file and `keyword_span` is the place in the call.
    """

    span: Span
    value: Value
    value_span: Span
    keyword: str | None = None
    keyword_span: Span | None = None
    star: str = ""
    source: str = ""
    inherited: bool = False
    expanded: bool = False
    inline: bool = False
    given_at: Span | None = None
    keyword_source: str = ""
    keyword_origin: tuple[Origin, ...] = ()


class TakesArguments:
    """What a call's arguments can be asked, whatever it calls."""

    __slots__ = ()
    arguments: tuple[Argument, ...]

    def keyword(self, name: str) -> Argument | None:
        return next((argument for argument in self.arguments if argument.keyword == name), None)

    @property
    def positional(self) -> tuple[Argument, ...]:
        """The leading positional arguments whose index is certain: those before any `*` argument."""
        plain = takewhile(lambda argument: argument.star != "*", self.arguments)
        return tuple(argument for argument in plain if argument.keyword is None and not argument.star)

    @property
    def has_star(self) -> bool:
        """True if a `*` or `**` may bring arguments that the call does not show."""
        return any(argument.star and not argument.expanded for argument in self.arguments)


@record(kw_only=True)
class Construct(Value, TakesArguments):
    """A call of an imported name, as `regularizers.l2(1e-4)` or `np.float32(0.1)`.

    `callee_span` is where the called name stands in this call.
    """

    symbol: Symbol
    arguments: tuple[Argument, ...]
    callee_span: Span

    @property
    def content(self) -> object:
        return ("call", self.symbol.content, tuple((a.star, a.keyword, _part(a.value)) for a in self.arguments))


@record(kw_only=True)
class Function(Value):
    """A function, lambda or class of the user's own, or an instance of such a class.

    `definition` tells which: where the function or class stands, with its file; None where that is not certain.
    """

    name: str
    kind: str  # "function", "lambda", "class" or "instance"
    definition: Span | None = None

    @property
    def content(self) -> object:
        return ("function", self.name, self.kind, self.span)


@record(kw_only=True)
class OneOf(Value):
    """One of several values: by branches, or as its provenance says, by callers."""

    alternatives: tuple[Value, ...]

    @property
    def ways(self) -> tuple[Value, ...]:
        return self.alternatives

    @property
    def content(self) -> object:
        return ("one of", tuple(alternative.content for alternative in self.alternatives))

    def map(self, change: Callable[[Value], Value], span: Span) -> Value:
        """Return one of what `change` makes of each: for the same reason, if these still differ."""
        together = one_of([change(way) for way in self.alternatives], span)
        return replace(together, provenance=self.provenance) if isinstance(together, OneOf) else together


@record(kw_only=True)
class Unknown(Value):
    """A value that the analysis cannot tell, and why, in a few words."""

    reason: str


def unknown(span: Span, reason: str) -> Unknown:
    """Return a value that cannot be told at a place."""
    return Unknown(span=span, reason=reason, provenance=Provenance.UNKNOWN)


def same(left: Value, right: Value) -> bool:
    """True if two values are alike in all but the places where they were found."""
    return left.content == right.content


def _part(value: Value) -> object:
    """Return the content of a value in another. How certain it is counts, since the outer value does not say it."""
    return (value.provenance, value.content)


def one_of(values: list[Value], span: Span) -> Value:
    """Return one of several values: the least certain if all are alike, or unknown if one of them is."""
    if len(values) == 1:
        return values[0]
    distinct: list[Value] = []
    for value in values:
        for part in value.ways:
            if isinstance(part, Unknown):
                return part
            _add(part, distinct)
            if len(distinct) > _MOST_ALTERNATIVES:
                return unknown(span, "one of very many values")
    if len(distinct) == 1:
        return distinct[0]
    return OneOf(span=span, alternatives=tuple(distinct))


def _add(value: Value, distinct: list[Value]) -> None:
    for index, known in enumerate(distinct):
        if same(value, known):
            distinct[index] = max(known, value, key=lambda way: way.provenance)
            return
    distinct.append(value)
