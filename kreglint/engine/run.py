"""What the files of one run share."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from kreglint.settings.detected import Detected
from kreglint.settings.detection import Known, detected_keras
from kreglint.settings.load import find_config, load, settings_for, table_in
from kreglint.settings.schema import Settings

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project
    from kreglint.engine.cache.store import Store
    from kreglint.engine.project import Files


class Run:
    """The project's files and programs, its configurations, and what earlier runs found.

    A front end makes one and hands it down. Everything is read once, so what changes meanwhile is not noticed: to
    look again is to make a new one. What only some runs need is imported when it is asked for.
    """

    def __init__(self) -> None:
        self._table_of = cache(table_in)
        self._known: Known = {}

    def settings_for(self, folder: str) -> Settings:
        """Return the settings for the files in a folder. Raises SettingsError."""
        return settings_for(folder, self._table_of)

    def load(self, path: str) -> Settings:
        """Return the settings of a configuration file. Raises SettingsError."""
        return load(path, self._table_of)

    def find_config(self, folder: str) -> str | None:
        """Return the closest configuration file, from a folder upward. Raises SettingsError."""
        return find_config(folder, self._table_of)

    def detected_keras(self, path: str) -> Detected | None:
        """Return what the dependencies declared around a file or folder say of Keras."""
        return detected_keras(path, self._known)

    @cached_property
    def files(self) -> Files:
        """The files around those that are judged."""
        from kreglint.engine.project import Files

        return Files()

    @cached_property
    def project(self) -> Project:
        """The programs in those files."""
        from kreglint.analysis.values.project import Project

        return Project(self.files)

    @cached_property
    def store(self) -> Store:
        """What earlier runs found."""
        from kreglint.engine.cache.store import Store

        return Store(self.files, self.detected_keras)
