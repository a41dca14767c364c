"""Scopes, and the bindings of their names in time.

Time is a counter that ticks at every binding. Each scope keeps, per name, its bindings in order of time, and a
branch that is left is undone by binding the older value anew. So what a name means at any moment is found by
looking back in one list (`lookup.py`), long after the walk, and nothing is evaluated that no slot asks for.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal, NamedTuple, TypeAlias

from kreglint.analysis.syntax import nodes
from kreglint.records import record

ScopeKind = Literal["module", "function", "class", "lambda", "comprehension", "generator"]


class Pick(NamedTuple):
    """An item that unpacking takes: the one at `place`, or for `*name` all from there up to `stop`."""

    place: int
    starred: bool = False
    stop: int | None = None


class Binding:
    """What a name is bound to. The subclasses say how."""

    __slots__ = ()


@record(eq=False)
class ExpressionBinding(Binding):
    """`name = value`, evaluated at `time` in `scope`; `picks` lead to an item of what is unpacked, outermost first."""

    value: nodes.Expression
    statement: nodes.Node
    scope: Scope
    time: int
    picks: tuple[Pick, ...] = ()

    @property
    def whole(self) -> bool:
        """True if the name is bound to the very value."""
        return not self.picks


@record(eq=False)
class ImportBinding(Binding):
    """An imported name, by its dotted path. `.layers.Dense` is of the file's own package."""

    path: str
    statement: nodes.Node | None = None


@record(eq=False)
class DefinitionBinding(Binding):
    """A function or class of this file."""

    node: nodes.FunctionDef | nodes.ClassDef
    scope: Scope


@record(eq=False)
class ParameterBinding(Binding):
    """A parameter; its default is evaluated at `time` in `scope`, where the function is defined by `statement`."""

    param: nodes.Param
    statement: nodes.Node
    scope: Scope
    time: int


@record(eq=False)
class ArgsBinding(Binding):
    """The `*args` of a function."""

    param: nodes.Param


@record(eq=False)
class RestBinding(Binding):
    """The `**kwargs` of a function, which `statement` defines in `scope`."""

    param: nodes.Param
    statement: nodes.Node
    scope: Scope


@record(eq=False)
class ChangeBinding(Binding):
    """What a name has after a step that changes it in place: an augmented assignment, or a change to a dict.

    Of a dict that is a method's call, or a key that is set or deleted.

    `older` is what the name was before, at `time`, in `scope`; `value` is what a key is set to, None where that is not
    known or the step `deletes` the key.
    """

    step: nodes.Node
    older: EarlierBinding
    scope: Scope
    time: int
    value: nodes.Expression | None = None
    deletes: bool = False


@record(eq=False)
class LoopBinding(Binding):
    """`for name in iterable`, of which one item at a time; evaluated at `time` in `scope`, `picks` as above."""

    iterable: nodes.Expression
    scope: Scope
    time: int
    picks: tuple[Pick, ...] = ()


@record(eq=False)
class OpaqueBinding(Binding):
    """A binding whose value the analysis does not follow, and why."""

    reason: str


@record(eq=False)
class Guard:
    """A condition under which a statement is reached: `test` has the truth `expected`.

    `test` is None for what nobody can tell: a turn of a loop, an exception, a pattern that matches.
    """

    test: nodes.Expression | None
    scope: Scope
    time: int
    expected: bool = True


Ways: TypeAlias = "tuple[tuple[Guard, ...], ...]"
"""Ways to one place, each with the conditions on it: it is reached where all conditions of one of them hold."""


@record(eq=False)
class JoinBinding(Binding):
    """Any of several bindings, by the way that was taken.

    `conditions` has for each the joins that lead to it, of each the ways to the binding; empty where none is known.
    """

    alternatives: tuple[Binding, ...]
    conditions: tuple[tuple[Ways, ...], ...] = ()


@record(eq=False)
class EarlierBinding(Binding):
    """Whatever the name was bound to at `time`."""

    scope: Scope
    name: str
    time: int


@record(eq=False)
class SkippedBinding(EarlierBinding):
    """Whatever the name was bound to before a `with` whose context manager swallows an exception at once."""


class _Unbound(Binding):
    """The mark that the name has no value, as far as this scope is concerned."""

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
    """The names of one module, function, class, lambda, comprehension or generator expression."""

    __slots__ = (
        "clock",
        "declared",
        "foreign_star",
        "history",
        "journal",
        "kind",
        "name",
        "parameters",
        "parent",
        "receiver",
        "rest",
        "rest_by_position",
        "set_from_within",
        "stars",
        "start",
    )

    def __init__(self, kind: ScopeKind, name: str, parent: Scope | None, clock: Clock) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.clock = clock
        self.start = clock.now
        self.history: dict[str, tuple[list[int], list[Binding]]] = {}
        self.journal: list[tuple[str, Binding]] = []
        self.declared: dict[str, tuple[Scope, ...]] = {}
        self.receiver: str | None = None  # a method's first parameter: the instance
        self.set_from_within: set[str] = set()
        self.parameters: dict[str, ParameterBinding] = {}
        self.rest: RestBinding | None = None
        self.rest_by_position: ArgsBinding | None = None
        self.stars: list[str] = []
        self.foreign_star: str | None = None

    @property
    def deferred(self) -> bool:
        """True if the body runs later than the place where it stands."""
        return self.kind in ("function", "lambda", "generator")

    @property
    def qualified_name(self) -> str:
        """`vgg_block`, `Net.build`, or `<module>`; lambdas and comprehensions count as what they stand in."""
        if self.parent is None:
            return "<module>"
        if self.kind not in ("function", "class"):
            return self.parent.qualified_name
        outer = self.parent.qualified_name
        return self.name if outer == "<module>" else f"{outer}.{self.name}"

    def bind(self, name: str, binding: Binding) -> None:
        owners = self.declared.get(name)
        if owners is not None:
            for owner in owners:
                owner.set_from_within.add(name)
            return
        times, bindings = self.history.setdefault(name, ([], []))
        times.append(self.clock.tick())
        bindings.append(binding)
        self.journal.append((name, binding))

    def insert(self, name: str, time: int, binding: Binding) -> None:
        """Bind at a moment that has passed: what a loop binds is there at the next turn's head."""
        times, bindings = self.history[name]
        index = bisect_right(times, time)
        times.insert(index, time)
        bindings.insert(index, binding)

    def clear(self) -> None:
        """Forget all bindings, when nobody asks any more: those that know their scope are circles with it."""
        self.history.clear()
        self.journal.clear()
        self.declared.clear()
        self.parameters.clear()
        self.rest = self.rest_by_position = None

    def declare(self, name: str, owners: tuple[Scope, ...]) -> None:
        """Note `global name` or `nonlocal name`, with the scopes that may own it, nearest first."""
        self.declared[name] = owners

    def at(self, name: str, time: int) -> Binding:
        """Return the binding in force at `time`."""
        entry = self.history.get(name)
        if entry is None:
            return UNBOUND
        index = bisect_right(entry[0], time)
        return entry[1][index - 1] if index else UNBOUND

    def after(self, name: str, time: int) -> list[Binding]:
        entry = self.history.get(name)
        return entry[1][bisect_right(entry[0], time) :] if entry else []
