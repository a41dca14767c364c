"""Whether a text is Python, at a small part of the cost of an analysis."""

from __future__ import annotations

import symtable
import warnings


def is_python(content: str | bytes) -> bool:
    """True if the Python that runs us reads it; False where that is not so plain. Bytes are decoded as Python does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python is to refuse some day
        try:
            # It makes no objects of the tree: half the cost of ast.parse. Bytes are read as compile reads them.
            symtable.symtable(content, "<string>", "exec")  # type: ignore[arg-type]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
