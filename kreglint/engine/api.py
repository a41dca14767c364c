"""The public functions: pure from bytes to diagnostics, so that every front end says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kreglint.diagnostics import Diagnostic
from kreglint.inventory import LayerEntry
from kreglint.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file gave: its diagnostics (check) or its layer entries (report)."""

    filename: str
    diagnostics: tuple[Diagnostic, ...] = ()
    layers: tuple[LayerEntry, ...] = ()


def check_source(
    source: str | bytes, filename: str = "<string>", settings: Settings | None = None
) -> list[Diagnostic]:
    """Lint one program. Never raises for what the program contains: that is KRG900 or KRG901."""
    raise NotImplementedError


def report_source(
    source: str | bytes, filename: str = "<string>", settings: Settings | None = None
) -> tuple[LayerEntry, ...]:
    raise NotImplementedError


def check_paths(paths: Sequence[str], settings: Settings | None = None) -> Iterator[FileReport]:
    """Lint files as they are found, in order. `settings` None: each file's own, from its closest configuration."""
    raise NotImplementedError


def report_paths(paths: Sequence[str], settings: Settings | None = None) -> Iterator[FileReport]:
    raise NotImplementedError
