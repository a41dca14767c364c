"""What is found in a file as an editor shows it."""

from __future__ import annotations

from pathlib import Path

from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.engine.run import Run
from kreglint.engine.selected import selected_rules
from kreglint.gate import mentions_in
from kreglint.server.shown import Shown
from kreglint.settings.schema import Settings
from kreglint.source.discovery import is_excluded


def findings(shown: Shown, run: Run) -> tuple[Diagnostic, ...]:
    """Return what `kreglint check` would say of the content.

    Nothing of a file that is excluded. Raises SettingsError.
    """
    settings = settings_of(shown, run)
    if not mentions_in(shown.content) or _is_excluded(shown, settings):
        return ()
    return tuple(check(shown.content, shown.filename, settings, run if shown.on_disk else None))


def settings_of(shown: Shown, run: Run) -> Settings:
    """Return the settings of the closest configuration file, or the current folder's for what is on no disk."""
    settings = run.settings_for(str(Path(shown.filename).parent) if shown.on_disk else ".")
    selected_rules(settings)
    return settings


def _is_excluded(shown: Shown, settings: Settings) -> bool:
    return shown.on_disk and is_excluded(shown.filename, exclude=settings.excluded, root=settings.root)
