"""From a place in a program to how the call or the import there is written.

libcst reads nothing but that piece, and is imported only when one is asked for.
"""

from __future__ import annotations

from kreglint.analysis import bounds
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.nesting import with_room
from kreglint.analysis.syntax.writing.listing import Item
from kreglint.analysis.syntax.writing.skeleton import skeleton
from kreglint.diagnostics import Span


def written_call(text: str, call: Span) -> tuple[Item, ...] | None:
    """Return the arguments of the call at a place; None where libcst sees no call there, or reads it in another way.

    It may be part of anything: of a decorator, of a condition, of an f-string.
    """

    def read() -> tuple[Item, ...] | None:
        from kreglint.analysis.syntax.concrete import concrete_expression
        from kreglint.analysis.syntax.writing.visitor import items_at

        piece = skeleton(text[call.start : call.end])
        return items_at(concrete_expression(piece, call.start), call)

    try:
        return with_room(read, depth=bounds.STACK)
    except (UnparsableError, RecursionError, MemoryError):
        return None


def written_import(text: str, statement: Span) -> tuple[Item, ...] | None:
    """Return the names of the `from` import at a place; None as for a call, and where it imports all names."""
    from kreglint.analysis.syntax.concrete import concrete
    from kreglint.analysis.syntax.writing.visitor import items_at

    try:
        return items_at(concrete(text[statement.start : statement.end], statement.start), statement)
    except UnparsableError:
        return None
