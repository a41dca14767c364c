"""Expressions, without those that collect elements."""

# ruff: noqa: RUF023  (the order of the slots is that of the source)

from __future__ import annotations

from kreglint.analysis.syntax.nodes.node import Node
from kreglint.analysis.syntax.nodes.operators import BinaryOperator, BooleanOperator, ComparisonOperator, UnaryOperator


class Expression(Node):
    """What has a value."""

    __slots__ = ()


class Name(Expression):
    """A name; True, False and None are names too."""

    __slots__ = ("value",)
    _beside = frozenset(("value",))
    value: str


class Literal(Expression):
    """A literal with its value."""

    __slots__ = ("value",)
    _beside = frozenset(("value",))
    value: object


class Integer(Literal):
    __slots__ = ()
    value: int


class Float(Literal):
    __slots__ = ()
    value: float


class Imaginary(Literal):
    __slots__ = ()
    value: complex


class SimpleString(Literal):
    """A string or bytes, also one that is written in several pieces."""

    __slots__ = ()
    value: str | bytes


class Ellipsis(Expression):  # noqa: A001  (as libcst calls it)
    __slots__ = ()


class Opaque(Expression):
    """An expression that is not understood, with the code in it, and why."""

    __slots__ = ("parts", "reason")
    _beside = frozenset(("reason",))
    parts: tuple[Node, ...]
    reason: str


class FormattedStringText(Node):
    """The text between the expressions of an f-string, as it comes out."""

    __slots__ = ("value",)
    _beside = frozenset(("value",))
    value: str


class FormattedStringExpression(Node):
    __slots__ = ("expression", "format_spec", "conversion")
    _beside = frozenset(("conversion",))
    expression: Expression
    format_spec: tuple[Node, ...]
    conversion: bool


class FormattedString(Expression):
    __slots__ = ("parts",)
    parts: tuple[Node, ...]


class Attribute(Expression):
    __slots__ = ("value", "attr")
    _beside = frozenset(("attr",))
    value: Expression
    attr: Name


class Arg(Node):
    """An argument of a call: `star` is "", "*" or "**"."""

    __slots__ = ("value", "keyword", "star")
    _beside = frozenset(("keyword", "star"))
    value: Expression
    keyword: Name | None
    star: str


class Call(Expression):
    __slots__ = ("func", "args")
    func: Expression
    args: tuple[Arg, ...]


class Index(Node):
    __slots__ = ("value", "star")
    _beside = frozenset(("star",))
    value: Expression
    star: str | None


class Slice(Node):
    __slots__ = ("lower", "upper", "step")
    lower: Expression | None
    upper: Expression | None
    step: Expression | None


class SubscriptElement(Node):
    __slots__ = ("slice",)
    slice: Index | Slice


class Subscript(Expression):
    __slots__ = ("value", "slice")
    value: Expression
    slice: tuple[SubscriptElement, ...]


class Await(Expression):
    __slots__ = ("expression",)
    expression: Expression


class From(Node):
    """What `yield from` goes through."""

    __slots__ = ("item",)
    item: Expression


class Yield(Expression):
    __slots__ = ("value",)
    value: Expression | From | None


class NamedExpr(Expression):
    __slots__ = ("target", "value")
    target: Expression
    value: Expression


class IfExp(Expression):
    __slots__ = ("test", "body", "orelse")
    test: Expression
    body: Expression
    orelse: Expression


# Operations


class UnaryOperation(Expression):
    __slots__ = ("operator", "expression")
    _beside = frozenset(("operator",))
    operator: UnaryOperator
    expression: Expression


class BinaryOperation(Expression):
    __slots__ = ("left", "operator", "right")
    _beside = frozenset(("operator",))
    left: Expression
    operator: BinaryOperator
    right: Expression


class BooleanOperation(Expression):
    """`a and b`; of three operands, the first two are one operation on the left."""

    __slots__ = ("left", "operator", "right")
    _beside = frozenset(("operator",))
    left: Expression
    operator: BooleanOperator
    right: Expression


class ComparisonTarget(Node):
    __slots__ = ("operator", "comparator")
    _beside = frozenset(("operator",))
    operator: ComparisonOperator
    comparator: Expression


class Comparison(Expression):
    __slots__ = ("left", "comparisons")
    left: Expression
    comparisons: tuple[ComparisonTarget, ...]


# Functions


class Annotation(Node):
    __slots__ = ("annotation",)
    annotation: Expression


class Param(Node):
    __slots__ = ("name", "annotation", "default")
    _beside = frozenset(("annotation",))
    name: Name
    annotation: Annotation | None
    default: Expression | None


class Parameters(Node):
    __slots__ = ("params", "star_arg", "kwonly_params", "star_kwarg", "posonly_params")
    params: tuple[Param, ...]
    star_arg: Param | None
    kwonly_params: tuple[Param, ...]
    star_kwarg: Param | None
    posonly_params: tuple[Param, ...]


class Lambda(Expression):
    __slots__ = ("params", "body")
    params: Parameters
    body: Expression
