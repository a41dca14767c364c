"""What a file is, by its name: Python, or a file of another kind with Python in it."""

from __future__ import annotations

FOUND_IN_FOLDERS = (".py", ".pyw", ".pyi", ".ipynb", ".ipy", ".qmd", ".Rmd", ".rmd")
TEXTS = (".md", ".markdown", ".rst")  # found in folders only where that is asked for
_NOTEBOOK = (".ipynb",)
_MARKDOWN = (".md", ".markdown", ".qmd", ".rmd")
_RESTRUCTURED_TEXT = (".rst",)


def is_notebook(filename: str) -> bool:
    return filename.lower().endswith(_NOTEBOOK)


def is_restructured_text(filename: str) -> bool:
    return filename.lower().endswith(_RESTRUCTURED_TEXT)


def is_composed(filename: str) -> bool:
    """True if its program is put together from cells or blocks."""
    return filename.lower().endswith((*_NOTEBOOK, *_MARKDOWN, *_RESTRUCTURED_TEXT))
