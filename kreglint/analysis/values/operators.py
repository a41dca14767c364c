"""What operators make of values: arithmetic, comparisons, choices, f-strings."""

from __future__ import annotations

from kreglint.analysis import bounds
from kreglint.analysis.semantic import constants
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import certainty_of_comparison, compared, no_surer_than, surest, truth
from kreglint.analysis.values.infer import computed, infer
from kreglint.analysis.values.items import items_of
from kreglint.analysis.values.mappings import is_changeable, updated
from kreglint.analysis.values.module import At, Module
from kreglint.facts.values import Const, Mapping, OneOf, Provenance, Sequence, Unknown, Value, one_of, unknown
from kreglint.records import replace


def unary(node: nodes.UnaryOperation, at: At) -> Value:
    operand = infer(node.expression, at)
    try:
        negates = isinstance(node.operator, nodes.Not)
        return _negated(node, operand, at.module) if negates else _applied(node, operand, at.module)
    except constants.NotConstantError as reason:
        return unknown(at.module.span(node), str(reason))


def binary(node: nodes.BinaryOperation, at: At) -> Value:
    left, right = infer(node.left, at), infer(node.right, at)
    try:
        return _combined(node, node.operator, left, right, at.module)
    except constants.NotConstantError as reason:
        return unknown(at.module.span(node), str(reason))


def augmented(before: Value, step: nodes.AugAssign, at: At) -> Value:
    """Return what `name *= value` leaves in the name."""
    try:
        return _combined(step, step.operator, before, infer(step.value, at), at.module)
    except constants.NotConstantError:
        return unknown(at.module.span(step), "changed by an augmented assignment")


def _negated(node: nodes.UnaryOperation, operand: Value, module: Module) -> Value:
    counts = truth(operand)
    if counts is None:
        return unknown(module.span(node), operand.reason if isinstance(operand, Unknown) else "a computed value")
    return Const(span=module.span(node), value=not counts, origin=operand.origin, provenance=surest(operand))


def _applied(node: nodes.UnaryOperation, operand: Value, module: Module) -> Value:
    def apply(way: Value) -> Value:
        constant = _constant(way)
        return computed(constants.unary(node.operator, constant.value), (constant,), module.span(node))

    return operand.map(apply, module.span(node))


def _combined(node: nodes.Node, operation: nodes.BinaryOperator, left: Value, right: Value, module: Module) -> Value:
    span = module.span(node)
    if isinstance(left, OneOf) and not isinstance(right, OneOf):
        return left.map(lambda way: _combined(node, operation, way, right, module), span)
    if isinstance(right, OneOf) and not isinstance(left, OneOf):
        return right.map(lambda way: _combined(node, operation, left, way, module), span)
    if isinstance(operation, nodes.Modulo) and isinstance(left, Const) and isinstance(left.value, str):
        parts = right.items if isinstance(right, Sequence) else (right,)
        return computed(_formatted(left, right), (left, *(p for p in parts if isinstance(p, Const))), span)
    if isinstance(operation, nodes.Add) and isinstance(left, Sequence) and isinstance(right, Sequence):
        return _concatenated(node, left, right, module)
    if isinstance(operation, nodes.BitOr) and isinstance(left, Mapping) and isinstance(right, Mapping):
        return replace(updated(left, right), span=span, origin=())
    one, other = _constant(left), _constant(right)
    return computed(constants.binary(operation, one.value, other.value), (one, other), span)


def _concatenated(node: nodes.Node, left: Sequence, right: Sequence, module: Module) -> Value:
    items = items_of(left), items_of(right)
    if items[0] is None or items[1] is None or left.kind != right.kind or left.kind == "set":
        raise constants.NotConstantError("a computed value")
    return Sequence(span=module.span(node), kind=left.kind, items=(*items[0], *items[1]))


def _formatted(template: Const, given: Value) -> str:
    """`template % given`, for one or a few plain numbers and strings. Raises NotConstantError for anything else."""
    parts = given.items if isinstance(given, Sequence) and given.kind == "tuple" else (given,)
    plain = [part.value for part in parts if isinstance(part, Const) and isinstance(part.value, (str, int, float))]
    text = template.value
    if not isinstance(text, str) or len(text) > bounds.ITEMS or text.count("%") > text.count("%s") + text.count("%d"):
        raise constants.NotConstantError("a computed value")
    if len(plain) < len(parts) or any(len(str(part)) > bounds.ITEMS for part in plain):
        raise constants.NotConstantError("a computed value")
    try:
        return str(text % tuple(plain))
    except (TypeError, ValueError) as error:
        raise constants.NotConstantError("a computed value") from error


def f_string(node: nodes.FormattedString, at: At) -> Value:
    """Return an f-string of plain strings and of names without a format of their own."""
    span = at.module.span(node)
    parts: list[str] = []
    operands: list[Const] = []
    try:
        for part in node.parts:
            if isinstance(part, nodes.FormattedStringText):
                parts.append(part.value)
                continue
            if not isinstance(part, nodes.FormattedStringExpression) or part.conversion or part.format_spec:
                return unknown(span, "an f-string with a format")
            operands.append(_constant(infer(part.expression, at)))
            parts.append(constants.shown(operands[-1].value))
    except constants.NotConstantError as reason:
        return unknown(span, str(reason))
    return computed("".join(parts), operands, span)


def comparison(node: nodes.Comparison, at: At) -> Value:
    """`x is None`, `kind == "l2"`, `"reg" in options`, `0 < decay < 1`."""
    span = at.module.span(node)
    left, provenance = infer(node.left, at), Provenance.EXACT
    for target in node.comparisons:
        right = infer(target.comparator, at)
        found = compared(target.operator, left, right)
        if found is None:
            return unknown(span, "a comparison")
        provenance = max(provenance, certainty_of_comparison(target.operator, left, right))
        if not found:
            return Const(span=span, value=False, provenance=provenance)
        left = right
    return Const(span=span, value=True, provenance=provenance)


def choice(node: nodes.IfExp, at: At) -> Value:
    """`body if test else orelse`: one of the two where the test is known, else any of them."""
    test = infer(node.test, at)
    counts = truth(test)
    if counts is not None:
        return no_surer_than(infer(node.body if counts else node.orelse, at), test)
    return one_of([infer(branch, at) for branch in (node.body, node.orelse)], at.module.span(node))


def named(node: nodes.NamedExpr, at: At) -> Value:
    """`(name := value)`. A dict or list that it makes has a name by which it may be changed."""
    value = infer(node.value, at)
    if is_changeable(value):
        return unknown(at.module.span(node), "given a name in the midst of an expression")
    return value


def either(node: nodes.BooleanOperation, at: At) -> Value:
    """`left or right`, `left and right`: one of the two, by the truth of the left."""
    span = at.module.span(node)
    takes_left = isinstance(node.operator, nodes.Or)
    chosen: list[Value] = []
    for way in infer(node.left, at).ways:
        counts = truth(way)
        if counts is None:
            return unknown(span, "by the truth of something that is not known")
        other = infer(node.right, at)
        chosen.append(way if counts is takes_left else no_surer_than(other, way))
    return one_of(chosen, span)


def _constant(value: Value) -> Const:
    if isinstance(value, Const):
        return value
    raise constants.NotConstantError(value.reason if isinstance(value, Unknown) else "a computed value")
