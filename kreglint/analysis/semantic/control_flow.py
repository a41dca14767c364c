"""The walk over branches, loops and `try`: which bindings are in force on each way, and where the ways meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from kreglint.analysis.semantic.expressions import ExpressionWalk
from kreglint.analysis.semantic.scopes import Binding, EarlierBinding, Guard, OpaqueBinding, join, join_under
from kreglint.analysis.semantic.sites import ReturnSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

_RAISING = ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assertRaisesWithLiteralMatch")


class FlowWalk(ExpressionWalk):
    """Follows control flow. Every statement's method returns whether control can come out at its end.

    `handlers` has the method for each statement's class; what has none is only an expression or less.
    """

    handlers: dict[type[nodes.Node], Callable[..., bool]]

    def block(self, statements: Iterable[nodes.Node]) -> bool:
        falls_through = True
        for statement in statements:
            self.start_statement(statement)
            handler = self.handlers.get(statement.__class__)
            if handler is None:
                self.expression(statement)
            elif not handler(statement):
                falls_through = False
        return falls_through

    def suite(self, node: nodes.Suite) -> bool:
        return self.block(node.body)

    def simple_statements(self, node: nodes.SimpleStatementLine | nodes.SimpleStatementSuite) -> bool:
        return self.block(node.body)

    def start_statement(self, statement: nodes.Node) -> None:
        self.statement = statement
        self.started = self.clock.tick()
        self.walruses = {}

    def branches(
        self,
        ways: Sequence[Callable[[], bool]],
        conditions: Sequence[tuple[Guard, ...]] = (),
        *,
        first_may_stop_midway: bool = False,
    ) -> bool:
        """Walk each way from the same bindings, then join what they leave behind, by what they are taken.

        `conditions` are those of each way; none where there are no ways that certain conditions rule out.
        Where the first may stop midway (the body of a `try`), the others start from any state it went through.
        """
        scope = self.scope
        start: dict[str, Binding] = {}
        ends: list[tuple[dict[str, Binding], tuple[Guard, ...]]] = []
        passed: list[tuple[str, Binding]] = []
        for number, way in enumerate(ways):
            mark, moment = len(scope.journal), self.clock.now
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
        return self._join_ways(start, ends)

    def _join_ways(self, start: dict[str, Binding], ends: list[tuple[dict[str, Binding], tuple[Guard, ...]]]) -> bool:
        for name, older in start.items():
            left = [(end.get(name, older), guards) for end, guards in ends]
            self.scope.bind(name, join_under(left) if left else older)
        return bool(ends)

    def guarded_by(self, way: Callable[[], bool], *guards: Guard) -> Callable[[], bool]:
        """The way, as one that is taken only where the guards hold."""

        def walk() -> bool:
            outer, self.guards = self.guards, (*self.guards, *guards)
            falls_through = way()
            self.guards = outer
            return falls_through

        return walk

    def guard(self, test: nodes.Expression | None, *, expected: bool = True) -> Guard:
        return Guard(test, self.scope, self.clock.now, expected)

    def loop(self, turn: Callable[[], bool], orelse: nodes.Else | None) -> bool:
        """Walk one turn of a loop; at its head and after it, a name may have any value that a turn gives it."""
        before, head = self.clock.now, self.clock.tick()
        mark = len(self.scope.journal)
        self.guarded_by(turn, self.guard(None))()
        for name, joined in self._states_since(mark, before).items():
            self.scope.insert(name, head, joined)
            self.scope.bind(name, joined)
        if orelse is not None:
            self.branches([self.guarded_by(partial(self.suite, orelse.body), self.guard(None)), lambda: True])
        return True

    def _states_since(self, mark: int, before: int) -> dict[str, Binding]:
        """Of the names bound since a mark in the journal: each with all that it may have been since."""
        scope = self.scope
        states: dict[str, list[Binding]] = {}
        for name, binding in scope.journal[mark:]:
            states.setdefault(name, [EarlierBinding(scope, name, before)]).append(binding)
        return {name: join(bindings) for name, bindings in states.items()}

    # Compound statements

    def if_(self, node: nodes.If) -> bool:
        ways: list[Callable[[], bool]] = []
        conditions: list[tuple[Guard, ...]] = []
        failed: list[Guard] = []
        orelse: nodes.If | nodes.Else | None = node
        while isinstance(orelse, nodes.If):
            self.expression(orelse.test)
            conditions.append((*failed, self.guard(orelse.test)))
            ways.append(self.guarded_by(partial(self.suite, orelse.body), *conditions[-1]))
            failed.append(self.guard(orelse.test, expected=False))
            orelse = orelse.orelse
        ways.append(self.guarded_by(partial(self.suite, orelse.body), *failed) if orelse is not None else lambda: True)
        conditional, self.conditional = self.conditional, True
        falls_through = self.branches(ways, [*conditions, tuple(failed)])
        self.conditional = conditional
        return falls_through

    def for_(self, node: nodes.For) -> bool:
        def turn() -> bool:
            self.bind_loop_target(node.target, node.iter)
            return self.suite(node.body)

        self.iterated(node.iter)
        return self.loop(turn, node.orelse)

    def while_(self, node: nodes.While) -> bool:
        def turn() -> bool:
            self.expression(node.test)
            return self.suite(node.body)

        return self.loop(turn, node.orelse)

    def try_(self, node: nodes.Try) -> bool:
        def body() -> bool:
            falls_through = self.suite(node.body)
            if node.orelse is not None:
                falls_through = self.suite(node.orelse.body) and falls_through
            return falls_through

        ways = [body, *(self._handler_way(handler) for handler in node.handlers)]
        before, mark = self.clock.now, len(self.scope.journal)
        guards = self.guarded, self.conditional
        self.guarded = self.conditional = True
        maybe = self.guard(None)
        falls_through = self.branches([self.guarded_by(way, maybe) for way in ways], first_may_stop_midway=True)
        self.guarded, self.conditional = guards
        if node.finalbody is not None:
            falls_through = self._finally(node.finalbody.body, mark, before) and falls_through
        return falls_through

    def _finally(self, body: nodes.Suite, mark: int, before: int) -> bool:
        """Walk what runs from any state that the `try` went through; what follows it runs only from its end."""
        scope = self.scope
        at_end = dict(scope.journal[mark:])
        for name, state in self._states_since(mark, before).items():
            scope.bind(name, state)
        entered = len(scope.journal)
        falls_through = self.suite(body)
        rebound = {name for name, _ in scope.journal[entered:]}
        for name, binding in at_end.items():
            if name not in rebound:
                scope.bind(name, binding)
        return falls_through

    def _handler_way(self, handler: nodes.ExceptHandler) -> Callable[[], bool]:
        def way() -> bool:
            self.start_statement(handler)
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name is not None and isinstance(handler.name.name, nodes.Name):
                self.bind_target(handler.name.name, OpaqueBinding("a caught exception"))
            return self.suite(handler.body)

        return way

    def with_(self, node: nodes.With) -> bool:
        """Walk a with statement, whose context manager may swallow an exception and lead on from any state."""
        provoked = self.provoked
        for item in node.items:
            self.expression(item.item)
            if item.asname is not None:
                self.bind_target(item.asname.name, OpaqueBinding("bound by a with statement"))
            provoked = provoked or _expects_failure(item.item)
        before, mark = self.clock.now, len(self.scope.journal)
        outer, self.provoked = self.provoked, provoked
        self.guarded_by(partial(self.suite, node.body), self.guard(None))()
        self.provoked = outer
        for name, state in self._states_since(mark, before).items():
            self.scope.bind(name, state)
        return True

    def match(self, node: nodes.Match) -> bool:
        self.expression(node.subject)
        for case in node.cases:
            if case.guard is not None:
                self._try_case(case.pattern, case.guard)
        ways = [self._case_way(case) for case in node.cases]
        return self.branches([*ways, lambda: True])

    def _try_case(self, pattern: nodes.MatchPattern, guard: nodes.Expression) -> None:
        """A pattern whose guard then fails has bound its names for the cases after it."""
        mark, before = len(self.scope.journal), self.clock.now
        self._bind_pattern(pattern)
        self.expression(guard)
        for name, state in self._states_since(mark, before).items():
            self.scope.bind(name, state)

    def _case_way(self, case: nodes.MatchCase) -> Callable[[], bool]:
        def way() -> bool:
            self._bind_pattern(case.pattern)
            return self.suite(case.body)

        return self.guarded_by(way, self.guard(None))

    def _bind_pattern(self, pattern: nodes.Node) -> None:
        name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
        if isinstance(name, nodes.Name):
            self.scope.bind(name.value, OpaqueBinding("bound by a match pattern"))
        for part in children(pattern):
            self._bind_pattern(part)

    def return_(self, node: nodes.Return) -> bool:
        if isinstance(node.value, nodes.Name) and self._is_local(node.value):
            self.found.returned.add(node.value.value)
        elif node.value is not None:
            self.expression(node.value)
        if self.function_site is not None:
            self.function_site.returns.append(ReturnSite(node.value, self.clock.now, self.guards))
        return False

    def _is_local(self, node: nodes.Expression) -> bool:
        """Whether it is a name whose value the function made for itself: nobody else has it when it returns."""
        scope = self.scope
        if not isinstance(node, nodes.Name) or node.value in scope.declared or node.value in scope.parameters:
            return False
        return scope.kind == "function" and node.value in scope.history

    def leave(self, node: nodes.Node) -> bool:
        for part in children(node):
            self.expression(part)
        return False


def _expects_failure(context: nodes.Expression) -> bool:
    """Whether a with item is `pytest.raises(…)`, `self.assertRaises(…)` or the like."""
    if not isinstance(context, nodes.Call):
        return False
    name = dotted(context.func) or ""
    return name.rpartition(".")[2] in _RAISING
