"""The values that a configuration file may give to each key."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

_A_LIST_OF_SELECTORS = 'a list of rule selectors such as ["KRG3", "KRG201"]'
_A_LIST_OF_PATTERNS = 'a list of patterns such as ["generated", "docs/*.py"]'


class UnexpectedValueError(Exception):
    """A value of the wrong kind. Its text says what was expected and what was received."""

    def __init__(self, expected: str, received: str) -> None:
        super().__init__(f"expected {expected}, received {received}")


def described(value: object) -> str:
    """A value of a TOML document, as people would name it."""
    match value:
        case bool():
            return f"the boolean {str(value).lower()}"
        case str():
            return f'the string "{value}"'
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list" if value else "an empty list"
        case date() | time():
            return f"the date or time {value}"
    return "a table"


def selectors(value: object) -> tuple[str, ...]:
    return _strings(value, _A_LIST_OF_SELECTORS)


def patterns(value: object) -> tuple[str, ...]:
    return _strings(value, _A_LIST_OF_PATTERNS)


def _strings(value: object, expected: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UnexpectedValueError(expected, described(value))
    for item in value:
        if not isinstance(item, str):
            raise UnexpectedValueError(expected, f"a list with {described(item)} in it")
    return tuple(value)


def selectors_by_pattern(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise UnexpectedValueError('a table such as {"tests/*" = ["KRG3"]}', described(value))
    return tuple(
        (pattern, _strings(named, f"{_A_LIST_OF_SELECTORS} for {pattern!r}")) for pattern, named in value.items()
    )


def keras_version(value: object) -> str:
    from kreglint import versions  # only here: flake8 imports this module in every run

    if isinstance(value, str):
        with suppress(ValueError):
            versions.parse(value)
            return value
    raise UnexpectedValueError(versions.described(), described(value))


def number_above_0(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise UnexpectedValueError("a number above 0", described(value))


def boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise UnexpectedValueError("true or false", described(value))


def layers(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise UnexpectedValueError('a table such as {"my.nets.conv_bn" = "Conv2D"}', described(value))
    for path, name in value.items():
        if not isinstance(name, str):
            raise UnexpectedValueError(f"the class name of a Keras layer for {path!r}", described(name))
    return tuple(value.items())


def folder(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise UnexpectedValueError('the path of a folder such as ".kreglint_cache"', described(value))
