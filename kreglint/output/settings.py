"""The settings in force for a path, each with where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kreglint.output.json_shape import dumped
from kreglint.output.width import visible
from kreglint.settings.schema import Settings
from kreglint.settings.table import TABLE, Setting


def render(path: str, settings: Settings) -> Iterator[str]:
    """Yield a line for each key: its value as TOML has it, and its source."""
    yield f"Settings for {visible(path)}\n"
    values = {setting.key: shown(setting, settings) for setting in TABLE}
    key_width, value_width = max(map(len, values)), max(map(len, values.values()))
    for key, value in values.items():
        yield f"  {key:<{key_width}}  {value:<{min(value_width, 60)}}  {visible(settings.source(key))}\n"


def render_json(path: str, settings: Settings) -> Iterator[str]:
    """Yield an object with the value and the source of each key; what is not set is null."""
    found = {
        setting.key: {"value": _value(setting, settings), "source": settings.source(setting.key)} for setting in TABLE
    }
    yield dumped({"schema": 1, "path": path, "root": settings.root, "settings": found})


def shown(setting: Setting, settings: Settings) -> str:
    """Return a value as TOML has it; where nothing is set, what that means."""
    value = _value(setting, settings)
    if value is None:
        return setting.default.replace("`", "")
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(name)} = {_text(named)}' for name, named in value.items())}}}"
    return _text(value)


def _value(setting: Setting, settings: Settings) -> object:
    """Return the value as the configuration file would have it: pairs are a table."""
    value: object = getattr(settings, setting.field)
    if setting.kind.pairs and isinstance(value, tuple):
        return {name: list(named) if isinstance(named, tuple) else named for name, named in value}
    return list(value) if isinstance(value, tuple) else value


def _text(value: object) -> str:
    """JSON's notation of strings, lists and numbers, which TOML has too."""
    return visible(json.dumps(value, ensure_ascii=False))
