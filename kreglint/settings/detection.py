"""The Keras that a project's declared dependencies bring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kreglint.settings.detected import Detected

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

Known = dict[Path, Detected | None]


def detected_keras(path: str, known: Known | None = None) -> Detected | None:
    """What the closest files with dependencies say of Keras, from a file or folder upward to its repository's root.

    None where they do not say, or allow any version. `known` is what was found before, by folder: it is not looked for
    again, and what is found is added.
    """
    place = Path(path).absolute()
    return _in_folder(place if place.is_dir() else place.parent, {} if known is None else known)


def _in_folder(folder: Path, known: Known) -> Detected | None:
    if folder not in known:
        known[folder] = _detected(folder, known)
    return known[folder]


def _detected(folder: Path, known: Known) -> Detected | None:
    declared = [found for file in _files(folder) if (found := _read(file)) is not None]
    if declared:
        from kreglint.settings.allowed import allowed

        return allowed(declared)
    if folder.parent == folder or (folder / ".git").exists():
        return None
    return _in_folder(folder.parent, known)


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
