"""The walk into functions, classes, lambdas and comprehensions: what has a scope of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from kreglint.analysis.semantic.class_sites import METHOD_DECORATORS, ClassSite
from kreglint.analysis.semantic.reads import iterated
from kreglint.analysis.semantic.scopes import (
    ArgsBinding,
    DefinitionBinding,
    OpaqueBinding,
    ParameterBinding,
    RestBinding,
    Scope,
    ScopeKind,
)
from kreglint.analysis.semantic.sites import FunctionSite, ReturnSite, decorator_name
from kreglint.analysis.semantic.targets import bind_loop_target
from kreglint.analysis.semantic.walk import Walk, expression, suite
from kreglint.analysis.syntax import nodes


def function(walk: Walk, node: nodes.FunctionDef) -> bool:
    for decorator in node.decorators:
        expression(walk, decorator.decorator)
    _defaults(walk, node.params)
    defined_at = walk.clock.now
    walk.scope.bind(node.name.value, DefinitionBinding(node, walk.scope))

    def body() -> None:
        _bind_type_parameters(walk, node.type_parameters)
        site = _enter_function(walk, node)
        site.plain = not node.asynchronous
        if suite(walk, node.body):
            site.returns.append(ReturnSite(None, walk.clock.now))

    receiver = _receiver(node) if walk.scope.kind == "class" else None
    _nested(walk, "function", node.name.value, defined_at, node.params, body, receiver=receiver)
    return True


def class_(walk: Walk, node: nodes.ClassDef) -> bool:
    for decorator in node.decorators:
        expression(walk, decorator.decorator)
    for argument in (*node.bases, *node.keywords):
        expression(walk, argument.value)

    def body() -> None:
        walk.found.objects.add(ClassSite(node, walk.scope, walk.clock.now))
        suite(walk, node.body)

    _nested(walk, "class", node.name.value, walk.clock.now, None, body)
    walk.scope.bind(node.name.value, DefinitionBinding(node, walk.scope))
    return True


def lambda_(walk: Walk, node: nodes.Lambda) -> bool:
    _defaults(walk, node.params)
    outer = walk.started, walk.walruses

    def body() -> None:
        walk.started, walk.walruses = walk.clock.tick(), {}
        site = _enter_function(walk, node)
        expression(walk, node.body)
        site.returns.append(ReturnSite(node.body, walk.clock.now))

    _nested(walk, "lambda", "<lambda>", walk.clock.now, node.params, body)
    walk.started, walk.walruses = outer
    return False


def nested_comprehension(walk: Walk, node: nodes.Comprehension) -> bool:
    kind: ScopeKind = "generator" if isinstance(node, nodes.GeneratorExp) else "comprehension"
    iterated(walk, node.for_in.iter)
    _nested(walk, kind, f"<{kind}>", walk.clock.now, None, partial(_comprehension, walk, node))
    return False


def _comprehension(walk: Walk, node: nodes.Comprehension) -> None:
    walk.found.comprehensions[node] = walk.scope
    loop: nodes.CompFor | None = node.for_in
    while loop is not None:
        if loop is not node.for_in:  # the first is evaluated outside
            iterated(walk, loop.iter)
        bind_loop_target(walk, loop.target, loop.iter)
        for condition in loop.ifs:
            expression(walk, condition.test)
        loop = loop.inner_for_in
    for name in ("elt", "key", "value"):
        part = getattr(node, name, None)
        if isinstance(part, nodes.Node):
            expression(walk, part)


def _nested(
    walk: Walk,
    kind: ScopeKind,
    name: str,
    defined_at: int,
    parameters: nodes.Parameters | None,
    walk_body: Callable[[], object],
    *,
    receiver: str | None = None,
) -> None:
    outer, left = walk.scope, (walk.guards, walk.function_site, walk.around)
    walk.around += walk.guards
    walk.scope = Scope(kind, name, outer, walk.clock)
    walk.scope.receiver = receiver
    walk.found.scopes.append(walk.scope)
    if parameters is not None:
        _bind_parameters(walk, parameters, outer, defined_at)
    walk_body()
    walk.scope = outer
    walk.guards, walk.function_site, walk.around = left


def _enter_function(walk: Walk, node: nodes.FunctionDef | nodes.Lambda) -> FunctionSite:
    """Note the function whose scope was entered; what is returned from here on is its own."""
    walk.guards = ()
    walk.function_site = walk.found.functions[node] = FunctionSite(node, walk.scope)
    return walk.function_site


def _defaults(walk: Walk, parameters: nodes.Parameters) -> None:
    for param in _all_params(parameters):
        if param.default is not None:
            expression(walk, param.default)


def _bind_parameters(walk: Walk, parameters: nodes.Parameters, outer: Scope, defined_at: int) -> None:
    for param in _all_params(parameters):
        binding = ParameterBinding(param, walk.statement, outer, defined_at)
        walk.scope.parameters[param.name.value] = binding
        walk.scope.bind(param.name.value, binding)
    if isinstance(parameters.star_arg, nodes.Param):
        walk.scope.rest_by_position = ArgsBinding(parameters.star_arg)
        walk.scope.bind(parameters.star_arg.name.value, walk.scope.rest_by_position)
    if parameters.star_kwarg is not None:
        walk.scope.rest = RestBinding(parameters.star_kwarg, walk.statement, outer)
        walk.scope.bind(parameters.star_kwarg.name.value, walk.scope.rest)


def _bind_type_parameters(walk: Walk, parameters: nodes.TypeParameters | None) -> None:
    for parameter in parameters.params if parameters is not None else ():
        walk.scope.bind(parameter.name.value, OpaqueBinding("a type parameter"))


def _all_params(parameters: nodes.Parameters) -> Iterable[nodes.Param]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)


def _receiver(node: nodes.FunctionDef) -> str | None:
    """Return the name of a method's instance, which has no default; a decorator may make it something else."""
    parameters = (*node.params.posonly_params, *node.params.params)
    plain = all(decorator_name(decorator) in METHOD_DECORATORS for decorator in node.decorators)
    return parameters[0].name.value if plain and parameters and parameters[0].default is None else None
