"""One file that is to be judged, with all that its outcome depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreglint.settings.schema import Settings

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project


@dataclass(frozen=True, slots=True)
class Case:
    """A file's content and name, the settings, the codes of the rules to report, and the project around the file.

    Without a project nothing beside the file may be read.
    """

    data: str | bytes
    filename: str
    settings: Settings
    selected: frozenset[str] = frozenset()
    project: Project | None = None
