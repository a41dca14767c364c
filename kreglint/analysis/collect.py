"""One walk over a module that notes its bindings, its calls and what else may become a fact.

Nothing is evaluated here. The statements are followed in order, branches apart, so that every binding and every
call has its moment (see scopes.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import libcst as cst

from kreglint.analysis.scopes import (
    Binding,
    Clock,
    DefinitionBinding,
    EarlierBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    LoopBinding,
    OpaqueBinding,
    ParameterBinding,
    Scope,
    ScopeKind,
    join,
    lookup,
)
from kreglint.analysis.walk import children

_COMPREHENSIONS = (cst.GeneratorExp, cst.ListComp, cst.SetComp, cst.DictComp)
_PASSING_SCOPES = ("comprehension", "generator")  # a walrus in them binds in the scope around them
_RAISING = ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assertRaisesWithLiteralMatch")


StarNames = Callable[[str, str], "bool | None"]
"""Whether `from module import *` brings a name; None where the module is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class CallSite:
    """A call, with the scope and moment in which it is made and the statement that it is part of."""

    node: cst.Call
    statement: cst.CSTNode
    scope: Scope
    time: int
    provoked: bool


@dataclass(frozen=True, slots=True, eq=False)
class AttributeSite:
    """An attribute that is read, or `assigned` to."""

    node: cst.Attribute
    statement: cst.CSTNode
    scope: Scope
    time: int
    provoked: bool
    guarded: bool
    assigned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ImportedName:
    """One name that an import statement brings in, or the module that a star brings all names of.

    `guarded`: it stands in a `try`, so it may fail. `conditional`: in a `try` or an `if`, so that it proves
    nothing about what is installed.
    """

    path: str
    node: cst.ImportAlias | cst.ImportFrom
    statement: cst.CSTNode
    guarded: bool
    conditional: bool


@dataclass(slots=True)
class Collected:
    """What the walk noted, in source order."""

    module_scope: Scope
    calls: list[CallSite] = field(default_factory=list)
    attributes: list[AttributeSite] = field(default_factory=list)
    imports: list[ImportedName] = field(default_factory=list)


def collect(module: cst.Module, attribute_names: frozenset[str], star_names: StarNames) -> Collected:
    """Walk a module. Of the attributes that are read, only those named in `attribute_names` are noted."""
    collector = _Collector(module, attribute_names, star_names)
    collector.block(module.body)
    return collector.found


def dotted(node: cst.BaseExpression) -> str | None:
    """The text of a plain dotted name, None for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


class _Collector:
    """The state of the walk: the scope it is in, and whether a fault here would be on purpose."""

    def __init__(self, module: cst.Module, attribute_names: frozenset[str], star_names: StarNames) -> None:
        self.clock = Clock()
        self.module_scope = Scope("module", "", None, self.clock)
        self.scope = self.module_scope
        self.statement: cst.CSTNode = module
        self.started = 0
        self.walruses: dict[tuple[Scope, str], list[Binding]] = {}
        self.provoked = False
        self.guarded = False
        self.conditional = False
        self.attribute_names = attribute_names
        self.star_names = star_names
        self.found = Collected(self.module_scope)
        self.handlers = self._statement_handlers()
        self.visitors: dict[type[cst.CSTNode], Callable[..., bool]] = {
            cst.Name: self.name,
            cst.Call: self.call,
            cst.Attribute: self.attribute,
            cst.NamedExpr: self.walrus,
            cst.Lambda: self.lambda_,
            **dict.fromkeys(_COMPREHENSIONS, self.nested_comprehension),
        }

    def _statement_handlers(self) -> dict[type[cst.CSTNode], Callable[..., bool]]:
        return {
            cst.SimpleStatementLine: self.simple_statements,
            cst.SimpleStatementSuite: self.simple_statements,
            cst.Expr: self.expression_statement,
            cst.Assign: self.assign,
            cst.AnnAssign: self.annotated_assign,
            cst.AugAssign: self.augmented_assign,
            cst.Import: self.import_names,
            cst.ImportFrom: self.import_from,
            cst.FunctionDef: self.function,
            cst.ClassDef: self.class_,
            cst.If: self.if_,
            cst.For: self.for_,
            cst.While: self.while_,
            cst.Try: self.try_,
            cst.TryStar: self.try_,
            cst.With: self.with_,
            cst.Match: self.match,
            cst.Return: self.leave,
            cst.Raise: self.leave,
            cst.Break: self.leave,
            cst.Continue: self.leave,
            cst.Global: self.global_,
            cst.Nonlocal: self.nonlocal_,
            cst.Del: self.delete,
            cst.TypeAlias: self.type_alias,
        }

    # Blocks: each returns whether control can come out at the end.

    def block(self, statements: Iterable[cst.CSTNode]) -> bool:
        falls_through = True
        for statement in statements:
            self.start_statement(statement)
            handler = self.handlers.get(statement.__class__)
            if handler is None:
                self.expression(statement)
            elif not handler(statement):
                falls_through = False
        return falls_through

    def suite(self, node: cst.BaseSuite) -> bool:
        return self.block(node.body)

    def simple_statements(self, node: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> bool:
        return self.block(node.body)

    def start_statement(self, statement: cst.CSTNode) -> None:
        self.statement = statement
        self.started = self.clock.tick()
        self.walruses = {}

    def branches(self, ways: Sequence[Callable[[], bool]], *, first_may_stop_midway: bool = False) -> bool:
        """Walk each way from the same bindings, then join what they leave behind.

        Where the first may stop midway (the body of a `try`), the others start from any state it went through.
        """
        scope = self.scope
        start: dict[str, Binding] = {}
        ends: list[dict[str, Binding]] = []
        passed: list[tuple[str, Binding]] = []
        for number, way in enumerate(ways):
            mark, moment = len(scope.journal), self.clock.now
            if way():
                ends.append(dict(scope.journal[mark:]))
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

    def _join_ways(self, start: dict[str, Binding], ends: list[dict[str, Binding]]) -> bool:
        for name, older in start.items():
            self.scope.bind(name, join(end.get(name, older) for end in ends) if ends else older)
        return bool(ends)

    def loop(self, turn: Callable[[], bool], orelse: cst.Else | None) -> bool:
        """Walk one turn of a loop; at its head and after it, a name may have any value that a turn gives it."""
        before, head = self.clock.now, self.clock.tick()
        mark = len(self.scope.journal)
        turn()
        for name, joined in self._states_since(mark, before).items():
            self.scope.insert(name, head, joined)
            self.scope.bind(name, joined)
        if orelse is not None:
            self.branches([partial(self.suite, orelse.body), lambda: True])
        return True

    def _states_since(self, mark: int, before: int) -> dict[str, Binding]:
        """Of the names bound since a mark in the journal: each with all that it may have been since."""
        scope = self.scope
        states: dict[str, list[Binding]] = {}
        for name, binding in scope.journal[mark:]:
            states.setdefault(name, [EarlierBinding(scope, name, before)]).append(binding)
        return {name: join(bindings) for name, bindings in states.items()}

    # Compound statements

    def if_(self, node: cst.If) -> bool:
        ways: list[Callable[[], bool]] = []
        orelse: cst.If | cst.Else | None = node
        while isinstance(orelse, cst.If):
            self.expression(orelse.test)
            ways.append(partial(self.suite, orelse.body))
            orelse = orelse.orelse
        ways.append(partial(self.suite, orelse.body) if orelse is not None else lambda: True)
        conditional, self.conditional = self.conditional, True
        falls_through = self.branches(ways)
        self.conditional = conditional
        return falls_through

    def for_(self, node: cst.For) -> bool:
        def turn() -> bool:
            self.bind_loop_target(node.target, node.iter)
            return self.suite(node.body)

        self.expression(node.iter)
        return self.loop(turn, node.orelse)

    def while_(self, node: cst.While) -> bool:
        def turn() -> bool:
            self.expression(node.test)
            return self.suite(node.body)

        return self.loop(turn, node.orelse)

    def try_(self, node: cst.Try | cst.TryStar) -> bool:
        def body() -> bool:
            falls_through = self.suite(node.body)
            if node.orelse is not None:
                falls_through = self.suite(node.orelse.body) and falls_through
            return falls_through

        ways = [body, *(self._handler_way(handler) for handler in node.handlers)]
        before, mark = self.clock.now, len(self.scope.journal)
        guards = self.guarded, self.conditional
        self.guarded = self.conditional = True
        falls_through = self.branches(ways, first_may_stop_midway=True)
        self.guarded, self.conditional = guards
        if node.finalbody is not None:
            falls_through = self._finally(node.finalbody.body, mark, before) and falls_through
        return falls_through

    def _finally(self, body: cst.BaseSuite, mark: int, before: int) -> bool:
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

    def _handler_way(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> Callable[[], bool]:
        def way() -> bool:
            self.start_statement(handler)
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                self.bind_target(handler.name.name, OpaqueBinding("a caught exception"))
            return self.suite(handler.body)

        return way

    def with_(self, node: cst.With) -> bool:
        """Walk a with statement, whose context manager may swallow an exception and lead on from any state."""
        provoked = self.provoked
        for item in node.items:
            self.expression(item.item)
            if item.asname is not None:
                self.bind_target(item.asname.name, OpaqueBinding("bound by a with statement"))
            provoked = provoked or _expects_failure(item.item)
        before, mark = self.clock.now, len(self.scope.journal)
        outer, self.provoked = self.provoked, provoked
        self.suite(node.body)
        self.provoked = outer
        for name, state in self._states_since(mark, before).items():
            self.scope.bind(name, state)
        return True

    def match(self, node: cst.Match) -> bool:
        self.expression(node.subject)
        for case in node.cases:
            if case.guard is not None:
                self._try_case(case.pattern, case.guard)
        ways = [self._case_way(case) for case in node.cases]
        return self.branches([*ways, lambda: True])

    def _try_case(self, pattern: cst.MatchPattern, guard: cst.BaseExpression) -> None:
        """A pattern whose guard then fails has bound its names for the cases after it."""
        mark, before = len(self.scope.journal), self.clock.now
        self._bind_pattern(pattern)
        self.expression(guard)
        for name, state in self._states_since(mark, before).items():
            self.scope.bind(name, state)

    def _case_way(self, case: cst.MatchCase) -> Callable[[], bool]:
        def way() -> bool:
            self._bind_pattern(case.pattern)
            return self.suite(case.body)

        return way

    def _bind_pattern(self, pattern: cst.CSTNode) -> None:
        name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
        if isinstance(name, cst.Name):
            self.scope.bind(name.value, OpaqueBinding("bound by a match pattern"))
        for part in children(pattern):
            self._bind_pattern(part)

    def function(self, node: cst.FunctionDef) -> bool:
        for decorator in node.decorators:
            self.expression(decorator.decorator)
        self.defaults(node.params)
        defined_at = self.clock.now
        self.scope.bind(node.name.value, DefinitionBinding(node, self.scope))

        def body() -> None:
            self.bind_type_parameters(node.type_parameters)
            self.suite(node.body)

        self.nested("function", node.name.value, defined_at, node.params, body)
        return True

    def class_(self, node: cst.ClassDef) -> bool:
        for decorator in node.decorators:
            self.expression(decorator.decorator)
        for argument in (*node.bases, *node.keywords):
            self.expression(argument.value)
        self.nested("class", node.name.value, self.clock.now, None, partial(self.suite, node.body))
        self.scope.bind(node.name.value, DefinitionBinding(node, self.scope))
        return True

    def nested(
        self,
        kind: ScopeKind,
        name: str,
        defined_at: int,
        parameters: cst.Parameters | None,
        walk_body: Callable[[], object],
    ) -> None:
        outer = self.scope
        self.scope = Scope(kind, name, outer, self.clock)
        if parameters is not None:
            self.bind_parameters(parameters, outer, defined_at)
        walk_body()
        self.scope = outer

    def defaults(self, parameters: cst.Parameters) -> None:
        for param in _all_params(parameters):
            if param.default is not None:
                self.expression(param.default)

    def bind_parameters(self, parameters: cst.Parameters, outer: Scope, defined_at: int) -> None:
        for param in _all_params(parameters):
            self.scope.bind(param.name.value, ParameterBinding(param, self.statement, outer, defined_at))
        for star, reason in (
            (parameters.star_arg, "the function's *args"),
            (parameters.star_kwarg, "the function's **kwargs"),
        ):
            if isinstance(star, cst.Param):
                self.scope.bind(star.name.value, OpaqueBinding(reason))

    def bind_type_parameters(self, parameters: cst.TypeParameters | None) -> None:
        for parameter in parameters.params if parameters is not None else ():
            self.scope.bind(parameter.param.name.value, OpaqueBinding("a type parameter"))

    # Simple statements

    def expression_statement(self, node: cst.Expr) -> bool:
        self.expression(node.value)
        return True

    def assign(self, node: cst.Assign) -> bool:
        self.expression(node.value)
        now = self.clock.now
        for target in node.targets:
            self.assign_to(target.target, node.value, node, now)
        return True

    def annotated_assign(self, node: cst.AnnAssign) -> bool:
        if node.value is not None:
            self.expression(node.value)
            self.assign_to(node.target, node.value, node, self.clock.now)
        return True

    def augmented_assign(self, node: cst.AugAssign) -> bool:
        self.expression(node.value)
        self.bind_target(node.target, OpaqueBinding("changed by an augmented assignment"))
        return True

    def assign_to(
        self, target: cst.BaseExpression, value: cst.BaseExpression, statement: cst.CSTNode, evaluated_at: int
    ) -> None:
        if isinstance(target, cst.Name):
            self.scope.bind(target.value, ExpressionBinding(value, statement, self.scope, evaluated_at))
        elif isinstance(target, (cst.Tuple, cst.List)):
            self.unpack(target, value, statement, evaluated_at)
        else:
            self.bind_target(target, OpaqueBinding("unpacked"))

    def unpack(
        self, target: cst.Tuple | cst.List, value: cst.BaseExpression, statement: cst.CSTNode, evaluated_at: int
    ) -> None:
        plain = all(isinstance(element, cst.Element) for element in target.elements)
        for index, element in enumerate(target.elements):
            part = element.value
            if plain and isinstance(part, cst.Name):
                self.scope.bind(part.value, ExpressionBinding(value, statement, self.scope, evaluated_at, index))
            else:
                self.bind_target(part, OpaqueBinding("unpacked"))

    def bind_target(self, target: cst.BaseExpression, binding: Binding) -> None:
        """Bind every name in an assignment's target; what is not a name is only read."""
        if isinstance(target, cst.Name):
            self.scope.bind(target.value, binding)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self.bind_target(element.value, binding)
        elif isinstance(target, cst.Attribute):
            self.found.attributes.append(
                AttributeSite(
                    target, self.statement, self.scope, self.clock.now, self.provoked, self.guarded, assigned=True
                )
            )
            self.expression(target.value)
        else:
            self.expression(target)

    def bind_loop_target(self, target: cst.BaseExpression, iterable: cst.BaseExpression) -> None:
        if isinstance(target, cst.Name):
            self.scope.bind(target.value, LoopBinding(iterable))
        else:
            self.bind_target(target, OpaqueBinding("set by a loop"))

    def import_names(self, node: cst.Import) -> bool:
        for alias in node.names:
            path = dotted(alias.name) or ""
            self.note_import(path, alias)
            name = _alias_name(alias) or path.partition(".")[0]
            target = path if alias.asname is not None else name
            self.scope.bind(name, ImportBinding(target))
        return True

    def import_from(self, node: cst.ImportFrom) -> bool:
        base = "." * len(node.relative) + (dotted(node.module) or "" if node.module is not None else "")
        if isinstance(node.names, cst.ImportStar):
            self.note_import(base, node)
            self.import_star(base)
            return True
        for alias in node.names:
            path = f"{base}.{dotted(alias.name)}" if base.strip(".") else f"{base}{dotted(alias.name)}"
            self.note_import(path, alias)
            self.scope.bind(_alias_name(alias) or dotted(alias.name) or "", ImportBinding(path))
        return True

    def note_import(self, path: str, node: cst.ImportAlias | cst.ImportFrom) -> None:
        self.found.imports.append(ImportedName(path, node, self.statement, self.guarded, self.conditional))

    def import_star(self, module: str) -> None:
        """Bind anew what a star may replace.

        A module that is not known is taken to replace values, but neither imports nor definitions: nobody
        imports a name only to have it hidden.
        """
        scope = self.scope
        for name in scope.history:
            brought = self.star_names(module, name)
            older = EarlierBinding(scope, name, self.clock.now)
            if brought:
                scope.bind(name, ImportBinding(f"{module}.{name}"))
            elif brought is None and not _is_code(lookup(name, scope, self.clock.now)):
                scope.bind(name, join([older, OpaqueBinding(f"'{name}' may be replaced by one of '{module}'")]))
        scope.stars.append(module)
        if self.star_names(module, "") is None:
            scope.foreign_star = module

    def leave(self, node: cst.CSTNode) -> bool:
        for part in children(node):
            self.expression(part)
        return False

    def global_(self, node: cst.Global) -> bool:
        if self.scope is not self.module_scope:
            for item in node.names:
                self.scope.declare(item.name.value, (self.module_scope,))
        return True

    def nonlocal_(self, node: cst.Nonlocal) -> bool:
        owners: list[Scope] = []
        around = self.scope.parent
        while around is not None:
            if around.kind == "function":
                owners.append(around)
            around = around.parent
        for item in node.names:
            self.scope.declare(item.name.value, tuple(owners))
        return True

    def type_alias(self, node: cst.TypeAlias) -> bool:
        self.scope.bind(node.name.value, OpaqueBinding("a type alias"))
        return True

    def delete(self, node: cst.Del) -> bool:
        self.bind_target(node.target, OpaqueBinding("deleted"))
        return True

    # Expressions

    def expression(self, node: cst.CSTNode) -> None:
        """Note the calls in an expression, and the names that it binds."""
        stack = [node]
        while stack:
            current = stack.pop()
            visit = self.visitors.get(current.__class__)
            if visit is None or visit(current):
                stack.extend(reversed(children(current)))

    def name(self, node: cst.Name) -> bool:
        return False

    def call(self, node: cst.Call) -> bool:
        self.found.calls.append(CallSite(node, self.statement, self.scope, self.clock.now, self.provoked))
        return True

    def attribute(self, node: cst.Attribute) -> bool:
        if node.attr.value in self.attribute_names:
            self.found.attributes.append(
                AttributeSite(node, self.statement, self.scope, self.clock.now, self.provoked, self.guarded)
            )
        return True

    def walrus(self, node: cst.NamedExpr) -> bool:
        """Bind in the midst of a statement: whatever else stands in it may see the name before or after."""
        scope = self.scope
        while scope.kind in _PASSING_SCOPES and scope.parent is not None:
            scope = scope.parent
        if isinstance(node.target, cst.Name) and node.target.value not in scope.declared:
            name = node.target.value
            before = EarlierBinding(scope, name, self.started - 1)
            states = self.walruses.setdefault((scope, name), [before])
            states.append(ExpressionBinding(node.value, node, self.scope, self.clock.now))
            scope.bind(name, join(states))
            scope.insert(name, self.started, join(states))
        elif isinstance(node.target, cst.Name):
            scope.bind(node.target.value, OpaqueBinding("set in the midst of an expression"))
        return True

    def lambda_(self, node: cst.Lambda) -> bool:
        self.defaults(node.params)
        outer = self.started, self.walruses

        def body() -> None:
            self.started, self.walruses = self.clock.tick(), {}
            self.expression(node.body)

        self.nested("lambda", "<lambda>", self.clock.now, node.params, body)
        self.started, self.walruses = outer
        return False

    def nested_comprehension(self, node: cst.BaseComp) -> bool:
        kind: ScopeKind = "generator" if isinstance(node, cst.GeneratorExp) else "comprehension"
        self.expression(node.for_in.iter)
        self.nested(kind, f"<{kind}>", self.clock.now, None, partial(self.comprehension, node))
        return False

    def comprehension(self, node: cst.BaseComp) -> None:
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            if loop is not node.for_in:  # the first is evaluated outside
                self.expression(loop.iter)
            self.bind_loop_target(loop.target, loop.iter)
            for condition in loop.ifs:
                self.expression(condition.test)
            loop = loop.inner_for_in
        for name in ("elt", "key", "value"):
            part = getattr(node, name, None)
            if isinstance(part, cst.CSTNode):
                self.expression(part)


def _is_code(binding: Binding | None) -> bool:
    ways = binding.alternatives if isinstance(binding, JoinBinding) else (binding,)
    return all(isinstance(way, (ImportBinding, DefinitionBinding)) for way in ways)


def _all_params(parameters: cst.Parameters) -> Iterable[cst.Param]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)


def _alias_name(alias: cst.ImportAlias) -> str | None:
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return None


def _expects_failure(context: cst.BaseExpression) -> bool:
    """Whether a with item is `pytest.raises(…)`, `self.assertRaises(…)` or the like."""
    if not isinstance(context, cst.Call):
        return False
    name = dotted(context.func) or ""
    return name.rpartition(".")[2] in _RAISING
