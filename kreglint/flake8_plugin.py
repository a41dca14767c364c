"""The flake8 plugin: the findings of `kreglint check`, in flake8's own output.

flake8 looks for the first `# noqa` on the row of a finding, kreglint for every one on all rows of it, on the first and
the last of its statement and behind the brackets around it: both are honoured, so that what `kreglint check` leaves out
is left out here too. Files that flake8 cannot parse never reach a plugin.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from flake8.exceptions import ExecutionError

from kreglint import __version__
from kreglint.gate import mentions_in

if TYPE_CHECKING:
    from argparse import Namespace

    from flake8.options.manager import OptionManager

    from kreglint.settings.schema import Settings
    from kreglint.settings.table import Option, Setting

Row = tuple[int, int, str, type["Plugin"]]
Given = tuple[tuple[str, object], ...]

PREFIX = "--kreglint-"
_CONFIG = "config"


class Plugin:
    """Checks one file for flake8, which calls `run` and adds 1 to each column."""

    name = "kreglint"
    version = __version__
    _given: ClassVar[Given] = ()
    _config: ClassVar[str | None] = None
    _honour_noqa: ClassVar[bool] = True

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._filename = filename
        self._text = "".join(lines)

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        from kreglint.settings.table import HOW_RULES_ARE_NAMED, SELECTORS

        for setting, option in _settings():
            kind = setting.kind
            description = f"{option.help}. {HOW_RULES_ARE_NAMED}" if kind is SELECTORS else option.help
            _add_option(manager, setting.key, kind.metavar, description, comma_separated_list=kind.adds_up)
        description = "read this pyproject.toml or kreglint.toml for what flake8 does not say"
        _add_option(manager, _CONFIG, "FILE", description, normalize_paths=True)

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Keep the options for the files to come. Raises flake8's ExecutionError for one that is no good."""
        cls._given = tuple(_given(options))
        cls._config = options.kreglint_config
        cls._honour_noqa = not options.disable_noqa
        if cls._given or cls._config:
            _settings_in(".", cls._config, cls._given)

    def run(self) -> Iterator[Row]:
        """Rows from 1, columns from 0. Raises flake8's ExecutionError for settings that are no good."""
        if not mentions_in(self._text):
            return
        from kreglint.engine.check import check
        from kreglint.engine.concern import is_concerned
        from kreglint.engine.project import project

        settings = _settings_of(self._filename, self._config, self._given)
        if not is_concerned(self._text, self._filename, settings, project()):
            return  # a file that flake8 hands on is Python
        for found in check(self._text, self._filename, settings, project(), honour_noqa=self._honour_noqa):
            row, column = found.location
            yield row, column - 1, f"{found.code} {found.message}", type(self)


def _settings() -> Iterator[tuple[Setting, Option]]:
    """The settings that flake8 takes too."""
    from kreglint.settings.table import TABLE

    for setting in TABLE:
        if setting.option is not None and setting.option.flake8:
            yield setting, setting.option


def _add_option(manager: OptionManager, key: str, metavar: str, description: str, **kind: bool) -> None:
    manager.add_option(
        f"{PREFIX}{key}", default=None, metavar=metavar, help=description, parse_from_config=True, **kind
    )


def _given(options: Namespace) -> Iterator[tuple[str, object]]:
    """The settings that flake8's command line or configuration gives, as the fields of Settings."""
    for setting, _ in _settings():
        value = getattr(options, f"kreglint_{setting.field}")
        if value is not None:
            yield setting.field, _read(setting, value)


def _read(setting: Setting, value: str | list[str]) -> object:
    """What flake8 gives, which has taken lists apart."""
    from kreglint.settings.values import UnexpectedValueError

    try:
        return setting.kind.from_text(value) if isinstance(value, str) else setting.kind.read(value)
    except UnexpectedValueError as error:
        raise ExecutionError(f"kreglint: {PREFIX}{setting.key}: {error}") from error


def _settings_of(filename: str, config: str | None, given: Given) -> Settings:
    from pathlib import Path

    return _settings_in(str(Path(filename).parent), config, given)


@cache
def _settings_in(folder: str, config: str | None, given: Given) -> Settings:
    """The settings for a folder's files: flake8's, and what it does not say from our own configuration."""
    from kreglint.rules import RULES
    from kreglint.settings.load import load, settings_for
    from kreglint.settings.schema import SettingsError
    from kreglint.settings.selection import resolve

    known = {rule.code: rule.default for rule in RULES}
    try:
        found = settings_for(folder) if config is None else load(config)
        resolve(found, known)  # so that an unknown code is told of where it stands
        _check_layers(found)
        settings = found.overridden(_overrides(found, dict(given)), PREFIX)
        resolve(settings, known)
    except SettingsError as error:
        raise ExecutionError(f"kreglint: {error}") from error
    return settings


def _check_layers(settings: Settings) -> None:
    if settings.layers:
        from kreglint.engine.own_layers import own_layers

        own_layers(settings)


def _overrides(found: Settings, given: dict[str, Any]) -> dict[str, Any]:
    if "extend_select" in given:
        return {**given, "extend_select": (*found.extend_select, *given["extend_select"])}
    return given
