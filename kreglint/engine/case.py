"""One file that is to be judged, with all that its outcome depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreglint.records import record
from kreglint.settings.schema import Settings

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project
    from kreglint.engine.run import Run


@record()
class Case:
    """A file's content and name, the settings, and the codes of the rules to report.

    What stands beside the file is read in its `run`; without one nothing is. `project` notes what is asked of it there.
    """

    data: str | bytes
    filename: str
    settings: Settings
    selected: frozenset[str] = frozenset()
    run: Run | None = None
    project: Project | None = None


def case_of(
    data: str | bytes, filename: str, settings: Settings, run: Run | None = None, selected: frozenset[str] = frozenset()
) -> Case:
    """Return a file with the project around it, of which nothing was asked yet."""
    return Case(data, filename, settings, selected, run, run.project.unasked() if run is not None else None)
