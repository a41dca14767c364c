"""What a name may be bound to at a given moment, and what several ways to one place make of it.

Looking back waits for the end of the walk, since what a loop binds at its end is there at the next turn's head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from kreglint.analysis import bounds
from kreglint.analysis.semantic.scopes import (
    UNBOUND,
    Binding,
    EarlierBinding,
    Guard,
    JoinBinding,
    OpaqueBinding,
    Scope,
    Ways,
)

_Leaves: TypeAlias = "dict[Binding, tuple[Ways, ...]]"  # bindings, each with the conditions on the way to it
_TOO_MANY = OpaqueBinding("bound in too many places to follow")


def join(bindings: Iterable[Binding]) -> Binding:
    """Return one binding for several ways."""
    unique = dict.fromkeys(part for binding in bindings for part in _parts(binding))
    if not unique:
        return UNBOUND
    if len(unique) > bounds.JOIN_PARTS:
        return _TOO_MANY
    return next(iter(unique)) if len(unique) == 1 else JoinBinding(tuple(unique))


def _parts(binding: Binding) -> tuple[Binding, ...]:
    return binding.alternatives if isinstance(binding, JoinBinding) and not binding.conditions else (binding,)


def join_under(ends: Sequence[tuple[Binding, tuple[Guard, ...]]]) -> Binding:
    """Return one binding for the ways through a statement, each with its conditions."""
    ways: dict[Binding, Ways] = {}
    for binding, guards in ends:
        ways[binding] = (*ways.get(binding, ()), guards)
    if len(ways) == 1 or len(ways) > bounds.JOIN_PARTS or not all(guards for _, guards in ends):
        return join(ways)
    return JoinBinding(tuple(ways), tuple((each,) for each in ways.values()))


def lookup(name: str, scope: Scope, time: int) -> Binding | None:
    """Return the binding of `name` as read in `scope` at `time`, or None where no scope of the file binds it.

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
    """Return what an earlier binding leads to; None where the name was not bound then."""
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
    """Yield the scopes that bind the name, innermost first, with the moment from which it is seen, and if deferred.

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
    """Return what the name may be in one scope; UNBOUND among them where the scope may not have it."""
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


def _leaves(binding: Binding) -> _Leaves:
    """Return the bindings behind joins and earlier moments, no more than can be of use.

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
    """Return the alternatives of a join, last first, each with the conditions on the way to it."""
    if not joined.conditions or len(chain) >= bounds.CONDITIONS:
        return [(each, chain) for each in reversed(joined.alternatives)]
    ways = zip(joined.alternatives, joined.conditions, strict=True)
    return [(each, (*chain, *conditions)) for each, conditions in ways][::-1]
