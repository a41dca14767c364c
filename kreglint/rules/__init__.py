"""The rules, one file each, in the folders beside this file. To add one, write its file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module

from kreglint.rules.base import Rule


def _found() -> Iterator[type[Rule]]:
    for name in _names():
        import_module(f"{__name__}.{name}")
    yield from (kind for kind in _kinds_of(Rule) if "code" in vars(kind))  # the others are bases of several


def _names() -> Iterator[str]:
    here = os.path.dirname(__file__)  # noqa: PTH120  (as with the others: pathlib costs ten times as much)
    for folder in os.listdir(here):  # noqa: PTH208
        place = os.path.join(here, folder)  # noqa: PTH118
        names = os.listdir(place) if os.path.isdir(place) else ()  # noqa: PTH112, PTH208
        if "__init__.py" in names:
            yield from (f"{folder}.{name[:-3]}" for name in names if name.endswith(".py") and name != "__init__.py")


def _kinds_of(base: type[Rule]) -> Iterator[type[Rule]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


RULES: tuple[type[Rule], ...] = tuple(sorted(_found(), key=lambda rule: rule.code))
