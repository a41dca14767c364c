"""Which of the known words one that is not known may be meant for."""

from __future__ import annotations

from collections.abc import Iterable


def closest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word that is most like a word, if one is alike enough."""
    return next(iter(alike(word, known, 1, likeness)), None)


def alike(word: str, known: Iterable[str], count: int, likeness: float = 0.6) -> list[str]:
    """The known words that are most like a word, the closest first, at most so many."""
    from difflib import get_close_matches  # where nothing is misspelt nobody waits for it

    return get_close_matches(word, list(known), n=count, cutoff=likeness)
