"""Indentation that Python reads and libcst does not: tabs in one row, blanks in the next."""

from __future__ import annotations

import ast
import re
import warnings

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def evenly_indented(text: str) -> str | None:
    """The text with a blank for each tab in its indentation, all else where it was; None if that is another program.

    A block that Python counts as deeper may have fewer characters before it, and a string may have rows that begin
    with tabs: in both the program would change.
    """
    if "\t" not in text:
        return None
    even = _INDENTATION.sub(lambda found: " " * len(found[0]), text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            same = ast.dump(ast.parse(even)) == ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return even if same else None
