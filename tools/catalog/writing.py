"""Writes what `kreglint.catalog.storage` reads: catalogs, and what differs from one in the others of its major."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from kreglint.catalog.storage import ADDED, DATA, REMOVED, JsonValue, forget, path_of, read
from kreglint.versions import KNOWN, Version, newest


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
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def difference(data: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What `storage.applied` needs to make `data` of `base`: changed entries by key, and the removed keys under "-"."""
    changed = {key: _change(value, base.get(key)) for key, value in data.items() if value != base.get(key, ...)}
    removed = sorted(base.keys() - data.keys())
    return changed | ({REMOVED: removed} if removed else {})


def _change(value: JsonValue, old: JsonValue) -> JsonValue:
    if isinstance(value, dict) and isinstance(old, dict):
        return difference(value, old)
    if _is_set(value) and _is_set(old) and (shared := set(value) & set(old)):
        parts = {ADDED: sorted(set(value) - shared), REMOVED: sorted(set(old) - shared)}
        return {sign: names for sign, names in parts.items() if names}
    return value


def _is_set(value: JsonValue) -> TypeGuard[list[str]]:
    """Whether a list holds different strings in order, so that only what comes and goes need be stored."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value) and value == sorted(set(value))


def _store(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(text_of(data), encoding="utf-8", newline="\n")
    forget()
