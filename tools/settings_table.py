"""The table of all settings in docs/configuration.md, from the one that the program is made of."""

from __future__ import annotations

import re

from kreglint.flake8_plugin import PREFIX
from kreglint.output.settings import shown
from kreglint.settings.schema import Settings
from kreglint.settings.table import TABLE, Setting

MARKER = "<!-- settings: python -m tools.pages -->"
_TABLE = re.compile(f"(?<=^{re.escape(MARKER)}\\n)(?:\\|.*\\n)*", re.MULTILINE)
_HEAD = """\
| key | value | default | option | flake8's option |
| --- | --- | --- | --- | --- |
"""


def renewed(document: str) -> str:
    """A document with the table of today below its marker.

    Raises:
        ValueError: It has no marker.
    """
    if not _TABLE.search(document):
        raise ValueError(f"expected a line {MARKER}")
    return _TABLE.sub(lambda _: table(), document, count=1)


def table() -> str:
    return _HEAD + "".join(f"| {' | '.join(map(_cell, _row(setting)))} |\n" for setting in TABLE)


def _row(setting: Setting) -> tuple[str, ...]:
    default = setting.default or f"`{shown(setting, Settings())}`"
    option = setting.option
    here = f"`--{setting.key} {setting.kind.metavar}`" if option is not None else ""
    there = f"`{PREFIX}{setting.key}`" if option is not None and option.flake8 else ""
    return f"`{setting.key}`", setting.meaning, default, here, there


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
