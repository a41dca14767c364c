"""What comes of judging one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kreglint.diagnostics import Diagnostic

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Asked


class Outcome(NamedTuple):
    """What is found in a file, and what it depends on in others, or None if nothing beside the file was read."""

    diagnostics: tuple[Diagnostic, ...]
    dependencies: Asked | None
