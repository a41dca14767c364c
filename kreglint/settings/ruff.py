"""What a project's Ruff makes of our codes in `# noqa` comments.

It warns of codes that it does not know, and takes them away with `--fix` (RUF102), unless `lint.external` has their
beginning (Ruff 0.17).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kreglint.settings.load import document
from kreglint.settings.schema import SettingsError

_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")  # in this order in one folder
_WARNS = "RUF102"


def settings_without(codes: str, folder: str) -> Path | None:
    """Return the settings of the Ruff that judges a folder, if it warns of codes that begin so; None if it does not.

    Settings that extend others may do so there: of these nothing is said.
    """
    found = next(_configurations(folder), None)
    if found is None:
        return None
    file, table = found
    lint = table.get("lint")
    tables = (table, lint if isinstance(lint, dict) else {})
    known = any(codes.startswith(beginning) for each in tables for beginning in _strings(each, "external"))
    return file if _warns(tables) and not known and "extend" not in table else None


def _configurations(folder: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the tables of Ruff's settings from a folder upward, closest first; a file that cannot be read has none."""
    start = Path(folder).absolute()
    for file in (parent / name for parent in (start, *start.parents) for name in _FILES):
        try:
            table = document(file) if file.is_file() else None
        except SettingsError:
            continue
        if table is not None and file.name == _FILES[-1]:
            tools = table.get("tool")
            table = tools.get("ruff") if isinstance(tools, dict) else None
        if isinstance(table, dict):
            yield file, table


def _warns(tables: tuple[dict[str, Any], ...]) -> bool:
    selected = [each for table in tables for key in ("select", "extend-select") for each in _strings(table, key)]
    ignored = [each for table in tables for key in ("ignore", "extend-ignore") for each in _strings(table, key)]
    return _names_it(selected) and not _names_it(ignored)


def _names_it(selectors: list[str]) -> bool:
    return any(each == "ALL" or _WARNS.startswith(each) for each in selectors)


def _strings(table: dict[str, Any], key: str) -> list[str]:
    value = table.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
