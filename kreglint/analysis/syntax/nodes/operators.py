"""Operators, which have no place."""

from __future__ import annotations

from kreglint.analysis.syntax.nodes.node import Node


class Operator(Node):
    __slots__ = ()


class UnaryOperator(Operator):
    __slots__ = ()


class Minus(UnaryOperator):
    __slots__ = ()


class Plus(UnaryOperator):
    __slots__ = ()


class Not(UnaryOperator):
    __slots__ = ()


class BitInvert(UnaryOperator):
    __slots__ = ()


class BinaryOperator(Operator):
    __slots__ = ()


class Add(BinaryOperator):
    __slots__ = ()


class Subtract(BinaryOperator):
    __slots__ = ()


class Multiply(BinaryOperator):
    __slots__ = ()


class Divide(BinaryOperator):
    __slots__ = ()


class FloorDivide(BinaryOperator):
    __slots__ = ()


class Modulo(BinaryOperator):
    __slots__ = ()


class Power(BinaryOperator):
    __slots__ = ()


class MatrixMultiply(BinaryOperator):
    __slots__ = ()


class LeftShift(BinaryOperator):
    __slots__ = ()


class RightShift(BinaryOperator):
    __slots__ = ()


class BitOr(BinaryOperator):
    __slots__ = ()


class BitAnd(BinaryOperator):
    __slots__ = ()


class BitXor(BinaryOperator):
    __slots__ = ()


class BooleanOperator(Operator):
    __slots__ = ()


class And(BooleanOperator):
    __slots__ = ()


class Or(BooleanOperator):
    __slots__ = ()


class ComparisonOperator(Operator):
    __slots__ = ()


class Equal(ComparisonOperator):
    __slots__ = ()


class NotEqual(ComparisonOperator):
    __slots__ = ()


class LessThan(ComparisonOperator):
    __slots__ = ()


class LessThanEqual(ComparisonOperator):
    __slots__ = ()


class GreaterThan(ComparisonOperator):
    __slots__ = ()


class GreaterThanEqual(ComparisonOperator):
    __slots__ = ()


class Is(ComparisonOperator):
    __slots__ = ()


class IsNot(ComparisonOperator):
    __slots__ = ()


class In(ComparisonOperator):
    __slots__ = ()


class NotIn(ComparisonOperator):
    __slots__ = ()
