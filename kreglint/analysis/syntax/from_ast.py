"""The tree of a program that the Python that runs us reads, made from the standard library's `ast`."""

from __future__ import annotations

import ast

from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.ast_expressions import EXPRESSIONS
from kreglint.analysis.syntax.ast_statements import STATEMENTS, statements
from kreglint.analysis.syntax.conversion import Conversion, Formatted

_HANDLERS = {**EXPRESSIONS, **STATEMENTS}


def module(tree: ast.Module, text: str, formatted: Formatted) -> nodes.Module:
    """Return the tree of a text, of what `ast.parse` makes of it.

    `formatted` reads an f-string anew where `ast` does not tell where its parts stand.
    """
    conversion = Conversion(text, formatted, _HANDLERS)
    return nodes.Module(0, len(text), statements(conversion, tree.body))
