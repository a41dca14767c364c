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
    UNBOUND,
    Binding,
    Clock,
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    LoopBinding,
    OpaqueBinding,
    ParameterBinding,
    Scope,
    ScopeKind,
    join,
)
from kreglint.analysis.walk import children

_COMPREHENSIONS = (cst.GeneratorExp, cst.ListComp, cst.SetComp, cst.DictComp)
_RAISING = ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assertRaisesWithLiteralMatch")


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

    `guarded`: it stands in a `try`, so it may fail and proves nothing about what is installed.
    """

    path: str
    node: cst.ImportAlias | cst.ImportFrom
    guarded: bool


@dataclass(slots=True)
class Collected:
    """What the walk noted, in source order."""

    module_scope: Scope
    calls: list[CallSite] = field(default_factory=list)
    attributes: list[AttributeSite] = field(default_factory=list)
    imports: list[ImportedName] = field(default_factory=list)


def collect(module: cst.Module, attribute_names: frozenset[str]) -> Collected:
    """Walk a module. Of the attributes that are read, only those named in `attribute_names` are noted."""
    collector = _Collector(module, attribute_names)
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

    def __init__(self, module: cst.Module, attribute_names: frozenset[str]) -> None:
        self.clock = Clock()
        self.module_scope = Scope("module", "", None, self.clock)
        self.scope = self.module_scope
        self.statement: cst.CSTNode = module
        self.provoked = False
        self.guarded = False
        self.attribute_names = attribute_names
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
        }

    # Blocks: each returns whether control can come out at the end.

    def block(self, statements: Iterable[cst.CSTNode]) -> bool:
        falls_through = True
        for statement in statements:
            self.statement = statement
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

    def branches(self, ways: Sequence[Callable[[], bool]], *, first_may_stop_midway: bool = False) -> bool:
        """Walk each way from the same bindings, then join what they leave behind.

        Where the first may stop midway (the body of a `try`), the others start from any state it went through.
        """
        scope = self.scope
        start: dict[str, Binding] = {}
        outcomes: list[tuple[bool, dict[str, Binding]]] = []
        left: list[tuple[str, Binding]] = []
        for number, way in enumerate(ways):
            mark, moment = len(scope.journal), self.clock.now
            falls_through = way()
            walked = scope.journal[mark:]
            outcomes.append((falls_through, dict(walked)))
            left += [] if falls_through else walked
            for name, binding in walked:
                older = start.get(name) or scope.at(name, moment) or UNBOUND
                start[name] = join([older, binding]) if first_may_stop_midway and number == 0 else older
            for name in dict.fromkeys(name for name, _ in walked):
                scope.bind(name, start[name])
            del scope.journal[mark:]
        scope.journal += left  # for the loop around, which a `break` or `continue` leads to
        return self._join_ways(start, [ends for falls_through, ends in outcomes if falls_through])

    def _join_ways(self, start: dict[str, Binding], alive: list[dict[str, Binding]]) -> bool:
        for name, older in start.items():
            self.scope.bind(name, join(ends.get(name, older) for ends in alive) if alive else older)
        return bool(alive)

    def loop(self, turn: Callable[[], bool], orelse: cst.Else | None) -> bool:
        """Walk one turn of a loop; at its head and after it, a name may have any value that a turn gives it."""
        scope = self.scope
        head = self.clock.tick()
        mark = len(scope.journal)
        turn()
        bound: dict[str, list[Binding | None]] = {}
        for name, binding in scope.journal[mark:]:
            bound.setdefault(name, [scope.at(name, head)]).append(binding)
        for name, bindings in bound.items():
            joined = join(bindings)
            scope.insert(name, head, joined)
            scope.bind(name, joined)
        if orelse is not None:
            self.suite(orelse.body)
        return True

    # Compound statements

    def if_(self, node: cst.If) -> bool:
        ways: list[Callable[[], bool]] = []
        orelse: cst.If | cst.Else | None = node
        while isinstance(orelse, cst.If):
            self.expression(orelse.test)
            ways.append(partial(self.suite, orelse.body))
            orelse = orelse.orelse
        ways.append(partial(self.suite, orelse.body) if orelse is not None else lambda: True)
        return self.branches(ways)

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
        guarded, self.guarded = self.guarded, True
        falls_through = self.branches(ways, first_may_stop_midway=True)
        self.guarded = guarded
        if node.finalbody is not None:
            falls_through = self.suite(node.finalbody.body) and falls_through
        return falls_through

    def _handler_way(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> Callable[[], bool]:
        def way() -> bool:
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                self.bind_target(handler.name.name, OpaqueBinding("a caught exception"))
            return self.suite(handler.body)

        return way

    def with_(self, node: cst.With) -> bool:
        provoked = self.provoked
        for item in node.items:
            self.expression(item.item)
            if item.asname is not None:
                self.bind_target(item.asname.name, OpaqueBinding("bound by a with statement"))
            provoked = provoked or _expects_failure(item.item)
        before, self.provoked = self.provoked, provoked
        falls_through = self.suite(node.body)
        self.provoked = before
        # A failure that is expected and caught leads on to the next statement.
        return falls_through or provoked

    def match(self, node: cst.Match) -> bool:
        self.expression(node.subject)
        ways = [self._case_way(case) for case in node.cases]
        return self.branches([*ways, lambda: True])

    def _case_way(self, case: cst.MatchCase) -> Callable[[], bool]:
        def way() -> bool:
            self._bind_pattern(case.pattern)
            if case.guard is not None:
                self.expression(case.guard)
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
        self.nested("function", node.name.value, defined_at, node.params, partial(self.suite, node.body))
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
            self.scope.bind(param.name.value, ParameterBinding(param, outer, defined_at))
        for star, reason in (
            (parameters.star_arg, "the function's *args"),
            (parameters.star_kwarg, "the function's **kwargs"),
        ):
            if isinstance(star, cst.Param):
                self.scope.bind(star.name.value, OpaqueBinding(reason))

    # Simple statements

    def expression_statement(self, node: cst.Expr) -> bool:
        self.expression(node.value)
        return True

    def assign(self, node: cst.Assign) -> bool:
        self.expression(node.value)
        for target in node.targets:
            self.assign_to(target.target, node.value, node)
        return True

    def annotated_assign(self, node: cst.AnnAssign) -> bool:
        if node.value is not None:
            self.expression(node.value)
            self.assign_to(node.target, node.value, node)
        return True

    def augmented_assign(self, node: cst.AugAssign) -> bool:
        self.expression(node.value)
        self.bind_target(node.target, OpaqueBinding("changed by an augmented assignment"))
        return True

    def assign_to(self, target: cst.BaseExpression, value: cst.BaseExpression, statement: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            now = self.clock.now
            self.scope.bind(target.value, ExpressionBinding(value, statement, self.scope, now))
        elif isinstance(target, (cst.Tuple, cst.List)):
            self.unpack(target, value, statement)
        else:
            self.bind_target(target, OpaqueBinding("unpacked"))

    def unpack(self, target: cst.Tuple | cst.List, value: cst.BaseExpression, statement: cst.CSTNode) -> None:
        plain = all(isinstance(element, cst.Element) for element in target.elements)
        now = self.clock.now
        for index, element in enumerate(target.elements):
            part = element.value
            if plain and isinstance(part, cst.Name):
                self.scope.bind(part.value, ExpressionBinding(value, statement, self.scope, now, index))
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
            self.found.imports.append(ImportedName(path, alias, self.guarded))
            name = _alias_name(alias) or path.partition(".")[0]
            target = path if alias.asname is not None else name
            self.scope.bind(name, ImportBinding(target))
        return True

    def import_from(self, node: cst.ImportFrom) -> bool:
        base = "." * len(node.relative) + (dotted(node.module) or "" if node.module is not None else "")
        if isinstance(node.names, cst.ImportStar):
            self.scope.stars.append((self.clock.tick(), base))
            self.found.imports.append(ImportedName(base, node, self.guarded))
            return True
        for alias in node.names:
            path = f"{base}.{dotted(alias.name)}" if base.strip(".") else f"{base}{dotted(alias.name)}"
            self.found.imports.append(ImportedName(path, alias, self.guarded))
            self.scope.bind(_alias_name(alias) or dotted(alias.name) or "", ImportBinding(path))
        return True

    def leave(self, node: cst.CSTNode) -> bool:
        for part in children(node):
            self.expression(part)
        return False

    def global_(self, node: cst.Global) -> bool:
        if self.scope is not self.module_scope:
            for item in node.names:
                self.scope.declare(item.name.value, self.module_scope)
        return True

    def nonlocal_(self, node: cst.Nonlocal) -> bool:
        for item in node.names:
            owner = self.scope.parent
            while owner is not None and item.name.value not in owner.history:
                owner = owner.parent
            if owner is not None:
                self.scope.declare(item.name.value, owner)
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
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        if isinstance(node.target, cst.Name):
            binding = ExpressionBinding(node.value, node, self.scope, self.clock.now)
            maybe = scope.at(node.target.value, self.clock.now)
            scope.bind(node.target.value, binding if maybe is None else join([maybe, binding]))
        return True

    def lambda_(self, node: cst.Lambda) -> bool:
        self.defaults(node.params)
        self.nested("lambda", "<lambda>", self.clock.now, node.params, partial(self.expression, node.body))
        return False

    def nested_comprehension(self, node: cst.BaseComp) -> bool:
        self.nested("comprehension", "<comprehension>", self.clock.now, None, partial(self.comprehension, node))
        return False

    def comprehension(self, node: cst.BaseComp) -> None:
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            self.expression(loop.iter)
            self.bind_loop_target(loop.target, loop.iter)
            for condition in loop.ifs:
                self.expression(condition.test)
            loop = loop.inner_for_in
        for name in ("elt", "key", "value"):
            part = getattr(node, name, None)
            if isinstance(part, cst.CSTNode):
                self.expression(part)


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
