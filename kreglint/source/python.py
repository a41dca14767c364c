"""What Python itself reads of a text, at a small part of the cost of an analysis; None or False where it reads none."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Callable
from typing import TypeVar

_Read = TypeVar("_Read")


def is_python(content: str | bytes) -> bool:
    """True if the Python that runs us reads it; False where that is not so plain. Bytes are decoded as Python does."""
    return table_of(content) is not None


def table_of(content: str | bytes) -> symtable.SymbolTable | None:
    """Return the names of a program, by its scopes. Bytes are decoded as Python does.

    No objects are made of the tree, so this costs half as much.
    """
    return _read(lambda: symtable.symtable(content, "<string>", "exec"))  # type: ignore[arg-type]


def tree_of(text: str) -> ast.Module | None:
    """Return the tree of a program."""
    return _read(lambda: ast.parse(text))


def _read(work: Callable[[], _Read]) -> _Read | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python is to refuse some day
        try:
            return work()
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
