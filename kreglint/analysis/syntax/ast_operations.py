"""Operators of the standard library's `ast`, and what they are applied to, as nodes."""

from __future__ import annotations

import ast

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.conversion import Conversion, Handlers

BINARY: dict[type[ast.operator], nodes.BinaryOperator] = {
    ast.Add: nodes.Add(0, 0),
    ast.Sub: nodes.Subtract(0, 0),
    ast.Mult: nodes.Multiply(0, 0),
    ast.Div: nodes.Divide(0, 0),
    ast.FloorDiv: nodes.FloorDivide(0, 0),
    ast.Mod: nodes.Modulo(0, 0),
    ast.Pow: nodes.Power(0, 0),
    ast.MatMult: nodes.MatrixMultiply(0, 0),
    ast.LShift: nodes.LeftShift(0, 0),
    ast.RShift: nodes.RightShift(0, 0),
    ast.BitOr: nodes.BitOr(0, 0),
    ast.BitAnd: nodes.BitAnd(0, 0),
    ast.BitXor: nodes.BitXor(0, 0),
}
_UNARY: dict[type[ast.unaryop], nodes.UnaryOperator] = {
    ast.USub: nodes.Minus(0, 0),
    ast.UAdd: nodes.Plus(0, 0),
    ast.Not: nodes.Not(0, 0),
    ast.Invert: nodes.BitInvert(0, 0),
}
_BOOLEAN: dict[type[ast.boolop], nodes.BooleanOperator] = {ast.And: nodes.And(0, 0), ast.Or: nodes.Or(0, 0)}
_COMPARISON: dict[type[ast.cmpop], nodes.ComparisonOperator] = {
    ast.Eq: nodes.Equal(0, 0),
    ast.NotEq: nodes.NotEqual(0, 0),
    ast.Lt: nodes.LessThan(0, 0),
    ast.LtE: nodes.LessThanEqual(0, 0),
    ast.Gt: nodes.GreaterThan(0, 0),
    ast.GtE: nodes.GreaterThanEqual(0, 0),
    ast.Is: nodes.Is(0, 0),
    ast.IsNot: nodes.IsNot(0, 0),
    ast.In: nodes.In(0, 0),
    ast.NotIn: nodes.NotIn(0, 0),
}


def _binary(conv: Conversion, part: ast.BinOp, start: int, end: int) -> nodes.BinaryOperation:
    return nodes.BinaryOperation(start, end, conv.node(part.left), BINARY[part.op.__class__], conv.node(part.right))


def _unary(conv: Conversion, part: ast.UnaryOp, start: int, end: int) -> nodes.UnaryOperation:
    return nodes.UnaryOperation(start, end, _UNARY[part.op.__class__], conv.node(part.operand))


def _boolean(conv: Conversion, part: ast.BoolOp, start: int, end: int) -> nodes.Expression:
    first, *others = part.values
    operator = _BOOLEAN[part.op.__class__]
    left: nodes.Expression = conv.node(first)
    for each in others:
        right = conv.node(each)
        left = nodes.BooleanOperation(start, right.end, left, operator, right)
    left.end = end
    return left


def _compare(conv: Conversion, part: ast.Compare, start: int, end: int) -> nodes.Comparison:
    targets = []
    left = conv.node(part.left)
    for operator, each in zip(part.ops, part.comparators, strict=True):
        comparator = conv.node(each)
        kind = _COMPARISON[operator.__class__]
        targets.append(nodes.ComparisonTarget(comparator.start, comparator.end, kind, comparator))
    return nodes.Comparison(start, end, left, tuple(targets))


OPERATIONS: Handlers = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
}
