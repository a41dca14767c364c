"""How a file's path is shown, and how it is known whatever the current folder is."""

from __future__ import annotations

import os
from pathlib import Path


def shown(file: str) -> str:
    """Return the path relative to the current folder where the file lies below it, else as it was given."""
    path = Path(file)
    if not path.is_absolute() and ".." not in path.parts:
        return file
    place, here = path.parent.resolve() / path.name, Path.cwd()
    return str(place.relative_to(here)) if place.is_relative_to(here) else file


def known_from(root: str | None, file: str) -> str:
    """Return the path from a folder (None: the current one) with forward slashes, the same from wherever it is asked.

    A file that lies elsewhere is known by its path as it was given.
    """
    relative = os.path.relpath(file, root or ".")
    return Path(file if relative.startswith("..") else relative).as_posix()
