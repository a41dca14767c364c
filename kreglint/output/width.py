"""Text as a terminal shows it: tabs and control characters made visible, widths in terminal columns."""

from __future__ import annotations

_TAB = "    "
_VISIBLE: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(32)},
    **dict.fromkeys(range(127, 160), 0xFFFD),
    ord("\t"): _TAB,
}


def visible(text: str) -> str:
    """Return the text with tabs as four spaces and control characters as pictures: a file cannot drive the terminal."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def display_width(text: str) -> int:
    """Return the number of terminal columns that a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    from unicodedata import category, east_asian_width

    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def padded(text: str, width: int, *, on_left: bool = False) -> str:
    """Return the text with blanks on the right, or as numbers have them on the left, up to so many columns."""
    blanks = " " * (width - display_width(text))
    return blanks + text if on_left else text + blanks
