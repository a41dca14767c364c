"""The Keras of the matrix: older versions and other backends, each with an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kreglint.versions import Version, newest
from tools.catalog.observation import package_of


@dataclass(frozen=True, slots=True)
class Engine:
    """One Keras to ask. `python` is the interpreter that has it."""

    name: str
    version: Version
    python: Path
    backend: str = "tensorflow"

    @property
    def package(self) -> str:
        return package_of(self.version)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to install an engine: what pip is to be asked for.

    `over` is installed last and without what it depends on: a nightly build takes the place of the Keras that
    TensorFlow brings.
    """

    name: str
    version: Version
    requirements: tuple[str, ...]
    backend: str = "tensorflow"
    over: str = ""


_TENSORFLOW = "tensorflow==2.21.0"
_OLDER_TENSORFLOW = ("tensorflow==2.16.2", "numpy==1.26.4", "dm-tree")

RECIPES = (
    Recipe("tf-2.15", Version(2, 15), ("tensorflow==2.15.1",)),
    Recipe("keras-3.0", Version(3, 0), ("keras==3.0.5", *_OLDER_TENSORFLOW)),
    Recipe("keras-3.5", Version(3, 5), ("keras==3.5.0", *_OLDER_TENSORFLOW)),
    Recipe("keras-3.13", Version(3, 13), ("keras==3.13.2", _TENSORFLOW)),
    Recipe("keras-3.14", Version(3, 14), ("keras==3.14.0", _TENSORFLOW)),
    Recipe("keras-3.16", Version(3, 16), (_TENSORFLOW,), over="keras-nightly==3.16.0.dev2026102704"),
    Recipe("jax", newest(3), ("keras==3.15.1", _TENSORFLOW, "jax"), backend="jax"),
    Recipe("torch", newest(3), ("keras==3.15.1", _TENSORFLOW, "torch==2.13.*"), backend="torch"),
)


def installed(major: int) -> Engine:
    """The Keras of a major that is installed beside the tests."""
    return Engine(f"keras {major}", newest(major), Path(sys.executable))


def environment(recipe: Recipe, folder: Path) -> Engine:
    """The engine of a recipe, installed below a folder if it is not there yet.

    Raises:
        CalledProcessError: pip could not install it.
    """
    home = folder / recipe.name
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    complete = home / "complete"
    if not complete.exists():
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        _run([str(python), "-m", "pip", "install", "--quiet", *recipe.requirements])
        if recipe.over:
            _run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", recipe.over])
        complete.touch()
    return Engine(recipe.name, recipe.version, python, recipe.backend)


def named(names: Iterable[str]) -> tuple[Recipe, ...]:
    """The recipes of these names, in their order; all where none is named."""
    wanted = set(names)
    return tuple(recipe for recipe in RECIPES if not wanted or recipe.name in wanted)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
