"""The settings in force for a path, each with where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kreglint.output.json_shape import dumped
from kreglint.output.width import visible
from kreglint.settings.schema import Settings, keys

_TABLES = ("per-file-ignores", "layers")
_UNSET = {
    "select": "the rules that are on by default",
    "keras-version": "found file by file",
    "cache-dir": '".kreglint_cache"',
}


def render(path: str, settings: Settings) -> Iterator[str]:
    """A line for each key: its value as TOML has it, and its source."""
    yield f"Settings for {visible(path)}\n"
    values = {key: _toml(key, _value(key, settings)) for key in keys()}
    key_width, value_width = max(map(len, values)), max(map(len, values.values()))
    for key, value in values.items():
        yield f"  {key:<{key_width}}  {value:<{min(value_width, 60)}}  {visible(settings.source(key))}\n"


def render_json(path: str, settings: Settings) -> Iterator[str]:
    """An object with the value and the source of each key; what is not set is null."""
    found = {key: {"value": _value(key, settings), "source": settings.source(key)} for key in keys()}
    yield dumped({"schema": 1, "path": path, "root": settings.root, "settings": found})


def _value(key: str, settings: Settings) -> object:
    """The value as the configuration file would have it: pairs are a table."""
    value = settings.value(key)
    if key in _TABLES and isinstance(value, tuple):
        return {name: list(named) if isinstance(named, tuple) else named for name, named in value}
    return list(value) if isinstance(value, tuple) else value


def _toml(key: str, value: object) -> str:
    if value is None:
        return _UNSET.get(key, "not set")
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(name)} = {_text(named)}' for name, named in value.items())}}}"
    return _text(value)


def _text(value: object) -> str:
    """JSON's notation of strings, lists and numbers, which TOML has too."""
    return visible(json.dumps(value, ensure_ascii=False))
