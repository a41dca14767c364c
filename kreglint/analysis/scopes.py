"""Which bindings a name may have at a given moment.

Time is a counter that ticks at every binding. Each scope keeps, per name, its bindings in order of time, and a
branch that is left is undone by binding the older value anew. So what a name means at any moment is found by
looking back in one list, long after the walk, and nothing is evaluated that no slot asks for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import libcst as cst

_MOST_ALTERNATIVES = 16  # keeps a chain of branches linear; a reader gives up sooner

ScopeKind = Literal["module", "function", "class", "lambda", "comprehension"]


class Binding:
    """What a name is bound to. The subclasses say how."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class ExpressionBinding(Binding):
    """`name = value`, evaluated at `time` in `scope`; `index` picks an item of an unpacked display."""

    value: cst.BaseExpression
    statement: cst.CSTNode
    scope: Scope
    time: int
    index: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ImportBinding(Binding):
    """An imported name, by its dotted path. `.layers.Dense` is of the file's own package."""

    path: str


@dataclass(frozen=True, slots=True, eq=False)
class DefinitionBinding(Binding):
    """A function or class of this file."""

    node: cst.FunctionDef | cst.ClassDef
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class ParameterBinding(Binding):
    """A parameter; its default is evaluated at `time` in `scope`, where the function is defined."""

    param: cst.Param
    scope: Scope
    time: int


@dataclass(frozen=True, slots=True, eq=False)
class LoopBinding(Binding):
    """`for name in iterable`, of which one item at a time."""

    iterable: cst.BaseExpression


@dataclass(frozen=True, slots=True, eq=False)
class OpaqueBinding(Binding):
    """A binding whose value the analysis does not follow, and why."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class JoinBinding(Binding):
    """Any of several bindings, by the way that was taken."""

    alternatives: tuple[Binding, ...]


class _Unbound(Binding):
    """The mark that the name has no value from here on, as far as this scope is concerned."""

    __slots__ = ()


UNBOUND = _Unbound()


class Clock:
    """Moments of one file, in the order of the walk."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 0

    def tick(self) -> int:
        self.now += 1
        return self.now


class Scope:
    """The names of one module, function, class, lambda or comprehension."""

    __slots__ = ("clock", "declared", "history", "journal", "kind", "name", "parent", "stars", "start")

    def __init__(self, kind: ScopeKind, name: str, parent: Scope | None, clock: Clock) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.clock = clock
        self.start = clock.now
        self.history: dict[str, tuple[list[int], list[Binding]]] = {}
        self.journal: list[tuple[str, Binding]] = []
        self.declared: dict[str, Scope] = {}
        self.stars: list[tuple[int, str]] = []

    @property
    def deferred(self) -> bool:
        """Whether the body runs later than the place where it stands."""
        return self.kind in ("function", "lambda")

    @property
    def qualified_name(self) -> str:
        """`vgg_block`, `Net.build`, or `<module>`; lambdas and comprehensions count as what they stand in."""
        if self.parent is None:
            return "<module>"
        if self.kind in ("lambda", "comprehension"):
            return self.parent.qualified_name
        outer = self.parent.qualified_name
        return self.name if outer == "<module>" else f"{outer}.{self.name}"

    def bind(self, name: str, binding: Binding) -> None:
        owner = self.declared.get(name)
        if owner is None:
            self.push(name, self.clock.tick(), binding)
        else:
            owner.push(name, self.clock.tick(), OpaqueBinding(f"'{name}' is also set from a function"))

    def insert(self, name: str, time: int, binding: Binding) -> None:
        """Bind at a moment that has passed: what a loop binds is there at the next turn's head."""
        times, bindings = self.history[name]
        index = bisect_right(times, time)
        times.insert(index, time)
        bindings.insert(index, binding)

    def push(self, name: str, time: int, binding: Binding) -> None:
        times, bindings = self.history.setdefault(name, ([], []))
        times.append(time)
        bindings.append(binding)
        self.journal.append((name, binding))

    def declare(self, name: str, owner: Scope) -> None:
        """`global name` or `nonlocal name`."""
        self.declared[name] = owner

    def at(self, name: str, time: int) -> Binding | None:
        """The binding in force at `time`, or None where the name was not bound by then."""
        entry = self.history.get(name)
        if entry is None:
            return None
        index = bisect_right(entry[0], time)
        return entry[1][index - 1] if index else None

    def after(self, name: str, time: int) -> list[Binding]:
        entry = self.history.get(name)
        return entry[1][bisect_right(entry[0], time) :] if entry else []


def join(bindings: Iterable[Binding | None]) -> Binding:
    """One binding for several ways; a way on which the name is unbound cannot lead to its use."""
    unique = dict.fromkeys(part for binding in bindings if binding is not None for part in _parts(binding))
    if not unique:
        return UNBOUND
    if len(unique) > _MOST_ALTERNATIVES:
        return OpaqueBinding("bound in too many places to follow")
    return next(iter(unique)) if len(unique) == 1 else JoinBinding(tuple(unique))


def _parts(binding: Binding) -> Iterator[Binding]:
    if isinstance(binding, JoinBinding):
        yield from binding.alternatives
    elif binding is not UNBOUND:
        yield binding


def lookup(name: str, scope: Scope, time: int) -> Binding | None:
    """The binding of `name` as read in `scope` at `time`, or None where no scope of the file binds it.

    A body that runs later than it stands sees what the outer name is then: any binding from its own place on.
    """
    current: Scope | None = scope
    deferred = False
    while current is not None:
        owner = current.declared.get(name)
        if owner is not None:
            return join(owner.after(name, 0))
        if name in current.history and (current.kind != "class" or current is scope):
            found = _in_scope(name, current, time, deferred)
            if found is not UNBOUND:
                return found
        deferred = deferred or current.deferred
        time = current.start
        current = current.parent
    return None


def _in_scope(name: str, scope: Scope, time: int, deferred: bool) -> Binding:
    now = scope.at(name, time)
    if deferred:
        return join([now, *scope.after(name, time)])
    if now is not None and now is not UNBOUND:
        return now
    return OpaqueBinding(f"'{name}' is not yet assigned here") if scope.deferred else UNBOUND
