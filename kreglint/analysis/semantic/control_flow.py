"""The walk over branches, loops and `try`: which bindings are in force on each way, and where the ways meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kreglint.analysis.semantic.lookup import join, join_under
from kreglint.analysis.semantic.reads import iterated
from kreglint.analysis.semantic.scopes import (
    Binding,
    EarlierBinding,
    Guard,
    OpaqueBinding,
    SkippedBinding,
)
from kreglint.analysis.semantic.sites import ReturnSite, dotted
from kreglint.analysis.semantic.targets import bind_loop_target, bind_target
from kreglint.analysis.semantic.walk import Walk, expression, guard, note_moment, start_statement, suite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

# What those may raise and catch who do not ask whether a name is there.
_OTHER_ERRORS = frozenset(
    "KeyboardInterrupt SystemExit ValueError TypeError KeyError IndexError LookupError OSError IOError EOFError "
    "FileNotFoundError PermissionError RuntimeError MemoryError StopIteration AssertionError ArithmeticError "
    "ZeroDivisionError OverflowError UnicodeDecodeError TimeoutError ConnectionError".split()
)
_RAISING = ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assertRaisesWithLiteralMatch")


def _branches(
    walk: Walk,
    ways: Sequence[Callable[[], bool]],
    conditions: Sequence[tuple[Guard, ...]] = (),
    *,
    first_may_stop_midway: bool = False,
) -> bool:
    """Walk each way from the same bindings, then join what they leave behind, by what they are taken.

    `conditions` are those of each way; none where there are no ways that certain conditions rule out.
    Where the first may stop midway (the body of a `try`), the others start from any state it went through.
    """
    scope = walk.scope
    start: dict[str, Binding] = {}
    ends: list[tuple[dict[str, Binding], tuple[Guard, ...]]] = []
    passed: list[tuple[str, Binding]] = []
    for number, way in enumerate(ways):
        mark, moment = len(scope.journal), walk.clock.now
        if way():
            ends.append((dict(scope.journal[mark:]), conditions[number] if conditions else ()))
        walked = scope.journal[mark:]
        passed += walked
        for name, binding in walked:
            older = start.get(name) or EarlierBinding(scope, name, moment)
            start[name] = join([older, binding]) if first_may_stop_midway and number == 0 else older
        for name in dict.fromkeys(name for name, _ in walked):
            scope.bind(name, start[name])
        del scope.journal[mark:]
    scope.journal += passed  # for the loop or `try` around, which may be left from the midst of a way
    return _join_ways(walk, start, ends)


def _join_ways(walk: Walk, start: dict[str, Binding], ends: list[tuple[dict[str, Binding], tuple[Guard, ...]]]) -> bool:
    for name, older in start.items():
        left = [(end.get(name, older), guards) for end, guards in ends]
        walk.scope.bind(name, join_under(left) if left else older)
    return bool(ends)


def _guarded_by(walk: Walk, way: Callable[[], bool], *guards: Guard) -> Callable[[], bool]:
    """Return the way, as one that is taken only where the guards hold."""

    def guarded() -> bool:
        outer, walk.guards = walk.guards, (*walk.guards, *guards)
        falls_through = way()
        walk.guards = outer
        return falls_through

    return guarded


def _loop(walk: Walk, turn: Callable[[], bool], orelse: nodes.Else | None) -> bool:
    """Walk one turn of a loop; at its head and after it, a name may have any value that a turn gives it."""
    before, head = walk.clock.now, walk.clock.tick()
    mark = len(walk.scope.journal)
    _guarded_by(walk, turn, guard(walk, None))()
    for name, joined in _states_since(walk, mark, before).items():
        walk.scope.insert(name, head, joined)
        walk.scope.bind(name, joined)
    if orelse is not None:
        _branches(walk, [_guarded_by(walk, partial(suite, walk, orelse.body), guard(walk, None)), lambda: True])
    return True


def _states_since(
    walk: Walk, mark: int, before: int, kept: type[EarlierBinding] = EarlierBinding
) -> dict[str, Binding]:
    """Return the names bound since a mark in the journal, each with all that it may have been, or was `kept` as."""
    scope = walk.scope
    states: dict[str, list[Binding]] = {}
    for name, binding in scope.journal[mark:]:
        states.setdefault(name, [kept(scope, name, before)]).append(binding)
    return {name: join(bindings) for name, bindings in states.items()}


def if_(walk: Walk, node: nodes.If) -> bool:
    ways: list[Callable[[], bool]] = []
    conditions: list[tuple[Guard, ...]] = []
    failed: list[Guard] = []
    orelse: nodes.If | nodes.Else | None = node
    while isinstance(orelse, nodes.If):
        expression(walk, orelse.test)
        conditions.append((*failed, guard(walk, orelse.test)))
        ways.append(_guarded_by(walk, partial(suite, walk, orelse.body), *conditions[-1]))
        failed.append(guard(walk, orelse.test, expected=False))
        orelse = orelse.orelse
    ways.append(_guarded_by(walk, partial(suite, walk, orelse.body), *failed) if orelse is not None else lambda: True)
    conditional, walk.conditional = walk.conditional, True
    falls_through = _branches(walk, ways, [*conditions, tuple(failed)])
    walk.conditional = conditional
    return falls_through


def for_(walk: Walk, node: nodes.For) -> bool:
    def turn() -> bool:
        bind_loop_target(walk, node.target, node.iter)
        return suite(walk, node.body)

    iterated(walk, node.iter)
    return _loop(walk, turn, node.orelse)


def while_(walk: Walk, node: nodes.While) -> bool:
    def turn() -> bool:
        note_moment(walk, node.test)
        expression(walk, node.test)
        return suite(walk, node.body)

    return _loop(walk, turn, node.orelse)


def try_(walk: Walk, node: nodes.Try) -> bool:
    def body() -> bool:
        falls_through = suite(walk, node.body)
        if node.orelse is not None:
            falls_through = suite(walk, node.orelse.body) and falls_through
        return falls_through

    ways = [body, *(_handler_way(walk, handler) for handler in node.handlers)]
    before, mark = walk.clock.now, len(walk.scope.journal)
    guards = walk.guarded, walk.conditional
    walk.guarded = walk.guarded or any(map(_catches_absence, node.handlers))
    walk.conditional = True
    maybe = guard(walk, None)
    if _only_removes_a_key(node):
        body()
        ways[0] = lambda: True
    falls_through = _branches(walk, [_guarded_by(walk, way, maybe) for way in ways], first_may_stop_midway=True)
    walk.guarded, walk.conditional = guards
    if node.finalbody is not None:
        falls_through = _finally(walk, node.finalbody.body, mark, before) and falls_through
    return falls_through


def _only_removes_a_key(node: nodes.Try) -> bool:
    """True if the body is `del owner["key"]` or `owner.pop("key")` alone: it fails where the key is gone already."""
    line = node.body.body[0] if len(node.body.body) == 1 and node.orelse is None else None
    match line.body[0] if isinstance(line, nodes.SimpleStatementLine) and len(line.body) == 1 else None:
        case nodes.Del(target=nodes.Subscript(value=nodes.Name(), slice=(nodes.SubscriptElement(slice=index),))):
            return isinstance(index, nodes.Index) and isinstance(index.value, nodes.SimpleString)
        case nodes.Expr(value=nodes.Call(func=nodes.Attribute(value=nodes.Name(), attr=method), args=(key,))):
            return method.value == "pop" and isinstance(key.value, nodes.SimpleString) and not key.keyword
    return False


def _finally(walk: Walk, body: nodes.Suite, mark: int, before: int) -> bool:
    """Walk what runs from any state that the `try` went through; what follows it runs only from its end."""
    scope = walk.scope
    at_end = dict(scope.journal[mark:])
    for name, state in _states_since(walk, mark, before).items():
        scope.bind(name, state)
    entered = len(scope.journal)
    falls_through = suite(walk, body)
    rebound = {name for name, _ in scope.journal[entered:]}
    for name, binding in at_end.items():
        if name not in rebound:
            scope.bind(name, binding)
    return falls_through


def _catches_absence(handler: nodes.ExceptHandler) -> bool:
    """True if it may catch what a name that is not there raises."""
    caught = handler.type.elements if isinstance(handler.type, nodes.Tuple) else [handler.type]
    types = [each.value if isinstance(each, nodes.Element) else each for each in caught]
    return any(not isinstance(each, nodes.Name) or each.value not in _OTHER_ERRORS for each in types)


def _handler_way(walk: Walk, handler: nodes.ExceptHandler) -> Callable[[], bool]:
    def way() -> bool:
        start_statement(walk, handler)
        if handler.type is not None:
            expression(walk, handler.type)
        if handler.name is not None and isinstance(handler.name.name, nodes.Name):
            bind_target(walk, handler.name.name, OpaqueBinding("a caught exception"))
        return suite(walk, handler.body)

    return way


def with_(walk: Walk, node: nodes.With) -> bool:
    """Walk a with statement, whose context manager may swallow an exception and lead on from any state."""
    provoked = walk.provoked
    for item in node.items:
        note_moment(walk, item.item)
        expression(walk, item.item)
        if item.asname is not None:
            bind_target(walk, item.asname.name, OpaqueBinding("bound by a with statement"))
        provoked = provoked or _expects_failure(item.item)
    before, mark = walk.clock.now, len(walk.scope.journal)
    outer, walk.provoked = walk.provoked, provoked
    _guarded_by(walk, partial(suite, walk, node.body), guard(walk, None))()
    walk.provoked = outer
    for name, state in _states_since(walk, mark, before, SkippedBinding).items():
        walk.scope.bind(name, state)
    return True


def match(walk: Walk, node: nodes.Match) -> bool:
    expression(walk, node.subject)
    for case in node.cases:
        if case.guard is not None:
            _try_case(walk, case.pattern, case.guard)
    ways = [_case_way(walk, case) for case in node.cases]
    return _branches(walk, [*ways, lambda: True])


def _try_case(walk: Walk, pattern: nodes.MatchPattern, guard: nodes.Expression) -> None:
    """Walk a case. A pattern whose guard then fails has bound its names for the cases after it."""
    mark, before = len(walk.scope.journal), walk.clock.now
    _bind_pattern(walk, pattern)
    note_moment(walk, guard)
    expression(walk, guard)
    for name, state in _states_since(walk, mark, before).items():
        walk.scope.bind(name, state)


def _case_way(walk: Walk, case: nodes.MatchCase) -> Callable[[], bool]:
    def way() -> bool:
        _bind_pattern(walk, case.pattern)
        return suite(walk, case.body)

    return _guarded_by(walk, way, guard(walk, None))


def _bind_pattern(walk: Walk, pattern: nodes.Node) -> None:
    name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
    if isinstance(name, nodes.Name):
        walk.scope.bind(name.value, OpaqueBinding("bound by a match pattern"))
    for part in children(pattern):
        _bind_pattern(walk, part)


def return_(walk: Walk, node: nodes.Return) -> bool:
    if isinstance(node.value, nodes.Name) and _is_local(walk, node.value):
        walk.found.returned.add(node.value.value)
    elif node.value is not None:
        expression(walk, node.value)
    if walk.function_site is not None:
        walk.function_site.returns.append(ReturnSite(node.value, walk.clock.now, walk.guards))
    return False


def _is_local(walk: Walk, node: nodes.Expression) -> bool:
    """True if it is a name whose value the function made for itself: nobody else has it when it returns."""
    scope = walk.scope
    if not isinstance(node, nodes.Name) or node.value in scope.declared or node.value in scope.parameters:
        return False
    return scope.kind == "function" and node.value in scope.history


def leave(walk: Walk, node: nodes.Node) -> bool:
    for part in children(node):
        expression(walk, part)
    return False


def _expects_failure(context: nodes.Expression) -> bool:
    """True if a with item is `pytest.raises(…)`, `self.assertRaises(…)` or the like."""
    if not isinstance(context, nodes.Call):
        return False
    name = dotted(context.func) or ""
    return name.rpartition(".")[2] in _RAISING
