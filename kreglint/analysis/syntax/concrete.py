"""Concrete syntax by libcst: the tree that keeps commas, comments and blanks, and where each of its nodes stands."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.places import Places
from kreglint.diagnostics import Span

_NOT_UNDERSTOOD = "Python reads this syntax, but the parser here (libcst) does not"
_HEAD, _TAIL = "(\n", "\n)"  # between which an expression may go over lines, and end in a comment


class Concrete(NamedTuple):
    """A tree with the places of its nodes, in offsets of the text that it is from."""

    module: cst.Module
    places: dict[cst.CSTNode, Span]


def concrete(text: str, start: int = 0) -> Concrete:
    """Return the tree of a program, or of a piece of one that stands at an offset.

    Raises:
        UnparsableError: libcst does not read it, or would write it in another way, so that its places are of another.
    """
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise UnparsableError(error.raw_line, error.raw_column + 1, _NOT_UNDERSTOOD) from error
    except cst.CSTValidationError as error:
        raise UnparsableError(1, 1, _NOT_UNDERSTOOD) from error
    if module.code != text:
        raise UnparsableError(1, 1, _NOT_UNDERSTOOD)
    starts = [start + each for each in (*Places(text).starts, len(text))]
    found = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    return Concrete(
        module,
        {
            node: Span(
                starts[range_.start.line - 1] + range_.start.column,
                starts[range_.end.line - 1] + range_.end.column,
            )
            for node, range_ in found.items()
        },
    )


def concrete_expression(text: str, start: int) -> Concrete:
    """Return the tree of an expression that stands at an offset, wherever in a statement. Raises as `concrete` does."""
    return concrete(f"{_HEAD}{text}{_TAIL}", start - len(_HEAD))
