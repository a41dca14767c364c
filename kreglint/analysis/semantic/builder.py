"""One walk over a module that notes its bindings, its calls and what else may become a fact.

Nothing is evaluated here. The statements are followed in order, branches apart, so that every binding and every
call has its moment (see scopes.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kreglint.analysis.semantic.class_sites import METHOD_DECORATORS, ClassSite
from kreglint.analysis.semantic.control_flow import FlowWalk
from kreglint.analysis.semantic.expressions import unpacked_targets
from kreglint.analysis.semantic.scopes import (
    Binding,
    DefinitionBinding,
    EarlierBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    OpaqueBinding,
    Scope,
    join,
    lookup,
)
from kreglint.analysis.semantic.sites import Collected, ImportedName, ReturnSite, decorator_name, dotted
from kreglint.analysis.syntax import nodes

StarNames = Callable[[str, str], "bool | None"]
"""Whether `from module import *` brings a name; None where the module is not known."""


def collect(module: nodes.Module, attribute_names: frozenset[str], star_names: StarNames) -> Collected:
    """Walk a module. Of the attributes that are read, only those named in `attribute_names` are noted."""
    collector = _Collector(module, attribute_names, star_names)
    collector.block(module.body)
    return collector.found


class _Collector(FlowWalk):
    """The walk over all other statements: definitions, assignments, imports."""

    def __init__(self, module: nodes.Module, attribute_names: frozenset[str], star_names: StarNames) -> None:
        super().__init__(module, attribute_names)
        self.star_names = star_names
        self.handlers = self._statement_handlers()

    def _statement_handlers(self) -> dict[type[nodes.Node], Callable[..., bool]]:
        return {
            nodes.SimpleStatementLine: self.simple_statements,
            nodes.SimpleStatementSuite: self.simple_statements,
            nodes.Expr: self.expression_statement,
            nodes.Assign: self.assign,
            nodes.AnnAssign: self.annotated_assign,
            nodes.AugAssign: self.augmented_assign,
            nodes.Import: self.import_names,
            nodes.ImportFrom: self.import_from,
            nodes.FunctionDef: self.function,
            nodes.ClassDef: self.class_,
            nodes.If: self.if_,
            nodes.For: self.for_,
            nodes.While: self.while_,
            nodes.Try: self.try_,
            nodes.With: self.with_,
            nodes.Match: self.match,
            nodes.Return: self.return_,
            nodes.Raise: self.leave,
            nodes.Break: self.leave,
            nodes.Continue: self.leave,
            nodes.Global: self.global_,
            nodes.Nonlocal: self.nonlocal_,
            nodes.Del: self.delete,
            nodes.TypeAlias: self.type_alias,
        }

    def function(self, node: nodes.FunctionDef) -> bool:
        for decorator in node.decorators:
            self.expression(decorator.decorator)
        self.defaults(node.params)
        defined_at = self.clock.now
        self.scope.bind(node.name.value, DefinitionBinding(node, self.scope))

        def body() -> None:
            self.bind_type_parameters(node.type_parameters)
            site = self.enter_function(node)
            site.plain = not node.asynchronous
            if self.suite(node.body):
                site.returns.append(ReturnSite(None, self.clock.now))

        receiver = _receiver(node) if self.scope.kind == "class" else None
        self.nested("function", node.name.value, defined_at, node.params, body, receiver=receiver)
        return True

    def class_(self, node: nodes.ClassDef) -> bool:
        for decorator in node.decorators:
            self.expression(decorator.decorator)
        for argument in (*node.bases, *node.keywords):
            self.expression(argument.value)

        def body() -> None:
            self.found.objects.add(ClassSite(node, self.scope, self.clock.now))
            self.suite(node.body)

        self.nested("class", node.name.value, self.clock.now, None, body)
        self.scope.bind(node.name.value, DefinitionBinding(node, self.scope))
        return True

    def bind_type_parameters(self, parameters: nodes.TypeParameters | None) -> None:
        for parameter in parameters.params if parameters is not None else ():
            self.scope.bind(parameter.name.value, OpaqueBinding("a type parameter"))

    def expression_statement(self, node: nodes.Expr) -> bool:
        self.expression(node.value)
        return True

    def assign(self, node: nodes.Assign) -> bool:
        if all(isinstance(target.target, (nodes.Tuple, nodes.List)) for target in node.targets):
            self.iterated(node.value)
        else:
            self.assigned(node.value, [target.target for target in node.targets])
        now = self.clock.now
        for target in node.targets:
            if len(node.targets) > 1:
                self.found.shared.note(target.target)
            self.assign_to(target.target, node.value, node, now)
        return True

    def assigned(self, value: nodes.Expression, targets: Sequence[nodes.Expression]) -> None:
        """Walk a value that is assigned: to one name alone, it is lent to that."""
        name = targets[0] if len(targets) == 1 else None
        if isinstance(name, nodes.Name) and self.lent(value, name.value):
            self.parts_but_names(value)
        else:
            self.expression(value)

    def annotated_assign(self, node: nodes.AnnAssign) -> bool:
        if node.value is not None:
            self.assigned(node.value, [node.target])
            self.assign_to(node.target, node.value, node, self.clock.now)
        return True

    def augmented_assign(self, node: nodes.AugAssign) -> bool:
        self.expression(node.value)
        name = node.target.value if isinstance(node.target, nodes.Name) else None
        if isinstance(name, str) and name in self.scope.history and self.scope.kind != "class":
            self.change(name, node)
        else:
            self.bind_target(node.target, OpaqueBinding("changed by an augmented assignment"))
        return True

    def assign_to(
        self, target: nodes.Expression, value: nodes.Expression, statement: nodes.Node, evaluated_at: int
    ) -> None:
        for part, picks in unpacked_targets(target):
            self.bind_target(part, ExpressionBinding(value, statement, self.scope, evaluated_at, picks))

    def import_names(self, node: nodes.Import) -> bool:
        for alias in node.names:
            path = dotted(alias.name) or ""
            self.note_import(path, alias)
            name = _alias_name(alias) or path.partition(".")[0]
            target = path if alias.asname is not None else name
            self.scope.bind(name, ImportBinding(target))
        return True

    def import_from(self, node: nodes.ImportFrom) -> bool:
        base = "." * node.relative + (dotted(node.module) or "" if node.module is not None else "")
        if isinstance(node.names, nodes.ImportStar):
            self.note_import(base, node)
            self.import_star(base)
            return True
        for alias in node.names:
            path = f"{base}.{dotted(alias.name)}" if base.strip(".") else f"{base}{dotted(alias.name)}"
            self.note_import(path, alias)
            self.scope.bind(_alias_name(alias) or dotted(alias.name) or "", ImportBinding(path))
        return True

    def note_import(self, path: str, node: nodes.ImportAlias | nodes.ImportFrom) -> None:
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

    def global_(self, node: nodes.Global) -> bool:
        if self.scope is not self.module_scope:
            for item in node.names:
                self.scope.declare(item.name.value, (self.module_scope,))
        return True

    def nonlocal_(self, node: nodes.Nonlocal) -> bool:
        owners: list[Scope] = []
        around = self.scope.parent
        while around is not None:
            if around.kind == "function":
                owners.append(around)
            around = around.parent
        for item in node.names:
            self.scope.declare(item.name.value, tuple(owners))
        return True

    def type_alias(self, node: nodes.TypeAlias) -> bool:
        self.scope.bind(node.name.value, OpaqueBinding("a type alias"))
        return True

    def delete(self, node: nodes.Del) -> bool:
        self.bind_target(node.target, OpaqueBinding("deleted"))
        return True


def _receiver(node: nodes.FunctionDef) -> str | None:
    """The name of a method's instance, which has no default; a decorator may make it something else."""
    parameters = (*node.params.posonly_params, *node.params.params)
    plain = all(decorator_name(decorator) in METHOD_DECORATORS for decorator in node.decorators)
    return parameters[0].name.value if plain and parameters and parameters[0].default is None else None


def _is_code(binding: Binding | None) -> bool:
    ways = binding.alternatives if isinstance(binding, JoinBinding) else (binding,)
    return all(isinstance(way, (ImportBinding, DefinitionBinding)) for way in ways)


def _alias_name(alias: nodes.ImportAlias) -> str | None:
    if alias.asname is not None and isinstance(alias.asname.name, nodes.Name):
        return alias.asname.name.value
    return None
