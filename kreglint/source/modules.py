"""Which file of the project an imported module is, as a reader who knows no search path would find it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache

_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_MOST_LEVELS = 12  # of folders above a file
# Libraries after which packages name modules of their own: `keras/src/ops/numpy.py` imports the real one.
_LIBRARIES = frozenset(
    ("jax", "keras", "matplotlib", "numpy", "onnx", "openvino", "pandas", "scipy", "sklearn", "tensorflow", "torch")
)


class ModuleFinder:
    """Finds modules by their dotted names. It only asks which files there are, and asks once."""

    def __init__(self) -> None:
        self._find_in = cache(self._find)
        self._folder_of = cache(lambda file: os.path.dirname(os.path.abspath(file)))  # noqa: PTH100, PTH120  (pathlib costs ten times as much)
        self._is_file = cache(os.path.isfile)
        self._roots = cache(lambda folder: tuple(_roots(folder)))

    def find(self, module: str, importer: str) -> str | None:
        """Return the file of `module`, as imported in the file `importer`; None where none or more than one may be it.

        A leading dot is the importer's own folder, each further dot the one above. A package is its `__init__.py`.
        """
        return self._find_in(module, self._folder_of(importer))

    def _find(self, module: str, folder: str) -> str | None:
        name = module.lstrip(".")
        parts = name.split(".") if name else []
        if module != name:
            for _ in range(len(module) - len(name) - 1):
                if _is_marked(folder):
                    return None  # above the project
                folder = os.path.dirname(folder)  # noqa: PTH120
            return self._below(folder, parts)
        if parts[0] in sys.stdlib_module_names:
            return None
        roots = self._roots(folder)
        if parts[0] in _LIBRARIES:
            roots = tuple(root for root in roots if self._below(root, []) is None)
        found = {file for root in roots if (file := self._below(root, parts)) is not None}
        return found.pop() if len(found) == 1 else None

    def _below(self, root: str, parts: list[str]) -> str | None:
        place = os.path.join(root, *parts)  # noqa: PTH118
        choices = [os.path.join(place, "__init__.py"), *([f"{place}.py"] if parts else [])]  # noqa: PTH118
        return next((file for file in choices if self._is_file(file)), None)


def project_root(folder: str) -> str:
    """The folder of the project that a folder is of: the nearest that has a mark, else the current one around it."""
    place = folder
    for _ in range(_MOST_LEVELS):
        if _is_marked(place):
            return place
        place = os.path.dirname(place)  # noqa: PTH120
    current = os.getcwd()  # noqa: PTH109
    return current if folder.startswith(os.path.join(current, "")) else folder  # noqa: PTH118


def _is_marked(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS)  # noqa: PTH110, PTH118


def _roots(folder: str) -> Iterator[str]:
    """Yield the folders from which an absolute import may start: those from the file's own up to the project's."""
    for _ in range(_MOST_LEVELS):
        yield folder
        if _is_marked(folder):
            yield os.path.join(folder, "src")  # noqa: PTH118
            return
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return
        folder = above
