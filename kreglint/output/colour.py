"""ANSI colours, and when to use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kreglint.records import record

Style = Literal["bold", "red", "green", "yellow", "blue", "cyan"]

_CODES: Mapping[Style, str] = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


@record()
class Palette:
    """Paints text for a terminal and links it, or leaves it plain."""

    enabled: bool = False
    links: bool = False

    def paint(self, text: str, *styles: Style) -> str:
        if not self.enabled or not text:
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def link(self, text: str, url: str) -> str:
        """Return the text as a hyperlink, by the escape sequence OSC 8."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text


def palette(choice: str, environment: Mapping[str, str], *, on_terminal: bool) -> Palette:
    """Return the palette for `--color auto|always|never`.

    With `auto`, a non-empty NO_COLOR forbids colour, a non-empty FORCE_COLOR asks for it, and otherwise the
    terminal decides. Only a terminal is given links, and only where colour is wanted.
    """
    able = on_terminal and environment.get("TERM") != "dumb"
    enabled = _wanted(choice, environment, able)
    return Palette(enabled, links=enabled and able)


def _wanted(choice: str, environment: Mapping[str, str], able: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    return able or bool(environment.get("FORCE_COLOR"))
