"""The rules, one file each, in the folders beside this file. To add one, write its file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from kreglint.rules.base import Rule


def _found() -> Iterator[type[Rule]]:
    for file in _files():
        module = import_module(f"{__name__}.{file.parent.name}.{file.stem}")
        yield from (kind for kind in vars(module).values() if _is_rule(kind, module.__name__))


def _files() -> Iterator[Path]:
    for folder in Path(__file__).parent.iterdir():
        if (folder / "__init__.py").exists():
            yield from (file for file in folder.iterdir() if file.suffix == ".py" and file.stem != "__init__")


def _is_rule(kind: object, module: str) -> bool:
    """Whether it is a rule that is written in that module, and no base of several."""
    return isinstance(kind, type) and issubclass(kind, Rule) and kind.__module__ == module and "code" in vars(kind)


RULES: tuple[type[Rule], ...] = tuple(sorted(_found(), key=lambda rule: rule.code))
