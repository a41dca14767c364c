"""The walk over assignments."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.analysis.semantic.reads import iterated, lent, operand, parts_but_names
from kreglint.analysis.semantic.scopes import ExpressionBinding, OpaqueBinding
from kreglint.analysis.semantic.targets import DELETED, bind_target, change, displayed, unpacked_targets
from kreglint.analysis.semantic.walk import Walk, expression
from kreglint.analysis.syntax import nodes


def expression_statement(walk: Walk, node: nodes.Expr) -> bool:
    expression(walk, node.value)
    return True


def assign(walk: Walk, node: nodes.Assign) -> bool:
    if all(isinstance(target.target, (nodes.Tuple, nodes.List)) for target in node.targets):
        iterated(walk, node.value)
    else:
        _assigned(walk, node.value, [target.target for target in node.targets])
    now = walk.clock.now
    for target in node.targets:
        if len(node.targets) > 1:
            walk.found.shared.note(target.target)
        _assign_to(walk, target.target, node.value, node, now)
    return True


def _assigned(walk: Walk, value: nodes.Expression, targets: Sequence[nodes.Expression]) -> None:
    """Walk a value that is assigned: to one name alone, it is lent to that."""
    name = targets[0] if len(targets) == 1 else None
    if isinstance(name, nodes.Name) and lent(walk, value, name.value):
        parts_but_names(walk, value)
    else:
        expression(walk, value)


def annotated_assign(walk: Walk, node: nodes.AnnAssign) -> bool:
    if node.value is not None:
        _assigned(walk, node.value, [node.target])
        _assign_to(walk, node.target, node.value, node, walk.clock.now)
    return True


def augmented_assign(walk: Walk, node: nodes.AugAssign) -> bool:
    operand(walk, node.value, node.operator)
    name = node.target.value if isinstance(node.target, nodes.Name) else None
    if isinstance(name, str) and name in walk.scope.history and walk.scope.kind != "class":
        change(walk, name, node)
    else:
        bind_target(walk, node.target, OpaqueBinding("changed by an augmented assignment"))
    return True


def _assign_to(
    walk: Walk, target: nodes.Expression, value: nodes.Expression, statement: nodes.Node, evaluated_at: int
) -> None:
    if isinstance(target, nodes.Name) and isinstance(value, (nodes.Attribute, nodes.Name)):
        last = value.attr.value if isinstance(value, nodes.Attribute) else value.value
        walk.aliases[target.value] = walk.aliases.get(last, last)
    for part, picks in unpacked_targets(target):
        own, left = displayed(value, picks)
        bind_target(walk, part, ExpressionBinding(own, statement, walk.scope, evaluated_at, left))


def type_alias(walk: Walk, node: nodes.TypeAlias) -> bool:
    walk.scope.bind(node.name.value, OpaqueBinding("a type alias"))
    return True


def delete(walk: Walk, node: nodes.Del) -> bool:
    bind_target(walk, node.target, DELETED)
    return True
