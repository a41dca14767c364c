"""Runs a random project with stand-ins for the libraries: its files import one another as Python would have it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType, ModuleType
from typing import Any

from tests.analysis.projects import MadeProject
from tests.analysis.standins import MAIN, World

_MOST_FILES = 50


def run(tried: MadeProject) -> World:
    """Run the script; it ends where it fails, and what it did before counts."""
    world = World(tried.flags)
    loaded: dict[str, ModuleType] = dict(world.modules)

    def load(name: str) -> ModuleType:
        if name not in loaded:
            file = tried.find(name, "/")
            if file is None or len(loaded) > _MOST_FILES:
                raise ImportError(name)
            made: Any = ModuleType(name)
            loaded[name] = made
            made.__package__ = name if file.endswith("__init__.py") else name.rpartition(".")[0]
            execute(tried.files[file], file, made)
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(load(parent), last, loaded[name])
        return loaded[name]

    def import_(name: str, names: Any = None, _: Any = None, fromlist: Any = (), level: int = 0) -> ModuleType:
        full = ".".join(filter(None, (names["__package__"], name))) if level else name
        found = load(full)
        for each in fromlist or ():
            if not hasattr(found, each) and tried.find(f"{full}.{each}", "/"):
                load(f"{full}.{each}")
        return found if fromlist else load(full.partition(".")[0])

    def execute(text: str, file: str, module: ModuleType) -> None:
        names = vars(module)
        names["__builtins__"] = {**vars(builtins), "__import__": import_}
        exec(compile(text, file.removeprefix("/"), "exec"), names)

    script: Any = ModuleType("__main__")
    script.__package__ = ""
    with suppress(Exception), _noted(world.rows):
        execute(tried.script, f"/{MAIN}", script)
    return world


@contextmanager
def _noted(rows: set[int]) -> Iterator[None]:
    """Note the rows of the main program that run."""

    def note(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename != MAIN:
            return None
        if event == "line":
            rows.add(frame.f_lineno)
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        yield
    finally:
        sys.settrace(before)
