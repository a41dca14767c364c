"""The Keras that a project's declared dependencies bring."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

from kreglint.settings.detected import Detected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.settings.declarations import Declared

_REQUIREMENTS = "requirements"  # a folder
_FILES = (  # those with exact versions first
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "*conda-lock.yml",
    "pyproject.toml",
    "setup.cfg",
    "Pipfile",
    "requirements*.txt",
    f"{_REQUIREMENTS}/*.txt",
    "environment*.yml",
    "environment*.yaml",
)
_WORDS = (b"keras", b"tensorflow")

Known = dict[str, Detected | None]


def detected_keras(path: str, known: Known | None = None) -> Detected | None:
    """What the closest files with dependencies say of Keras, from a file or folder upward to its repository's root.

    None where they do not say, or allow any version. `known` is what was found before, by folder: it is not looked for
    again, and what is found is added.
    """
    folder = path if os.path.isdir(path) else os.path.dirname(path)  # noqa: PTH112, PTH120  (for each file of a run)
    return _in_folder(os.path.abspath(folder), {} if known is None else known)  # noqa: PTH100


def _in_folder(folder: str, known: Known) -> Detected | None:
    if folder not in known:
        known[folder] = _detected(folder, known)
    return known[folder]


def _detected(path: str, known: Known) -> Detected | None:
    folder = Path(path)
    declared = [found for file in _files(folder) if (found := _read(file)) is not None]
    if declared:
        from kreglint.settings.allowed import allowed

        return allowed(declared)
    if folder.parent == folder or (folder / ".git").exists():
        return None
    return _in_folder(str(folder.parent), known)


def _files(folder: Path) -> Iterator[Path]:
    """Yield those of a folder that may declare dependencies: it is listed once, as few folders have any."""
    names = _names(folder)
    inner = {_REQUIREMENTS: _names(folder / _REQUIREMENTS) if _REQUIREMENTS in names else []}
    for pattern in _FILES:
        within, _, name = pattern.rpartition("/")
        found = fnmatch.filter(inner[within] if within else names, name)
        yield from (file for each in sorted(found) if (file := folder / within / each).is_file())


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  (names are all that is needed)
    except OSError:
        return []


def _read(file: Path) -> Declared | None:
    """What a file declares of Keras or TensorFlow; None where it declares nothing of them or cannot be read."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if not any(word in data.lower() for word in _WORDS):
        return None
    from kreglint.settings.declarations import declared

    return declared(file.name, data.decode("utf-8-sig", "replace"))
