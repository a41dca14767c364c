"""The fast walk over a tree: only the fields that hold code, none of those that hold blanks and punctuation.

An empty visitor of libcst's costs as much as the parse; this costs a twentieth of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import libcst as cst

_PUNCTUATION = frozenset(
    "lpar rpar comma equal semicolon dot lbracket rbracket lbrace rbrace colon newline indent star "
    "leading_lines lines_after_decorators header footer asynchronous annotation returns type_parameters "
    "first_colon second_colon trailing_comma operator attr keyword conversion".split()
)
_LEAVES = (cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary, cst.Ellipsis)


@cache
def code_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The names of the fields of a node class in which code can stand, in source order."""
    if issubclass(kind, _LEAVES):
        return ()
    names = [field.name for field in fields(kind)]
    return tuple(n for n in names if n not in _PUNCTUATION and not n.startswith("whitespace"))


def descendants(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all that it holds, in source order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The parts of a node that hold code, in source order."""
    found: list[cst.CSTNode] = []
    for name in code_fields(node.__class__):
        part = getattr(node, name)
        if part.__class__ is tuple or part.__class__ is list:
            found.extend(part)
        elif isinstance(part, cst.CSTNode):
            found.append(part)
    return found
