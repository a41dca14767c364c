"""The tree that the analysis reads: classes of nodes, each with its place in the text.

Names and shapes are those of libcst's nodes, without blanks, commas and parentheses. The tree is made from the standard
library's `ast` (`from_ast.py`), or from libcst's where the Python that runs us does not read the syntax
(`from_libcst.py`); whoever reads it need not know which.
"""

# ruff: noqa: RUF023  (the order of the slots is that of the source)

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from kreglint.diagnostics import Span

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[type], type]:
        return lambda kind: kind


def _initialize(self: Node, *values: object) -> None:
    """Fill in the first node of a class; the function for all others is made now, since many programs need few."""
    kind = next(each for each in type(self).__mro__ if "__init__" in vars(each))
    names = ("start", "end", *kind.fields)  # type: ignore[attr-defined]
    stored = "; ".join(f"self.{name} = {name}" for name in names)
    namespace: dict[str, Callable[..., None]] = {}
    exec(f"def __init__(self, {', '.join(names)}): {stored}", namespace)
    kind.__init__ = namespace["__init__"]  # type: ignore[misc]
    self.__init__(*values)  # type: ignore[misc]


@dataclass_transform(eq_default=False)
class _Fields:
    """Tells type checkers that a subclass is constructed with its fields."""

    __slots__ = ()


class Node(_Fields):
    """A part of a program. `start` and `end` are offsets into its text, without parentheses around the node.

    A subclass names its fields in `__slots__`, in the order of the source; its constructor takes them by position,
    after `start` and `end`. Two nodes are equal if they are the same.
    """

    __slots__ = ("end", "start")
    start: int
    end: int
    fields: ClassVar[tuple[str, ...]] = ()
    code: ClassVar[tuple[str, ...]] = ()  # the fields with code that is evaluated in its place
    code_backwards: ClassVar[tuple[str, ...]] = ()  # the same, last first, as a stack takes them
    _beside: ClassVar[frozenset[str]] = frozenset()  # the other fields

    def __init_subclass__(cls) -> None:
        own = cls.__dict__.get("__slots__", ())
        if own:
            cls.fields = own
            cls.code = tuple(name for name in own if name not in cls._beside)
            cls.code_backwards = cls.code[::-1]
            cls.__init__ = _initialize  # type: ignore[method-assign,assignment]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    if not TYPE_CHECKING:

        def __init__(self, start: int, end: int) -> None:
            self.start = start
            self.end = end


# Expressions


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


# Operators, which have no place


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


# Displays and comprehensions


class BaseElement(Node):
    """An element of a tuple, list or set."""

    __slots__ = ("value",)
    value: Expression


class Element(BaseElement):
    __slots__ = ()


class StarredElement(BaseElement, Expression):
    __slots__ = ()


class Tuple(Expression):
    __slots__ = ("elements",)
    elements: tuple[BaseElement, ...]


class List(Expression):
    __slots__ = ("elements",)
    elements: tuple[BaseElement, ...]


class Set(Expression):
    __slots__ = ("elements",)
    elements: tuple[BaseElement, ...]


class DictElement(Node):
    __slots__ = ("key", "value")
    key: Expression
    value: Expression


class StarredDictElement(Node):
    __slots__ = ("value",)
    value: Expression


class Dict(Expression):
    __slots__ = ("elements",)
    elements: tuple[DictElement | StarredDictElement, ...]


class CompIf(Node):
    __slots__ = ("test",)
    test: Expression


class CompFor(Node):
    __slots__ = ("target", "iter", "ifs", "inner_for_in")
    target: Expression
    iter: Expression
    ifs: tuple[CompIf, ...]
    inner_for_in: CompFor | None


class Comprehension(Expression):
    __slots__ = ()
    if TYPE_CHECKING:

        @property
        def for_in(self) -> CompFor: ...


class SimpleComprehension(Comprehension):
    __slots__ = ("elt", "for_in")
    elt: Expression
    for_in: CompFor


class GeneratorExp(SimpleComprehension):
    __slots__ = ()


class ListComp(SimpleComprehension):
    __slots__ = ()


class SetComp(SimpleComprehension):
    __slots__ = ()


class DictComp(Comprehension):
    __slots__ = ("key", "value", "for_in")
    key: Expression
    value: Expression
    for_in: CompFor


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


# Simple statements


class SmallStatement(Node):
    """A statement without a block."""

    __slots__ = ()


class Expr(SmallStatement):
    __slots__ = ("value",)
    value: Expression


class AssignTarget(Node):
    __slots__ = ("target",)
    target: Expression


class Assign(SmallStatement):
    __slots__ = ("targets", "value")
    targets: tuple[AssignTarget, ...]
    value: Expression


class AnnAssign(SmallStatement):
    __slots__ = ("target", "annotation", "value")
    _beside = frozenset(("annotation",))
    target: Expression
    annotation: Annotation
    value: Expression | None


class AugAssign(SmallStatement):
    __slots__ = ("target", "operator", "value")
    _beside = frozenset(("operator",))
    target: Expression
    operator: BinaryOperator
    value: Expression


class Return(SmallStatement):
    __slots__ = ("value",)
    value: Expression | None


class Raise(SmallStatement):
    __slots__ = ("exc", "cause")
    exc: Expression | None
    cause: Expression | None


class Assert(SmallStatement):
    __slots__ = ("test", "msg")
    test: Expression
    msg: Expression | None


class Break(SmallStatement):
    __slots__ = ()


class Continue(SmallStatement):
    __slots__ = ()


class Pass(SmallStatement):
    __slots__ = ()


class Del(SmallStatement):
    __slots__ = ("target",)
    target: Expression


class NameItem(Node):
    __slots__ = ("name",)
    name: Name


class Global(SmallStatement):
    __slots__ = ("names",)
    names: tuple[NameItem, ...]


class Nonlocal(SmallStatement):
    __slots__ = ("names",)
    names: tuple[NameItem, ...]


class AsName(Node):
    __slots__ = ("name",)
    name: Expression


class ImportAlias(Node):
    __slots__ = ("name", "asname")
    name: Name | Attribute
    asname: AsName | None


class ImportStar(Node):
    __slots__ = ()


class Import(SmallStatement):
    __slots__ = ("names",)
    names: tuple[ImportAlias, ...]


class ImportFrom(SmallStatement):
    """`from module import names`; `relative` is the number of dots before the module."""

    __slots__ = ("module", "names", "relative")
    _beside = frozenset(("relative",))
    module: Name | Attribute | None
    names: tuple[ImportAlias, ...] | ImportStar
    relative: int


class TypeVar(Node):
    __slots__ = ("name",)
    name: Name


class TypeParameters(Node):
    __slots__ = ("params",)
    params: tuple[TypeVar, ...]


class TypeAlias(SmallStatement):
    __slots__ = ("name", "value")
    name: Name
    value: Expression


class OpaqueStatement(SmallStatement):
    """A statement that is not understood, with the code in it."""

    __slots__ = ("parts",)
    parts: tuple[Node, ...]


# Blocks


class Suite(Node):
    """The body of a compound statement."""

    __slots__ = ("body",)
    body: tuple[Node, ...]


class IndentedBlock(Suite):
    __slots__ = ()


class SimpleStatementSuite(Suite):
    """A body on the line of the head."""

    __slots__ = ()


class SimpleStatementLine(Node):
    """Simple statements on one line, with `;` between them."""

    __slots__ = ("body",)
    body: tuple[SmallStatement, ...]


class Module(Node):
    __slots__ = ("body",)
    body: tuple[Node, ...]


class Else(Node):
    __slots__ = ("body",)
    body: Suite


class Finally(Node):
    __slots__ = ("body",)
    body: Suite


# Compound statements


class Decorator(Node):
    __slots__ = ("decorator",)
    decorator: Expression


class FunctionDef(Node):
    """A function; `start` is at its `def`, behind decorators."""

    __slots__ = ("name", "params", "body", "decorators", "asynchronous", "type_parameters")
    _beside = frozenset(("asynchronous", "type_parameters"))
    name: Name
    params: Parameters
    body: Suite
    decorators: tuple[Decorator, ...]
    asynchronous: bool
    type_parameters: TypeParameters | None


class ClassDef(Node):
    __slots__ = ("name", "body", "bases", "keywords", "decorators")
    name: Name
    body: Suite
    bases: tuple[Arg, ...]
    keywords: tuple[Arg, ...]
    decorators: tuple[Decorator, ...]


class If(Node):
    __slots__ = ("test", "body", "orelse")
    test: Expression
    body: Suite
    orelse: If | Else | None


class For(Node):
    __slots__ = ("target", "iter", "body", "orelse")
    target: Expression
    iter: Expression
    body: Suite
    orelse: Else | None


class While(Node):
    __slots__ = ("test", "body", "orelse")
    test: Expression
    body: Suite
    orelse: Else | None


class WithItem(Node):
    __slots__ = ("item", "asname")
    item: Expression
    asname: AsName | None


class With(Node):
    __slots__ = ("items", "body")
    items: tuple[WithItem, ...]
    body: Suite


class ExceptHandler(Node):
    __slots__ = ("body", "type", "name")
    body: Suite
    type: Expression | None
    name: AsName | None


class Try(Node):
    """`try`, also with `except*`."""

    __slots__ = ("body", "handlers", "orelse", "finalbody")
    body: Suite
    handlers: tuple[ExceptHandler, ...]
    orelse: Else | None
    finalbody: Finally | None


class MatchPattern(Node):
    """A pattern or a part of one, with the name that it binds."""

    __slots__ = ("parts", "name")
    parts: tuple[Node, ...]
    name: Name | None


class MatchCase(Node):
    __slots__ = ("pattern", "body", "guard")
    pattern: MatchPattern
    body: Suite
    guard: Expression | None


class Match(Node):
    __slots__ = ("subject", "cases")
    subject: Expression
    cases: tuple[MatchCase, ...]
