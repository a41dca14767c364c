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

Row = tuple[int, int, str, type["Plugin"]]
Given = tuple[tuple[str, object], ...]

_LISTS = {
    "select": "the rules to report, by code, prefix or ALL",
    "extend-select": "rules to report besides those selected",
    "ignore": "the rules not to report",
}
_SINGLE = {
    "keras-version": "the Keras that the code is for: 2, 3 or an exact version",
    "max-lambda": "report a λ above this (KRG202)",
}
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
        for key, description in _LISTS.items():
            _add_option(manager, key, description, comma_separated_list=True)
        for key, description in _SINGLE.items():
            _add_option(manager, key, description)
        description = "read this pyproject.toml or kreglint.toml for what flake8 does not say"
        _add_option(manager, _CONFIG, description, normalize_paths=True)

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


def _add_option(manager: OptionManager, key: str, description: str, **kind: bool) -> None:
    manager.add_option(
        f"--kreglint-{key}", default=None, metavar="VALUE", help=description, parse_from_config=True, **kind
    )


def _given(options: Namespace) -> Iterator[tuple[str, object]]:
    """The settings that flake8's command line or configuration gives, as the fields of Settings."""
    for key in (*_LISTS, *_SINGLE):
        field = key.replace("-", "_")
        value = getattr(options, f"kreglint_{field}")
        if value is not None:
            yield field, _read(key, value)


def _read(key: str, value: object) -> object:
    from kreglint.settings.values import READERS, UnexpectedValueError

    try:
        return READERS[key](_number(str(value)) if key == "max-lambda" else value)
    except UnexpectedValueError as error:
        raise ExecutionError(f"kreglint: --kreglint-{key}: {error}") from error


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


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
        settings = found.overridden(_overrides(found, dict(given)))
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
