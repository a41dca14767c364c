"""The flake8 plugin: the findings of `kreglint check`, in flake8's own output.

flake8 looks for the first `# noqa` on the row of a finding, kreglint for every one on all rows of it, on the first and
the last of its statement and behind the brackets around it: both are honoured, so that what `kreglint check` leaves out
is left out here too. Files that flake8 cannot parse never reach a plugin.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from flake8.exceptions import ExecutionError

from kreglint.gate import mentions_in
from kreglint.version import __version__

if TYPE_CHECKING:
    from argparse import Namespace

    from flake8.options.manager import OptionManager

    from kreglint.engine.run import Run
    from kreglint.settings.schema import Settings
    from kreglint.settings.table import Option, Setting

Row = tuple[int, int, str, type["Plugin"]]

PREFIX = "--kreglint-"
_CONFIG = "config"


class _Request:
    """What flake8's options ask for, and the run of all files that it checks in this process."""

    def __init__(self, given: Mapping[str, Any], config: str | None = None, *, honour_noqa: bool = True) -> None:
        self.honour_noqa = honour_noqa
        self._given = given
        self._config = config
        self._by_folder: dict[str, Settings] = {}

    @cached_property
    def run(self) -> Run:
        from kreglint.engine.run import Run  # here, since only a file that mentions Keras needs it

        return Run()

    def settings_in(self, folder: str) -> Settings:
        """The settings for a folder's files. Raises flake8's ExecutionError for settings that are no good."""
        from kreglint.settings.schema import SettingsError

        if folder not in self._by_folder:
            try:
                self._by_folder[folder] = self._found(folder)
            except SettingsError as error:
                raise ExecutionError(f"kreglint: {error}") from error
        return self._by_folder[folder]

    def _found(self, folder: str) -> Settings:
        """flake8's settings, and what it does not say from our own configuration."""
        from kreglint.engine.selected import selected_rules

        found = self.run.settings_for(folder) if self._config is None else self.run.load(self._config)
        selected_rules(found)  # so that an unknown code is told of where it stands
        _check_layers(found)
        settings = found.overridden(_overrides(found, self._given), PREFIX)
        selected_rules(settings)
        return settings


class Plugin:
    """Checks one file for flake8, which calls `run` and adds 1 to each column.

    The tree is asked for, so that flake8 calls once for each file, and not looked at: it is the very object that other
    plugins were given before, and some rewrite what they look at, places too. Nothing tells such a tree from the one
    that was parsed but to parse again, which is an eighth of the check of a file that concerns us.
    """

    name = "kreglint"
    version = __version__
    _request: ClassVar[_Request] = _Request({})

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._filename = filename
        self._text = "".join(lines)

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        from kreglint.settings.table import HOW_RULES_ARE_NAMED, SELECTORS, SWITCH

        for setting, option in _settings():
            kind = setting.kind
            description = f"{option.help}. {HOW_RULES_ARE_NAMED}" if kind is SELECTORS else option.help
            if kind is SWITCH:
                _add_option(manager, setting.key, description, action="store_true")
            else:
                given = {"metavar": kind.metavar, "comma_separated_list": kind.adds_up}
                _add_option(manager, setting.key, description, **given)
        description = "read this pyproject.toml or kreglint.toml for what flake8 does not say"
        _add_option(manager, _CONFIG, description, metavar="FILE", normalize_paths=True)

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Keep the options for the files to come. Raises flake8's ExecutionError for one that is no good."""
        given = dict(_given(options))
        cls._request = _Request(given, options.kreglint_config, honour_noqa=not options.disable_noqa)
        if given or options.kreglint_config:
            cls._request.settings_in(".")

    def run(self) -> Iterator[Row]:
        """Rows from 1, columns from 0. Raises flake8's ExecutionError for settings that are no good."""
        if not mentions_in(self._text):
            return
        from pathlib import Path

        from kreglint.engine.check import check

        request = self._request
        settings = request.settings_in(str(Path(self._filename).parent))
        found_here = check(
            self._text, self._filename, settings, request.run, honour_noqa=request.honour_noqa, is_parsed=True
        )
        for found in found_here:
            row, column = found.location
            where = "" if found.cell is None else f"cell {found.cell}: "  # the row is one of the cell's
            yield row, column - 1, f"{found.code} {where}{found.message}", type(self)


def _settings() -> Iterator[tuple[Setting, Option]]:
    """The settings that flake8 takes too."""
    from kreglint.settings.table import TABLE

    for setting in TABLE:
        if setting.option is not None and setting.option.flake8:
            yield setting, setting.option


def _add_option(manager: OptionManager, key: str, description: str, **kind: Any) -> None:  # noqa: ANN401
    manager.add_option(f"{PREFIX}{key}", default=None, help=description, parse_from_config=True, **kind)


def _given(options: Namespace) -> Iterator[tuple[str, object]]:
    """The settings that flake8's command line or configuration gives, as the fields of Settings."""
    for setting, _ in _settings():
        value = getattr(options, f"kreglint_{setting.field}")
        if value is not None:
            yield setting.field, _read(setting, value)


def _read(setting: Setting, value: str | list[str] | bool) -> object:
    """What flake8 gives, which has taken lists apart."""
    from kreglint.settings.values import UnexpectedValueError

    try:
        return setting.kind.from_text(value) if isinstance(value, str) else setting.kind.read(value)
    except UnexpectedValueError as error:
        raise ExecutionError(f"kreglint: {PREFIX}{setting.key}: {error}") from error


def _check_layers(settings: Settings) -> None:
    if settings.layers:
        from kreglint.engine.own_layers import own_layers

        own_layers(settings)


def _overrides(found: Settings, given: Mapping[str, Any]) -> Mapping[str, Any]:
    if "extend_select" in given:
        return {**given, "extend_select": (*found.extend_select, *given["extend_select"])}
    return given
