"""The walk over a module: what it is in the midst of, and which function walks what.

The walk notes bindings, calls and what else may become a fact. Nothing is evaluated. Statements are followed in order,
branches apart, so that every binding and every call has its moment (see scopes.py). A function that walks a statement
returns whether control can come out at its end; one that walks an expression, whether its parts are still to be walked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kreglint.analysis.semantic.scopes import Binding, Clock, Guard, Scope
from kreglint.analysis.semantic.sites import Collected, FunctionSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import stack_children

StarNames = Callable[[str, str], "bool | None"]
"""Whether `from module import *` brings a name; None where the module is not known."""
IsNoted = Callable[[str, str], bool]
"""Whether an attribute of a name is noted where it is read, by the last name of what it is read of."""
Visitors = Mapping[type[nodes.Node], Callable[["Walk", Any], bool]]


class Walk:
    """The state of a walk: the scope and statement it is in, and whether a fault here would be on purpose.

    Of the attributes that are read, only those are noted of which `is_noted` says so, by their names and those of what
    they are read of. `aliases` has the name, in its own module, of what a name stands for.
    """

    __slots__ = (
        "aliases",
        "around",
        "clock",
        "conditional",
        "expressions",
        "found",
        "function_site",
        "guarded",
        "guards",
        "is_noted",
        "module_scope",
        "provoked",
        "read_on",
        "scope",
        "star_names",
        "started",
        "statement",
        "statements",
        "walruses",
    )

    def __init__(
        self,
        module: nodes.Module,
        is_noted: IsNoted,
        star_names: StarNames,
        expressions: Visitors,
        statements: Visitors,
    ) -> None:
        self.is_noted = is_noted
        self.aliases: dict[str, str] = {}
        self.star_names = star_names
        self.expressions = expressions
        self.statements = statements
        self.clock = Clock()
        self.module_scope = Scope("module", "", None, self.clock)
        self.scope = self.module_scope
        self.statement: nodes.Node = module
        self.started = 0
        self.walruses: dict[tuple[Scope, str], list[Binding]] = {}
        self.provoked = False
        self.guarded = False
        self.conditional = False
        self.guards: tuple[Guard, ...] = ()
        self.around: tuple[Guard, ...] = ()  # the guards of the functions in which this one stands
        self.function_site: FunctionSite | None = None
        self.read_on: set[int] = set()  # items, by identity, of which only what they hold is read
        self.found = Collected(self.module_scope)


def expression(walk: Walk, node: nodes.Node) -> None:
    """Note the calls in an expression, and the names that it binds."""
    stack = [node]
    while stack:
        current = stack.pop()
        visit = walk.expressions.get(current.__class__)
        if visit is None or visit(walk, current):
            stack_children(current, stack)


def block(walk: Walk, statements: Iterable[nodes.Node]) -> bool:
    falls_through = True
    for statement in statements:
        start_statement(walk, statement)
        handler = walk.statements.get(statement.__class__)
        if handler is None:
            expression(walk, statement)
        elif not handler(walk, statement):
            falls_through = False
    return falls_through


def suite(walk: Walk, node: nodes.Suite) -> bool:
    return block(walk, node.body)


def simple_statements(walk: Walk, node: nodes.SimpleStatementLine | nodes.SimpleStatementSuite) -> bool:
    return block(walk, node.body)


def start_statement(walk: Walk, statement: nodes.Node) -> None:
    walk.statement = statement
    walk.started = walk.clock.tick()
    walk.walruses = {}
    note_moment(walk, statement)


def note_moment(walk: Walk, node: nodes.Node) -> None:
    """Note when a piece of code is reached; what stands within it is too, where it has no moment of its own."""
    walk.found.moments.append((node, walk.scope, walk.clock.now))


def guard(walk: Walk, test: nodes.Expression | None, *, expected: bool = True) -> Guard:
    return Guard(test, walk.scope, walk.clock.now, expected)
