"""Layer classes among which branches choose, each with the condition under which it is taken, as it is written.

`conv = DepthwiseConv2D if depthwise else Conv2D`, the same by `if`, or a dict of classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    ExpressionBinding,
    Guard,
    ImportBinding,
    JoinBinding,
    Scope,
    Ways,
)
from kreglint.analysis.semantic.sites import CallSite, Collected
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants, is_same_code
from kreglint.analysis.values.certainty import surest, truth
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import At
from kreglint.facts.values import Const, Mapping, Provenance, Symbol

_TESTS = (
    nodes.Name,
    nodes.Literal,
    nodes.Comparison,
    nodes.ComparisonTarget,
    nodes.BooleanOperation,
    nodes.UnaryOperation,
)
_CONSTANTS = frozenset(("None", "True", "False"))
_LONGEST = 60  # characters of a condition that a message names


class Chosen(NamedTuple):
    """A name that a branch chooses, by its path, and the conditions of that; None where one has no text.

    `guards` are the conditions that are no constants.
    """

    path: str
    conditions: tuple[str, ...] | None = ()
    guards: tuple[Guard, ...] = ()

    def is_ruled_out_at(self, site: CallSite, found: Collected) -> bool:
        """True if these conditions never hold together with those under which a call is reached."""
        around = (*site.guards, *_left_before(site, found)) if self.guards else ()
        return any(_exclude(own, other) for own in self.guards for other in around)


def chosen(node: nodes.Expression, at: At, steps: int = bounds.CALLEE_STEPS) -> Iterator[Chosen]:
    """What an expression may be, by the conditions under which it is that; nothing that certain conditions rule out."""
    if not steps:
        return
    if isinstance(node, nodes.IfExp):
        for branch, expected in ((node.body, True), (node.orelse, False)):
            guard = Guard(node.test, at.scope, at.time, expected)
            yield from _under(((guard,),), chosen(branch, at, steps - 1), at)
        return
    binding = lookup(node.value, at.scope, at.time) if isinstance(node, nodes.Name) else None
    if isinstance(node, nodes.Subscript):
        yield from _items(node, at)
    elif isinstance(binding, ExpressionBinding | JoinBinding):
        yield from _bound(binding, at, steps - 1)
    else:
        for path in at.module.paths.of(node, at.scope, at.time):
            yield Chosen(path)


def _bound(binding: Binding, at: At, steps: int) -> Iterator[Chosen]:
    if isinstance(binding, JoinBinding):
        conditions: tuple[tuple[Ways, ...], ...] = binding.conditions or ((),) * len(binding.alternatives)
        for way, joins in zip(binding.alternatives, conditions, strict=True):
            found = _bound(way, at, steps)
            yield from _under(joins[0] if len(joins) == 1 else (), found, at)
    elif isinstance(binding, ExpressionBinding) and binding.whole:
        yield from chosen(binding.value, at.moved(binding.scope, binding.time), steps)
    elif isinstance(binding, ImportBinding):
        yield from (Chosen(path) for path in at.module.paths.of_binding(binding))


def _under(ways: Ways, found: Iterator[Chosen], at: At) -> Iterator[Chosen]:
    """What is found where one of several ways is taken."""
    if len(ways) != 1:
        yield from (each._replace(conditions=None) for each in found)
        return
    told: list[str] | None = []
    open_to: list[Guard] = []
    for guard in ways[0]:
        if guard.test is None:
            told = None
            continue
        test = infer(guard.test, at.moved(guard.scope, guard.time))
        counts = truth(test)
        if counts is not None and surest(test) <= Provenance.CROSS_FILE:
            if counts is not guard.expected:
                return
            continue
        open_to.append(guard)
        if told is not None:
            told.append(_told(guard.test, at, expected=guard.expected))
    for each in found:
        known = told is not None and each.conditions is not None
        conditions = (*(told or ()), *(each.conditions or ())) if known else None
        yield each._replace(conditions=conditions, guards=(*open_to, *each.guards))


def _exclude(one: Guard, other: Guard) -> bool:
    """True if two conditions ask for the opposite truth of one expression, whose names are the same in both."""
    (left, expected), (right, wanted) = _without_not(one), _without_not(other)
    return left is not None and right is not None and expected is not wanted and _are_same(left, one, right, other)


def _left_before(site: CallSite, found: Collected) -> Iterator[Guard]:
    """Yield the conditions under which a function is left before it comes to a call: `if depthwise: return …`."""
    around = found.by_scope.get(site.scope)
    block = around.body.body if isinstance(around, nodes.FunctionDef) else ()
    for each in block:
        before = isinstance(each, nodes.If) and each.body.end <= site.node.start and each.orelse is None
        if isinstance(each, nodes.If) and before and _leaves(each.body) and _are_set_once(each.test, site.scope):
            yield Guard(each.test, site.scope, site.time, expected=False)


def _leaves(block: nodes.Suite) -> bool:
    """True if the last statement of a block leaves the function."""
    last = block.body[-1] if block.body else None
    parts = last.body if isinstance(last, nodes.SimpleStatementLine) else (last,)
    return any(isinstance(part, (nodes.Return, nodes.Raise)) for part in parts)


def _are_set_once(test: nodes.Expression, scope: Scope) -> bool:
    names = {each.value for each in descendants(test) if isinstance(each, nodes.Name)} - _CONSTANTS
    return all(len(scope.history.get(name, ((), ()))[1]) == 1 for name in names)


def _without_not(guard: Guard) -> tuple[nodes.Expression | None, bool]:
    test, expected = guard.test, guard.expected
    while isinstance(test, nodes.UnaryOperation) and isinstance(test.operator, nodes.Not):
        test, expected = test.expression, not expected
    return test, expected


def _are_same(left: nodes.Expression, one: Guard, right: nodes.Expression, other: Guard) -> bool:
    """True if two expressions are the same code, whose names are bound to the same."""
    parts = list(descendants(left))
    names = {each.value for each in parts if isinstance(each, nodes.Name)} - _CONSTANTS
    return (
        is_same_code(left, right)
        and all(isinstance(each, _TESTS) for each in parts)
        and all(_bound_at(name, one) is not None and _bound_at(name, one) is _bound_at(name, other) for name in names)
    )


def _bound_at(name: str, guard: Guard) -> Binding | None:
    return lookup(name, guard.scope, guard.time)


def _items(node: nodes.Subscript, at: At) -> Iterator[Chosen]:
    """The classes in a dict, of which a key chooses one."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    owner = infer(node.value, at)
    if not isinstance(index, nodes.Index) or not isinstance(owner, Mapping) or not owner.complete:
        return
    key = infer(index.value, at)
    known = isinstance(key, Const) and surest(key) <= Provenance.CROSS_FILE
    for given, value in owner.entries:
        if isinstance(value, Symbol) and not (known and isinstance(key, Const) and key.value != given):
            yield Chosen(value.path, () if known else (f"where `{_short(index.value, at)}` is {given!r}",))


def _told(test: nodes.Expression, at: At, *, expected: bool) -> str:
    return f"{'if' if expected else 'unless'} `{_short(test, at)}`"


def _short(node: nodes.Expression, at: At) -> str:
    text = " ".join(at.module.written(node).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
