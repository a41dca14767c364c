"""The Keras that a project's declared dependencies bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kreglint.versions import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.settings.declarations import Declared

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
    "requirements/*.txt",
    "environment*.yml",
    "environment*.yaml",
)
_WORDS = (b"keras", b"tensorflow")


@dataclass(frozen=True, slots=True)
class Detected:
    """The versions of Keras that a project may run on, oldest first, and what says so: "keras>=3 in setup.cfg".

    `old` are versions that some TensorFlow among them shares its names with, and is not judged by.
    """

    versions: tuple[Version, ...]
    source: str
    old: tuple[Version, ...] = ()


def detected_keras(path: str) -> Detected | None:
    """What the closest files with dependencies say of Keras, from a file or folder upward to its repository's root.

    None where they do not say, or allow any version.
    """
    place = Path(path).absolute()
    return _detected(place if place.is_dir() else place.parent)


def forget_detected() -> None:
    """Let the next look read the files again."""
    _detected.cache_clear()


@cache
def _detected(folder: Path) -> Detected | None:
    declared = [found for file in _files(folder) if (found := _read(file)) is not None]
    if declared:
        from kreglint.settings.allowed import allowed

        return allowed(declared)
    if folder.parent == folder or (folder / ".git").exists():
        return None
    return _detected(folder.parent)


def _files(folder: Path) -> Iterator[Path]:
    for pattern in _FILES:
        yield from sorted(file for file in folder.glob(pattern) if file.is_file())


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
