"""The settings in force for each file: those found, with the command line's on top."""

from __future__ import annotations

import os
from functools import cache
from glob import escape
from pathlib import Path
from typing import Any

from kreglint.cli.options import CheckOptions, SharedOptions
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings
from kreglint.settings.selection import resolve


class SettingsFinder:
    """Finds the settings of files and folders; what it found in a folder it keeps."""

    __slots__ = ("_in_folder", "_known", "_options", "_overridden", "_run")

    def __init__(self, options: SharedOptions, run: Run) -> None:
        from kreglint.rules import RULES

        self._run = run
        self._options = options
        self._known = {rule.code: rule.default for rule in RULES}
        self._in_folder = cache(lambda folder: self._overridden(self._from_file(folder)))
        self._overridden = cache(self._with_options)

    def __call__(self, path: str) -> Settings:
        """Return the settings for a file, or for what lies in a folder. Raises SettingsError."""
        is_folder = os.path.isdir(path)  # noqa: PTH112  (for each file of a run, which pathlib makes twice as dear)
        return self._in_folder(path if is_folder else os.path.dirname(path) or ".")  # noqa: PTH120

    def source(self, path: str) -> str:
        """Return the configuration file that a file's settings come from, for a person."""
        if self._options.isolated:
            return "the defaults"
        return self._options.config or self._run.find_config(str(Path(path).parent)) or "the defaults"

    def _with_options(self, settings: Settings) -> Settings:
        """Return settings that were found with the command line's on top. Raises SettingsError."""
        resolve(settings, self._known)  # so that an unknown code is told of where it stands
        if isinstance(self._options, CheckOptions) and self._options.select is not None:
            settings = settings.without(("extend_select", "ignore"))
        overridden = settings.overridden(_overrides(self._options, settings))
        resolve(overridden, self._known)
        return overridden

    def _from_file(self, folder: str) -> Settings:
        if self._options.isolated:
            return Settings()
        if self._options.config is not None:
            return self._run.load(self._options.config)
        return self._run.settings_for(folder)


def _overrides(options: SharedOptions, found: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if options.keras_version is not None:
        values["keras_version"] = options.keras_version
    if options.exclude is not None:
        values["exclude"] = tuple(map(_from_here, options.exclude))
    if options.check_docs is not None:
        values["check_docs"] = options.check_docs
    if isinstance(options, CheckOptions):
        values |= _selection(options, found) | _judgement(options)
    return values


def _selection(options: CheckOptions, found: Settings) -> dict[str, tuple[str, ...]]:
    """`--select` has set aside what the settings select and ignore; the other two add to it."""
    values: dict[str, tuple[str, ...]] = {}
    if options.select is not None:
        values["select"] = tuple(options.select)
    if options.extend_select:
        values["extend_select"] = (*found.extend_select, *options.extend_select)
    if options.ignore:
        values["ignore"] = (*found.ignore, *options.ignore)
    return values


def _judgement(options: CheckOptions) -> dict[str, object]:
    values: dict[str, object] = {}
    if options.cache_dir is not None:
        values["cache_dir"] = str(Path(options.cache_dir).absolute())
    if options.max_lambda is not None:
        values["max_lambda"] = options.max_lambda
    if options.per_file_ignores is not None:
        values["per_file_ignores"] = tuple(
            (_from_here(pattern, literally=True), selectors) for pattern, selectors in options.per_file_ignores
        )
    return values


def _from_here(pattern: str, *, literally: bool = False) -> str:
    """Return a pattern of the command line as an absolute one: its slashes mean paths from the current folder.

    A pattern without a slash matches names, wherever they are. `literally` keeps the brackets in the current
    folder's name from being read as a pattern.
    """
    negation = "!" if pattern.startswith("!") else ""
    wanted = pattern.removeprefix("!")
    if "/" not in wanted.rstrip("/") or wanted.startswith(("/", "**/")):
        return pattern
    here = Path.cwd().as_posix().rstrip("/")
    return f"{negation}{escape(here) if literally else here}/{wanted.removeprefix('./')}"
