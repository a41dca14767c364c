"""The rules, one file each, in the folders beside this file. To add one, write its file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from kreglint.rules.base import Rule


def _found() -> Iterator[type[Rule]]:
    for file in _files():
        import_module(f"{__name__}.{file.parent.name}.{file.stem}")
    yield from (kind for kind in _kinds_of(Rule) if "code" in vars(kind))  # the others are bases of several


def _files() -> Iterator[Path]:
    for folder in Path(__file__).parent.iterdir():
        if (folder / "__init__.py").exists():
            yield from (file for file in folder.iterdir() if file.suffix == ".py" and file.stem != "__init__")


def _kinds_of(base: type[Rule]) -> Iterator[type[Rule]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


RULES: tuple[type[Rule], ...] = tuple(sorted(_found(), key=lambda rule: rule.code))
