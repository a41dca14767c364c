"""What a file is, by its name: Python, or a file of another kind with Python in it."""

from __future__ import annotations

FOUND_IN_FOLDERS = (".py", ".ipynb", ".ipy")
_NOTEBOOK = (".ipynb",)
_MARKDOWN = (".md", ".markdown")


def is_notebook(filename: str) -> bool:
    return filename.lower().endswith(_NOTEBOOK)


def is_composed(filename: str) -> bool:
    """True if its program is put together from cells or blocks."""
    return filename.lower().endswith((*_NOTEBOOK, *_MARKDOWN))
