"""The catalogs on disk: of each major the newest whole, and of every other version what differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from kreglint.versions import Version, newest

DATA = Path(__file__).with_name("data")
JsonValue: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
ADDED, REMOVED = "+", "-"  # the keys under which a difference has what comes and goes


def path_of(version: Version, folder: Path = DATA) -> Path:
    """The file of a version: `keras3.json` for the newest of a major, else as `keras-3.5.json`."""
    name = f"keras{version.major}.json" if version == newest(version.major) else f"keras-{version}.json"
    return folder / name


def read(version: Version, folder: Path = DATA) -> dict[str, Any]:
    """The whole catalog of a version that has one; it is shared, so it is not to be changed."""
    base = _content(path_of(newest(version.major), folder))
    if version == newest(version.major):
        return base
    return applied(_content(path_of(version, folder)), base)


def forget() -> None:
    """Let the next look read the files again."""
    _content.cache_clear()


def applied(change: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with a difference; what did not change is shared with it."""
    removed = change.get(REMOVED, ())
    data = {key: value for key, value in base.items() if key not in removed}
    for key, value in change.items():
        if key != REMOVED:
            data[key] = _changed(value, base.get(key))
    return data


def _changed(value: JsonValue, old: JsonValue) -> JsonValue:
    if isinstance(value, dict) and isinstance(old, dict):
        return applied(value, old)
    if isinstance(value, dict) and isinstance(old, list) and value and value.keys() <= {ADDED, REMOVED}:
        return sorted((set(old) | set(value.get(ADDED, ()))) - set(value.get(REMOVED, ())))
    return value


@cache
def _content(path: Path) -> dict[str, Any]:
    import json

    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
