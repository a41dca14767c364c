"""Settings from `kreglint.toml` or from `[tool.kreglint]` in `pyproject.toml`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from kreglint.likeness import closest
from kreglint.settings.schema import Settings, SettingsError
from kreglint.settings.table import BY_KEY
from kreglint.settings.values import UnexpectedValueError, described

Table = dict[str, Any]
Tables = Callable[[Path], Table | None]

_OWN_FILE = "kreglint.toml"
_SHARED_FILE = "pyproject.toml"
_TABLE = "[tool.kreglint]"
_PLACE = re.compile(r" \(at (?:line (?P<row>\d+), column (?P<column>\d+)|end of document)\)$")


def find_config(folder: str, table_of: Tables | None = None) -> str | None:
    """The absolute path of the closest configuration file, from `folder` upward.

    `kreglint.toml` wins over a `pyproject.toml` in the same folder, and a `pyproject.toml` without
    `[tool.kreglint]` does not count. Raises SettingsError for a file that cannot be read on the way.
    """
    return next((str(file) for file, _ in _configurations(folder, table_of)), None)


def load(path: str, table_of: Tables | None = None) -> Settings:
    """The settings of a configuration file. Raises SettingsError for anything in it that cannot be used."""
    file = Path(path)
    return _settings(file, (table_of or table_in)(file) or {})


def settings_for(folder: str, table_of: Tables | None = None) -> Settings:
    """The settings for the files in a folder: those of the closest configuration file, or the defaults.

    `table_of` is how a file is read: by `table_in`, or by something that remembers what it read.
    """
    return next((_settings(file, table) for file, table in _configurations(folder, table_of)), Settings())


def configuration_places(folder: str) -> Iterator[Path]:
    """Where the configuration for a folder may stand, closest first."""
    start = Path(folder).absolute()
    for parent in (start, *start.parents):
        yield parent / _OWN_FILE
        yield parent / _SHARED_FILE


def _configurations(folder: str, table_of: Tables | None) -> Iterator[tuple[Path, Table]]:
    """The configuration files that count in a folder, with their tables, closest first."""
    for file in configuration_places(folder):
        table = (table_of or table_in)(file) if file.is_file() else None
        if table is not None:
            yield file, table


def table_in(file: Path) -> Table | None:
    """The table of our keys in a configuration file; None for a `pyproject.toml` without. Raises SettingsError."""
    content = document(file)
    if file.name != _SHARED_FILE:
        return content
    tools = content.get("tool", {})
    table = tools.get("kreglint") if isinstance(tools, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise SettingsError(f"{file}: {_TABLE}: expected a table, received {described(table)}")


def document(file: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises SettingsError for one that cannot be read."""
    text = _text(file)
    try:
        return _parse_toml(text)
    except ValueError as error:
        raise SettingsError(f"{file}:{_broken_toml(str(error), text)}") from error
    except RecursionError as error:
        raise SettingsError(f"{file}: invalid TOML: nested too deeply") from error


def _parse_toml(text: str) -> dict[str, Any]:
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    document: dict[str, Any] = toml.loads(text)
    return document


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row, column = _end_of(error.object[: error.start].decode("utf-8"))
        byte = error.object[error.start]
        raise SettingsError(f"{file}:{row}:{column}: cannot be decoded as UTF-8: byte 0x{byte:02x}") from error


def _broken_toml(message: str, text: str) -> str:
    place = _PLACE.search(message)
    reason = _PLACE.sub("", message)
    if place is None:
        return f" invalid TOML: {reason}"
    row, column = (place["row"], place["column"]) if place["row"] else _end_of(text)
    return f"{row}:{column}: invalid TOML: {reason}"


def _end_of(text: str) -> tuple[int, int]:
    """The row and column, from 1, that follow a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _settings(file: Path, table: dict[str, Any]) -> Settings:
    read = {key: _value(file, key, value) for key, value in table.items()}
    values: dict[str, Any] = {BY_KEY[key].field: value for key, value in read.items()}
    origins = tuple((key, f"{key} of {file}") for key in table)
    return Settings(root=str(file.absolute().parent), origins=origins, **values)


def _value(file: Path, key: str, value: object) -> object:
    within = f" in {_TABLE}" if file.name == _SHARED_FILE else ""
    if key not in BY_KEY:
        raise SettingsError(f"{file}: unknown key {key!r}{within}; {_nearest(key)}")
    try:
        return BY_KEY[key].kind.read(value)
    except UnexpectedValueError as error:
        raise SettingsError(f"{file}: {key}{within}: {error}") from error


def _nearest(key: str) -> str:
    near = closest(key.lower().replace("_", "-"), BY_KEY)
    return f"did you mean {near!r}?" if near is not None else f"expected one of {', '.join(BY_KEY)}"
