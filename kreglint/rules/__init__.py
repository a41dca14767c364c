"""The rules, one file each, in the folders beside this file. To add one, write its file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from kreglint.rules.base import Rule


def _found() -> Iterator[type[Rule]]:
    for folder in iter_modules(__path__):
        if folder.ispkg:
            package = import_module(f"{__name__}.{folder.name}")
            for file in iter_modules(package.__path__):
                module = import_module(f"{package.__name__}.{file.name}")
                yield from (kind for kind in vars(module).values() if _is_rule(kind, module.__name__))


def _is_rule(kind: object, module: str) -> bool:
    """Whether it is a rule that is written in that module, and no base of several."""
    return isinstance(kind, type) and issubclass(kind, Rule) and kind.__module__ == module and "code" in vars(kind)


RULES: tuple[type[Rule], ...] = tuple(sorted(_found(), key=lambda rule: rule.code))
