"""Constants, arithmetic, comparisons, choices."""

from __future__ import annotations

from dataclasses import replace

from kreglint.analysis.semantic import constants
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import certainty_of_comparison, compared, no_surer_than, surest, truth
from kreglint.analysis.values.evaluation.core import Evaluation
from kreglint.analysis.values.evaluation.items import items_of
from kreglint.analysis.values.evaluation.mappings import is_changeable, updated
from kreglint.analysis.values.evaluation.python_functions import formatted
from kreglint.facts.values import Const, Mapping, OneOf, Resolution, Sequence, Unknown, Value, one_of


class OperatorEvaluation(Evaluation):
    """Works out literals and what operators make of them."""

    def constant(self, node: nodes.Expression, scope: Scope, time: int) -> Value:
        try:
            if isinstance(node, nodes.UnaryOperation) and isinstance(node.operator, nodes.Not):
                return self._negated(node, self.value(node.expression, scope, time))
            if isinstance(node, nodes.UnaryOperation):
                return self._applied(node, self.value(node.expression, scope, time))
            if isinstance(node, nodes.BinaryOperation):
                left, right = self.value(node.left, scope, time), self.value(node.right, scope, time)
                return self._combined(node, node.operator, left, right)
            if isinstance(node, nodes.FormattedString):
                return self._formatted(node, scope, time)
            return self.computed(node, constants.literal(node))
        except constants.NotConstantError as reason:
            return self.unknown(self.span(node), str(reason))

    def augmented(self, before: Value, step: nodes.AugAssign, scope: Scope, time: int) -> Value:
        """What `name *= value` leaves in the name."""
        try:
            return self._combined(step, step.operator, before, self.value(step.value, scope, time))
        except constants.NotConstantError:
            return self.unknown(self.span(step), "changed by an augmented assignment")

    def _negated(self, node: nodes.UnaryOperation, operand: Value) -> Value:
        counts = truth(operand)
        if counts is None:
            return self.unknown(self.span(node), operand.reason if isinstance(operand, Unknown) else "a computed value")
        return Const(span=self.span(node), value=not counts, origin=operand.origin, resolution=surest(operand))

    def _applied(self, node: nodes.UnaryOperation, operand: Value) -> Value:
        if isinstance(operand, OneOf):
            return self._each_of(operand, [self._applied(node, way) for way in operand.alternatives], node)
        constant = _constant(operand)
        return self.computed(node, constants.unary(node.operator, constant.value), constant)

    def _combined(self, node: nodes.Node, operation: nodes.BinaryOperator, left: Value, right: Value) -> Value:
        if isinstance(left, OneOf) and not isinstance(right, OneOf):
            ways = [self._combined(node, operation, way, right) for way in left.alternatives]
            return self._each_of(left, ways, node)
        if isinstance(right, OneOf) and not isinstance(left, OneOf):
            ways = [self._combined(node, operation, left, way) for way in right.alternatives]
            return self._each_of(right, ways, node)
        if isinstance(operation, nodes.Modulo) and isinstance(left, Const) and isinstance(left.value, str):
            parts = right.items if isinstance(right, Sequence) else (right,)
            return self.computed(node, formatted(left, right), left, *(p for p in parts if isinstance(p, Const)))
        if isinstance(operation, nodes.Add) and isinstance(left, Sequence) and isinstance(right, Sequence):
            return self._concatenated(node, left, right)
        if isinstance(operation, nodes.BitOr) and isinstance(left, Mapping) and isinstance(right, Mapping):
            return replace(updated(left, right), span=self.span(node), origin=())
        one, other = _constant(left), _constant(right)
        return self.computed(node, constants.binary(operation, one.value, other.value), one, other)

    def _concatenated(self, node: nodes.Node, left: Sequence, right: Sequence) -> Value:
        items = items_of(left), items_of(right)
        if items[0] is None or items[1] is None or left.kind != right.kind or left.kind == "set":
            raise constants.NotConstantError("a computed value")
        return Sequence(span=self.span(node), kind=left.kind, items=(*items[0], *items[1]))

    def _each_of(self, operand: OneOf, results: list[Value], node: nodes.Node) -> Value:
        together = one_of(results, self.span(node))
        return replace(together, resolution=operand.resolution) if isinstance(together, OneOf) else together

    def _formatted(self, node: nodes.FormattedString, scope: Scope, time: int) -> Value:
        """An f-string of plain strings and of names without a format of their own."""
        parts: list[str] = []
        operands: list[Const] = []
        for part in node.parts:
            if isinstance(part, nodes.FormattedStringText):
                parts.append(part.value)
                continue
            if not isinstance(part, nodes.FormattedStringExpression) or part.conversion or part.format_spec:
                raise constants.NotConstantError("an f-string with a format")
            operands.append(_constant(self.value(part.expression, scope, time)))
            parts.append(constants.shown(operands[-1].value))
        return self.computed(node, "".join(parts), *operands)

    def computed(self, node: nodes.Node, value: object, *operands: Const) -> Value:
        if not isinstance(value, (str, bytes, int, float, complex, type(None))):
            return self.unknown(self.span(node), "a computed value")
        return Const(
            span=self.span(node),
            value=value,
            origin=tuple(dict.fromkeys(place for operand in operands for place in operand.origin)),
            resolution=max((operand.resolution for operand in operands), default=Resolution.EXACT),
        )

    def comparison(self, node: nodes.Comparison, scope: Scope, time: int) -> Value:
        """`x is None`, `kind == "l2"`, `"reg" in options`, `0 < decay < 1`."""
        left, resolution = self.value(node.left, scope, time), Resolution.EXACT
        for target in node.comparisons:
            right = self.value(target.comparator, scope, time)
            found = compared(target.operator, left, right)
            if found is None:
                return self.unknown(self.span(node), "a comparison")
            resolution = max(resolution, certainty_of_comparison(target.operator, left, right))
            if not found:
                return Const(span=self.span(node), value=False, resolution=resolution)
            left = right
        return Const(span=self.span(node), value=True, resolution=resolution)

    def choice(self, node: nodes.IfExp, scope: Scope, time: int) -> Value:
        """`body if test else orelse`: one of the two where the test is known, else any of them."""
        test = self.value(node.test, scope, time)
        counts = truth(test)
        if counts is not None:
            return no_surer_than(self.value(node.body if counts else node.orelse, scope, time), test)
        branches = [self.value(branch, scope, time) for branch in (node.body, node.orelse)]
        return one_of(branches, self.span(node))

    def named(self, node: nodes.NamedExpr, scope: Scope, time: int) -> Value:
        """`(name := value)`. A dict or list that it makes has a name by which it may be changed."""
        value = self.value(node.value, scope, time)
        if is_changeable(value):
            return self.unknown(self.span(node), "given a name in the midst of an expression")
        return value

    def either(self, node: nodes.BooleanOperation, scope: Scope, time: int) -> Value:
        """`left or right`, `left and right`: one of the two, by the truth of the left."""
        left = self.value(node.left, scope, time)
        takes_left = isinstance(node.operator, nodes.Or)
        chosen: list[Value] = []
        for way in left.alternatives if isinstance(left, OneOf) else (left,):
            counts = truth(way)
            if counts is None:
                return self.unknown(self.span(node), "by the truth of something that is not known")
            other = self.value(node.right, scope, time)
            chosen.append(way if counts is takes_left else no_surer_than(other, way))
        return one_of(chosen, self.span(node))


def _constant(value: Value) -> Const:
    if isinstance(value, Const):
        return value
    raise constants.NotConstantError(value.reason if isinstance(value, Unknown) else "a computed value")
