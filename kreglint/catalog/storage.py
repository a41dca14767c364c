"""The catalogs on disk: of each major the newest whole, and of every other version what differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard

from kreglint.versions import KNOWN, Version, newest

DATA = Path(__file__).with_name("data")
JsonValue: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
_ADDED, _REMOVED = "+", "-"


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


def write(version: Version, data: dict[str, Any], folder: Path = DATA) -> None:
    """Store the catalog of a version. The others of its major stay what they are, whichever is the newest."""
    last = newest(version.major)
    if version != last:
        _store(path_of(version, folder), difference(data, read(last, folder)))
        return
    others = [known for known in KNOWN if known.major == last.major and known != last]
    older = {known: read(known, folder) for known in others if path_of(known, folder).exists()}
    _store(path_of(last, folder), data)
    for known, content in older.items():
        _store(path_of(known, folder), difference(content, data))


def text_of(data: Mapping[str, Any]) -> str:
    """A catalog, or what differs in one, as its file holds it."""
    import json

    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def difference(data: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What `applied` needs to make `data` of `base`: changed entries by key, and the removed keys under "-"."""
    changed = {key: _change(value, base.get(key)) for key, value in data.items() if value != base.get(key, ...)}
    removed = sorted(base.keys() - data.keys())
    return changed | ({_REMOVED: removed} if removed else {})


def applied(change: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with a difference; what did not change is shared with it."""
    removed = change.get(_REMOVED, ())
    data = {key: value for key, value in base.items() if key not in removed}
    for key, value in change.items():
        if key != _REMOVED:
            data[key] = _changed(value, base.get(key))
    return data


def _change(value: JsonValue, old: JsonValue) -> JsonValue:
    if isinstance(value, dict) and isinstance(old, dict):
        return difference(value, old)
    if _is_set(value) and _is_set(old) and (shared := set(value) & set(old)):
        parts = {_ADDED: sorted(set(value) - shared), _REMOVED: sorted(set(old) - shared)}
        return {sign: names for sign, names in parts.items() if names}
    return value


def _changed(value: JsonValue, old: JsonValue) -> JsonValue:
    if isinstance(value, dict) and isinstance(old, dict):
        return applied(value, old)
    if isinstance(value, dict) and isinstance(old, list) and value and value.keys() <= {_ADDED, _REMOVED}:
        return sorted((set(old) | set(value.get(_ADDED, ()))) - set(value.get(_REMOVED, ())))
    return value


def _is_set(value: JsonValue) -> TypeGuard[list[str]]:
    """Whether a list holds different strings in order, so that only what comes and goes need be stored."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value) and value == sorted(set(value))


@cache
def _content(path: Path) -> dict[str, Any]:
    import json

    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _store(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(text_of(data), encoding="utf-8", newline="\n")
    _content.cache_clear()
