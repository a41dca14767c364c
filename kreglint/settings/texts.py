"""The values that a command line may give to each kind of setting: what `values` reads, spelt as one word."""

from __future__ import annotations

from kreglint.settings import values
from kreglint.settings.values import UnexpectedValueError


def words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def selectors(text: str) -> tuple[str, ...]:
    found = words(text)
    if found:
        return found
    raise UnexpectedValueError("codes such as KRG302,KRG4", repr(text))


def selectors_by_pattern(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read `tests/*:KRG2,KRG301,demo.py:KRG4`: a word with a colon begins the next pattern."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for word in words(text) or ("",):
        pattern, colon, selector = word.rpartition(":")
        if colon and pattern and selector:
            found.append((pattern, (selector,)))
        elif colon or not word or not found:
            raise UnexpectedValueError("PATTERN:CODE", repr(word))
        else:
            pattern, named = found.pop()
            found.append((pattern, (*named, word)))
    return tuple(found)


def number_above_0(text: str) -> float:
    try:
        number: object = float(text)
    except ValueError:
        number = text
    return values.number_above_0(number)


def boolean(text: str) -> bool:
    return values.boolean({"true": True, "false": False}.get(text.strip().lower(), text))
