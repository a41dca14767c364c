"""A call without what it calls and is given: what is left is how it is written, and is read in no time."""

from __future__ import annotations

import ast

from kreglint.analysis.syntax.parse import python_tree
from kreglint.analysis.syntax.places import Places

_HEAD, _TAIL = "(\n", "\n)"


def skeleton(call: str) -> str:
    """Return the call with a name as long as it in place of each value; itself where Python does not read it.

    libcst takes a time to read a long sum that grows with its square, and its stack grows with every term.
    """
    text = f"{_HEAD}{call}{_TAIL}"
    try:
        tree = python_tree(text)
    except (SyntaxError, ValueError):
        return call
    places, pieces, end = Places(text), [], len(_HEAD)
    for value in _values(tree):
        start = places.offset(value.lineno, value.col_offset)
        pieces.append(text[end:start])
        end = places.offset(value.end_lineno or value.lineno, value.end_col_offset or value.col_offset)
        pieces.append("_" * (end - start))
    return "".join((*pieces, text[end : -len(_TAIL)]))


def _values(tree: ast.Module) -> list[ast.expr]:
    """Return what it calls, and the values of its arguments; a generator may have the parentheses of the call."""
    match tree.body:
        case [ast.Expr(value=ast.Call(func=callee, args=arguments, keywords=keywords))]:
            given = [*(a.value if isinstance(a, ast.Starred) else a for a in arguments), *(k.value for k in keywords)]
            values = [callee, *(value for value in given if not isinstance(value, ast.GeneratorExp))]
            return sorted(values, key=lambda value: (value.lineno, value.col_offset))
    return []
