"""Blocks, and the statements that have them."""

# ruff: noqa: RUF023  (the order of the slots is that of the source)

from __future__ import annotations

from kreglint.analysis.syntax.nodes.expressions import Arg, Expression, Name, Parameters
from kreglint.analysis.syntax.nodes.node import Node
from kreglint.analysis.syntax.nodes.statements import AsName, SmallStatement, TypeParameters


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
