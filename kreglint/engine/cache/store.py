"""What an earlier run found in a file, as long as nothing has changed that the outcome depends on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kreglint import version
from kreglint.diagnostics import Diagnostic
from kreglint.engine.cache.folder import NAME, Folder, digest
from kreglint.engine.cache.records import from_record, to_record
from kreglint.engine.project import Files
from kreglint.records import replace
from kreglint.settings.detected import Detected
from kreglint.settings.schema import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.outcome import Outcome

_CRASHED = "KRG901"


def place_of(settings: Settings) -> Path:
    """Return the folder of the cache: the one that is set, or the default in the project's root."""
    return Path(settings.root or ".", settings.cache_dir or NAME).absolute()


class Store:
    """The entries of one run's caches. `files` and `keras` are what the run knows of the files around, and of Keras."""

    def __init__(self, files: Files, keras: Callable[[str], Detected | None]) -> None:
        self._files = files
        self._keras = keras
        self._folder = cache(lambda settings: Folder(place_of(settings)))
        self._real = cache(os.path.realpath)
        self._here = str(Path.cwd())
        self._judge = cache(_judge)

    def recall(self, data: bytes, filename: str, settings: Settings) -> tuple[Diagnostic, ...] | None:
        """Return what was found in a file when all was as it is now, or None if that is not known."""
        content = self._folder(settings).read(self._key(filename, settings))
        if content is None:
            return None
        try:
            entry = json.loads(content)
            holds = self._holds(entry, data, filename, settings)
            return tuple(map(from_record, entry["found"])) if holds else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None  # of another making: what it has is no entry of ours

    def remember(self, outcome: Outcome, data: bytes, filename: str, settings: Settings) -> None:
        """Keep what is found in a file, and what that depends on.

        The outcome of a crash is not kept: it may lie in the machine's state.
        """
        found, asked = outcome
        if asked is None or any(diagnostic.code == _CRASHED for diagnostic in found):
            return
        entry = {
            "content": digest(data),
            "keras": self._declared_keras(filename, settings),
            "modules": [[module, importer, file] for (module, importer), file in sorted(asked.modules.items())],
            "words": [[word, near, files] for (word, near), files in sorted(asked.words.items())],
            "files": [[file, self._files.digest(file)] for file in sorted(asked.files)],
            "found": [to_record(diagnostic) for diagnostic in found],
        }
        content = json.dumps(entry, separators=(",", ":")).encode()
        self._folder(settings).write(self._key(filename, settings), content)

    def _holds(self, entry: dict[str, Any], data: bytes, filename: str, settings: Settings) -> bool:
        """True if the content, where its imports lead, files there and around, and the Keras declared are as then."""
        return (
            entry["content"] == digest(data)
            and all(self._files.find(module, importer) == file for module, importer, file in entry["modules"])
            and all(self._names(word, near) == files for word, near, files in entry["words"])
            and all(self._files.digest(file) == known for file, known in entry["files"])
            and entry["keras"] == self._declared_keras(filename, settings)
        )

    def _names(self, word: str, near: str) -> list[str] | None:
        found = self._files.naming(word, near)
        return list(found) if found is not None else None

    def _declared_keras(self, filename: str, settings: Settings) -> list[str] | None:
        detected = self._keras(filename) if settings.version is None else None
        return [str(each) for each in (*detected.old, *detected.versions)] if detected is not None else None

    def _key(self, filename: str, settings: Settings) -> str:
        """Return what the outcome depends on besides contents: the judge, the settings and the file's name."""
        folder, name = os.path.split(filename)
        known = self._real(folder) + os.sep + name
        real = os.path.realpath(known) if os.path.islink(known) else known  # noqa: PTH114  (for each file of a run)
        named = (self._judge(settings), self._here, filename, real)
        return digest("\0".join(named).encode("utf-8", "surrogatepass"))


def _judge(settings: Settings) -> str:
    judged_by = replace(settings, origins=(), cache_dir=None)
    return digest(repr((_stamp(), judged_by)).encode("utf-8", "surrogatepass"))


def _stamp() -> tuple[object, ...]:
    """This kreglint, its parser and its Python: another one may judge otherwise.

    The files count, not the version alone, so that a changed rule is noticed in a working copy of kreglint too.
    """
    return (version.__version__, sys.version, *_sources(Path(version.__file__).parent), *_parser())


def _sources(folder: Path) -> Iterator[tuple[str, int, int]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = Path(place, name).stat()
            yield os.path.join(place, name), status.st_mtime_ns, status.st_size  # noqa: PTH118


def _parser() -> Iterator[tuple[str, int]]:
    """Where libcst is, found without importing it."""
    found = find_spec("libcst")
    if found is not None and found.origin is not None:
        yield found.origin, Path(found.origin).stat().st_mtime_ns
