"""The cache that somebody asked for: whether it can be there is told once."""

from __future__ import annotations

from pathlib import Path

from kreglint.cli.errors import warn
from kreglint.engine.cache.folder import prepare
from kreglint.engine.cache.store import place_of
from kreglint.settings.schema import Settings, SettingsOf


class WithCache:
    """The settings of files. A folder that they name for the cache is made here, and warned of where it cannot be."""

    __slots__ = ("_seen", "_settings_of", "_told")

    def __init__(self, settings_of: SettingsOf) -> None:
        self._settings_of = settings_of
        self._seen: set[Settings] = set()
        self._told: set[Path] = set()

    def __call__(self, file: str) -> Settings:
        settings = self._settings_of(file)
        if settings.cache_dir is not None and settings not in self._seen:
            self._seen.add(settings)
            self._look_at(place_of(settings))
        return settings

    def _look_at(self, place: Path) -> None:
        if place in self._told:
            return
        self._told.add(place)
        error = prepare(place)
        if error is not None:
            warn(f"{place}: there is no cache: {error.strerror or error}")
