"""Which bindings a name may have at a given moment.

Time is a counter that ticks at every binding. Each scope keeps, per name, its bindings in order of time, and a
branch that is left is undone by binding the older value anew. So what a name means at any moment is found by
looking back in one list, long after the walk, and nothing is evaluated that no slot asks for.

Looking back waits for the end of the walk, since what a loop binds at its end is there at the next turn's head.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from kreglint.analysis import bounds
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
        """Whether the name is bound to the very value."""
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

    `older` is what the name was before, at `time`, in `scope`; `value` is what a key is set to.
    """

    step: nodes.Node
    older: EarlierBinding
    scope: Scope
    time: int
    value: nodes.Expression | None = None


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
_TOO_MANY = OpaqueBinding("bound in too many places to follow")


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
        """Whether the body runs later than the place where it stands."""
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
        """`global name` or `nonlocal name`: the scopes that may own it, nearest first."""
        self.declared[name] = owners

    def at(self, name: str, time: int) -> Binding:
        """The binding in force at `time`."""
        entry = self.history.get(name)
        if entry is None:
            return UNBOUND
        index = bisect_right(entry[0], time)
        return entry[1][index - 1] if index else UNBOUND

    def after(self, name: str, time: int) -> list[Binding]:
        entry = self.history.get(name)
        return entry[1][bisect_right(entry[0], time) :] if entry else []


def join(bindings: Iterable[Binding]) -> Binding:
    """One binding for several ways."""
    unique = dict.fromkeys(part for binding in bindings for part in _parts(binding))
    if not unique:
        return UNBOUND
    if len(unique) > bounds.JOIN_PARTS:
        return _TOO_MANY
    return next(iter(unique)) if len(unique) == 1 else JoinBinding(tuple(unique))


def _parts(binding: Binding) -> tuple[Binding, ...]:
    return binding.alternatives if isinstance(binding, JoinBinding) and not binding.conditions else (binding,)


def join_under(ends: Sequence[tuple[Binding, tuple[Guard, ...]]]) -> Binding:
    """One binding for the ways through a statement, each with its conditions."""
    ways: dict[Binding, Ways] = {}
    for binding, guards in ends:
        ways[binding] = (*ways.get(binding, ()), guards)
    if len(ways) == 1 or len(ways) > bounds.JOIN_PARTS or not all(guards for _, guards in ends):
        return join(ways)
    return JoinBinding(tuple(ways), tuple((each,) for each in ways.values()))


def lookup(name: str, scope: Scope, time: int) -> Binding | None:
    """The binding of `name` as read in `scope` at `time`, or None where no scope of the file binds it.

    A body that runs later than it stands sees what the outer name is then: any binding from its own place on.
    A way on which a name is unbound cannot lead to its use, but where the name then is an outer one.
    """
    ways: _Leaves = {}
    for visible, moment, deferred in _visible_scopes(name, scope, time):
        found = _in_scope(name, visible, moment, deferred)
        if len(found) == 1 and not ways and UNBOUND not in found:
            return next(iter(found))
        for binding, chain in found.items():
            ways[binding] = () if ways.get(binding, chain) != chain else chain
        unbound = ways.pop(UNBOUND, None) is not None
        if not unbound or (ways and visible.kind != "class"):
            break
    return _one_of(ways)


def lookup_earlier(binding: EarlierBinding) -> Binding | None:
    """What an earlier binding leads to; None where the name was not bound then."""
    ways = _leaves(binding)
    ways.pop(UNBOUND, None)
    return _one_of(ways)


def _one_of(ways: _Leaves) -> Binding | None:
    if len(ways) > bounds.ALTERNATIVES:
        return _TOO_MANY
    if len(ways) <= 1:
        return next(iter(ways), None)
    return JoinBinding(tuple(ways), tuple(ways.values()) if any(ways.values()) else ())


def _visible_scopes(name: str, scope: Scope, time: int) -> Iterator[tuple[Scope, int, bool]]:
    """The scopes that bind the name, innermost first, each with the moment from which it is seen, and if deferred.

    A class body that binds a name itself looks for it in the module next, past every function around it.
    """
    current: Scope | None = scope
    deferred = False
    bound_by_class = scope.kind == "class" and _binds(scope, name)
    while current is not None:
        owners = current.declared.get(name)
        if owners is not None:
            yield from ((owner, 0, True) for owner in owners if _binds(owner, name))
            return
        seen = current is scope or (current.kind != "class" and not (bound_by_class and current.parent is not None))
        if seen and _binds(current, name):
            yield current, time, deferred
        deferred = deferred or current.deferred
        time = current.start
        current = current.parent


def _binds(scope: Scope, name: str) -> bool:
    return name in scope.history or name in scope.set_from_within


def _in_scope(name: str, scope: Scope, time: int, deferred: bool) -> _Leaves:
    """What the name may be in one scope; UNBOUND among them where the scope may not have it."""
    if name in scope.set_from_within:
        return {OpaqueBinding(f"'{name}' is also set from a function"): ()}
    now = scope.at(name, time)
    later = scope.after(name, time) if deferred else ()
    found = _leaves(join([now, *later]) if later else now)
    if len(found) == 1 and UNBOUND in found and scope.deferred and not deferred:
        return {OpaqueBinding(f"'{name}' is not yet assigned here"): ()}
    if UNBOUND in found and scope.foreign_star is not None:
        return {OpaqueBinding(f"'{name}' may come from '{scope.foreign_star}'"): ()}
    return found


_Leaves: TypeAlias = "dict[Binding, tuple[Ways, ...]]"  # bindings, each with the conditions on the way to it


def _leaves(binding: Binding) -> _Leaves:
    """The bindings behind joins and earlier moments, no more than can be of use.

    One to which several ways lead through different joins has no conditions: each is gone at most once more for that.
    """
    if not isinstance(binding, (JoinBinding, EarlierBinding)):
        return {binding: ()}
    found: _Leaves = {}
    seen: _Leaves = {}
    stack: list[tuple[Binding, tuple[Ways, ...]]] = [(binding, ())]
    while stack and len(found) <= bounds.ALTERNATIVES:
        current, chain = stack.pop()
        if current in seen:
            if not seen[current] or seen[current] == chain:
                continue
            chain = ()
        seen[current] = chain
        if isinstance(current, JoinBinding):
            stack.extend(_steps(current, chain))
        elif isinstance(current, EarlierBinding):
            stack.append((current.scope.at(current.name, current.time), chain))
        else:
            found[current] = chain
    return found


def _steps(joined: JoinBinding, chain: tuple[Ways, ...]) -> list[tuple[Binding, tuple[Ways, ...]]]:
    """The alternatives of a join, last first, each with the conditions on the way to it."""
    if not joined.conditions or len(chain) >= bounds.CONDITIONS:
        return [(each, chain) for each in reversed(joined.alternatives)]
    ways = zip(joined.alternatives, joined.conditions, strict=True)
    return [(each, (*chain, *conditions)) for each, conditions in ways][::-1]
