"""What a loss is made of: whether a part of it may be a penalty that comes from where nobody sees.

A loss is followed through the names of its function, and the functions of the programs that give it back. What is
worked out there from outputs and data is seen; a parameter that nobody passes, or an attribute that nobody sets, may be
anything. Only what is added to the rest counts.
"""

from __future__ import annotations

from kreglint.analysis import bounds
from kreglint.analysis.escape.call_flows import CallFlows
from kreglint.analysis.keras.reader import called
from kreglint.analysis.keras.sums import values_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_SUMS = frozenset("add add_n sum".split())
_PASSING = frozenset("reduce_sum reduce_mean mean cast convert_to_tensor identity squeeze float".split())
_PLACES = (nodes.Name, nodes.Attribute, nodes.Subscript)
_NUMBERS = (nodes.Integer, nodes.Float)


class Addends:
    """The parts of losses in linked programs."""

    def __init__(self, flows: CallFlows) -> None:
        self._flows = flows

    def may_hide_penalty(self, loss: nodes.Expression, scope: Scope, body: nodes.Node) -> bool:
        """True if a part of a loss that a body works out may be a penalty from elsewhere."""
        return self._is_strange(loss, scope, body, frozenset(), bounds.TERM_STEPS * 4)

    def _is_strange(
        self, node: nodes.Expression, scope: Scope, body: nodes.Node, passed: frozenset[nodes.Node], steps: int
    ) -> bool:
        """True if an expression, or something that is added in it, comes from where nobody sees."""
        if not steps or node in passed:
            return not steps
        parts = self._parts(node, scope, body)
        if parts is None:
            return not self._flows.origins.is_known(node, scope)
        passed |= {node}
        found = (self._is_strange(part, where, within, passed, steps - 1) for part, where, within in parts)
        if isinstance(node, nodes.BinaryOperation) and not isinstance(node.operator, nodes.Add):
            strange = list(found)
            numbers = [isinstance(part, _NUMBERS) for part, _, _ in parts]
            return any(strange) and all(one or other for one, other in zip(strange, numbers, strict=True))
        return any(found)

    def _parts(
        self, node: nodes.Expression, scope: Scope, body: nodes.Node
    ) -> list[tuple[nodes.Expression, Scope, nodes.Node]] | None:
        """What an expression is, or is the sum of; None for what is not worked out in the programs."""
        match node:
            case nodes.Name():
                values = [value for value, _ in values_of(node.value, body)]
                scaled = set(map(_scale, descendants(body)))
                return [(value, scope, body) for value in values if value not in scaled] if values else None
            case nodes.BinaryOperation():
                return [(node.left, scope, body), (node.right, scope, body)]
            case nodes.IfExp():
                return [(node.body, scope, body), (node.orelse, scope, body)]
            case nodes.List() | nodes.Tuple():
                return [(each.value, scope, body) for each in node.elements]
            case nodes.Call():
                return self._called(node, scope, body)
            case nodes.Attribute() | nodes.Subscript():
                return None
        return []

    def _called(
        self, node: nodes.Call, scope: Scope, body: nodes.Node
    ) -> list[tuple[nodes.Expression, Scope, nodes.Node]]:
        """What functions of the programs give back, or what a sum is given; nothing of any other call."""
        callee = self._flows.origins.callee(node, scope, judged=False)
        functions = callee.functions or (() if callee.path else tuple(self._flows.methods.get("__call__", ())))
        if functions:
            sites = (self._flows.found.functions[each] for each in functions)
            return [
                (each.value, site.scope, site.node) for site in sites for each in site.returns if each.value is not None
            ]
        name, given = called(node), [arg.value for arg in node.args]
        plain = [each for each in given[:1] if isinstance(each, _PLACES)]
        return [(each, scope, body) for each in (given if name in _SUMS else plain if name in _PASSING else ())]


def _scale(node: nodes.Node) -> nodes.Expression | None:
    """What a name is multiplied by in `name *= value`, or its like, which adds nothing."""
    return node.value if isinstance(node, nodes.AugAssign) and not isinstance(node.operator, nodes.Add) else None
