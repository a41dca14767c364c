"""How a file's path is shown."""

from __future__ import annotations

from pathlib import Path


def shown(file: str) -> str:
    """The path relative to the current folder where the file lies below it, else as it was given."""
    path = Path(file)
    if not path.is_absolute() and ".." not in path.parts:
        return file
    place, here = path.parent.resolve() / path.name, Path.cwd()
    return str(place.relative_to(here)) if place.is_relative_to(here) else file
