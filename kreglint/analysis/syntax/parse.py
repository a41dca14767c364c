"""From a text to its tree, by the Python that runs us or, for a syntax that is newer, by libcst."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable

from kreglint.analysis import bounds
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.from_ast import module
from kreglint.analysis.syntax.nesting import nesting_depth, with_room


def parse(text: str) -> nodes.Module:
    """Return the tree of a program.

    Raises:
        UnparsableError: it cannot be parsed; in Python's own words where it does not read it.
        RecursionError: it is nested more deeply than the stack allows.
    """
    try:
        tree = python_tree(text)
    except SyntaxError as error:
        return _by_libcst(text, UnparsableError(error.lineno or 1, error.offset or 1, error.msg))
    except ValueError as error:
        return _by_libcst(text, UnparsableError(1, 1, str(error)))
    except MemoryError:
        return _by_libcst(text, too_deep())
    return module(tree, text, _formatted(text))


def too_deep() -> UnparsableError:
    return UnparsableError(1, 1, "it is nested too deeply")


def python_tree(text: str) -> ast.Module:
    """Return the tree that Python itself makes. Raises as `ast.parse` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python is to refuse some day
        return ast.parse(text[1:] if text.startswith("\ufeff") else text)


def _by_libcst(text: str, refused: UnparsableError) -> nodes.Module:
    """Return the tree of a program that Python does not read.

    Raises UnparsableError: libcst does not read it either.
    """
    if nesting_depth(text) > bounds.BRACKETS:
        raise refused
    from kreglint.analysis.syntax import from_libcst  # here, since few programs need it

    try:
        return with_room(lambda: from_libcst.module(text), depth=bounds.STACK)
    except (UnparsableError, RecursionError):
        from kreglint.analysis.syntax.digits import misread

        raise misread(text, refused) from None


def _formatted(text: str) -> Callable[[int, int], nodes.Expression]:
    """Return what reads an f-string by libcst: before Python 3.12, `ast` may be wrong about where its parts stand."""

    def read(start: int, end: int) -> nodes.Expression:
        from kreglint.analysis.syntax.from_libcst import expression

        return expression(text[start:end], start)

    return read
