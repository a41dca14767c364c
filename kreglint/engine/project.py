"""The project's files, as the analysis asks for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kreglint.source.modules import ModuleFinder
from kreglint.source.text import UndecodableError, decode

if TYPE_CHECKING:
    from kreglint.analysis.project import Project


class Files:
    """Modules from disk."""

    def __init__(self) -> None:
        self.find = ModuleFinder().find

    def read(self, filename: str) -> str | None:
        try:
            return decode(Path(filename).read_bytes(), filename).text
        except (OSError, UndecodableError):
            return None


@cache
def project() -> Project:
    """The files around those that this run looks at. Each is read once, so what changes meanwhile is not noticed."""
    from kreglint.analysis.project import Project  # here, since only a file that mentions Keras needs it

    return Project(Files())
