"""Which files can concern us at all. Imports nothing, so that every other file costs next to nothing."""

from __future__ import annotations

_GATE_WORDS = (b"keras", b"regulari", b"KRG", b"kreglint")


def mentions(data: bytes) -> bool:
    """True if a file has a word without which no rule and no suppression comment can concern it."""
    return any(word in data for word in _GATE_WORDS)


def mentions_in(source: str | bytes) -> bool:
    """`mentions` for a program that is text already, too."""
    return mentions(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source)


def summary(files: int) -> str:
    """What a run says when it found nothing."""
    return f"{files} file{'' if files == 1 else 's'} checked: nothing to report"
