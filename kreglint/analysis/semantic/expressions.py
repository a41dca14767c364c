"""The walk over operators, choices and the names that expressions bind."""

from __future__ import annotations

from kreglint.analysis.semantic.lookup import join
from kreglint.analysis.semantic.reads import operand
from kreglint.analysis.semantic.scopes import EarlierBinding, ExpressionBinding, Guard, OpaqueBinding
from kreglint.analysis.semantic.walk import Walk, expression
from kreglint.analysis.syntax import nodes

_PASSING_SCOPES = ("comprehension", "generator")  # a walrus in them binds in the scope around them


def choice(walk: Walk, node: nodes.IfExp) -> bool:
    """`body if test else orelse`; a chain of them is walked without going deeper."""
    outer = walk.guards
    rest: nodes.Expression = node
    while isinstance(rest, nodes.IfExp):
        expression(walk, rest.test)
        _under(walk, Guard(rest.test, walk.scope, walk.clock.now), rest.body)
        walk.guards += (Guard(rest.test, walk.scope, walk.clock.now, expected=False),)
        rest = rest.orelse
    expression(walk, rest)
    walk.guards = outer
    return False


def operation(walk: Walk, node: nodes.BooleanOperation) -> bool:
    """`left and right`; what stands on the left is walked without going deeper."""
    operations = [node]
    while isinstance(operations[-1].left, nodes.BooleanOperation):
        operations.append(operations[-1].left)
    expression(walk, operations[-1].left)
    for each in reversed(operations):
        _under(walk, Guard(each.left, walk.scope, walk.clock.now, isinstance(each.operator, nodes.And)), each.right)
    return False


def combination(walk: Walk, node: nodes.BinaryOperation) -> bool:
    """`left + right`; what stands on the left is walked without going deeper.

    A list that is added to another, or a dict that is united with one, is read for what it holds.
    """
    operations = [node]
    while isinstance(operations[-1].left, nodes.BinaryOperation):
        operations.append(operations[-1].left)
    operand(walk, operations[-1].left, operations[-1].operator)
    for each in reversed(operations):
        operand(walk, each.right, each.operator)
    return False


def _under(walk: Walk, guard: Guard, node: nodes.Expression) -> None:
    """Walk an expression that is evaluated only where a condition holds."""
    outer, walk.guards = walk.guards, (*walk.guards, guard)
    expression(walk, node)
    walk.guards = outer


def walrus(walk: Walk, node: nodes.NamedExpr) -> bool:
    """Bind in the midst of a statement: whatever else stands in it may see the name before or after."""
    scope = walk.scope
    while scope.kind in _PASSING_SCOPES and scope.parent is not None:
        scope = scope.parent
    if isinstance(node.target, nodes.Name) and node.target.value not in scope.declared:
        name = node.target.value
        before = EarlierBinding(scope, name, walk.started - 1)
        states = walk.walruses.setdefault((scope, name), [before])
        states.append(ExpressionBinding(node.value, node, walk.scope, walk.clock.now))
        scope.bind(name, join(states))
        scope.insert(name, walk.started, join(states))
    elif isinstance(node.target, nodes.Name):
        scope.bind(node.target.value, OpaqueBinding("set in the midst of an expression"))
    return True


def yield_(walk: Walk, node: nodes.Yield) -> bool:
    if walk.function_site is not None:
        walk.function_site.plain = False
    return True
