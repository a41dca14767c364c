"""Statements without a block."""

# ruff: noqa: RUF023  (the order of the slots is that of the source)

from __future__ import annotations

from kreglint.analysis.syntax.nodes.expressions import Annotation, Attribute, Expression, Name
from kreglint.analysis.syntax.nodes.node import Node
from kreglint.analysis.syntax.nodes.operators import BinaryOperator


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
