"""The project's files, as the analysis asks for them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path

from kreglint.engine.cache.folder import digest
from kreglint.settings.schema import DEFAULT_EXCLUDE
from kreglint.source.discovery import find_files
from kreglint.source.modules import ModuleFinder, project_root
from kreglint.source.text import UndecodableError, decode

_CALLED = re.compile(rb"([A-Za-z_]\w*)[ \t]*(?:\(|as\b)")  # also where it is imported by another name
_MOST_FILES = 5_000  # that are looked through for calls, or for a word


class Files:
    """Modules from disk. It remembers which content it read of each."""

    def __init__(self) -> None:
        self.find = ModuleFinder().find
        self._digests: dict[str, str | None] = {}
        self._called_below = cache(_called_below)
        self._programs_below = cache(_programs_below)
        self._naming = cache(self._look_for)

    def read(self, filename: str) -> str | None:
        data = self._data(filename)
        try:
            return None if data is None else decode(data, filename).text
        except UndecodableError:
            return None

    def calling(self, name: str, near: str) -> tuple[str, ...]:
        """Return the files of the project around a file in whose text a name stands as one that is called."""
        return tuple(self._called_below(_root_around(near)).get(name, ()))

    def naming(self, word: str, near: str) -> tuple[str, ...] | None:
        """Return the files of the project around a file in whose text a word stands; None if these are too many."""
        return self._naming(word, _root_around(near))

    def _look_for(self, word: str, root: str) -> tuple[str, ...] | None:
        files = self._programs_below(root)
        if files is None:
            return None
        whole = re.compile(rb"\b" + re.escape(word.encode()) + rb"\b")
        return tuple(file for file, data in _read(files) if whole.search(data))

    @property
    def looked_into(self) -> tuple[str, ...]:
        """The files that were read, and those that were to be."""
        return tuple(self._digests)

    def digest(self, filename: str) -> str | None:
        """Return a digest of the content that was read and of the file's real path, or None if there is no file."""
        if filename not in self._digests:
            self._data(filename)
        return self._digests[filename]

    def _data(self, filename: str) -> bytes | None:
        try:
            data = Path(filename).read_bytes()
        except OSError:
            data = None
        place = os.fsencode(os.path.realpath(filename))
        self._digests[filename] = None if data is None else digest(place + b"\0" + data)
        return data


def _root_around(file: str) -> str:
    """Return the folder of the project that a file belongs to. A relative name is taken from the current folder."""
    return project_root(os.path.dirname(os.path.abspath(file)))  # noqa: PTH100, PTH120  (as ModuleFinder)


def _called_below(root: str) -> dict[str, list[str]]:
    """Return the program files below a folder by the names that are called in them; none of a folder with too many."""
    found: dict[str, list[str]] = {}
    for file, data in _read(_programs_below(root) or ()):
        for name in set(_CALLED.findall(data)):
            found.setdefault(name.decode(), []).append(file)
    return found


def _programs_below(root: str) -> tuple[str, ...] | None:
    """Return the program files below a folder; None of a folder with too many."""
    found = find_files([root], exclude=DEFAULT_EXCLUDE, root=root, on_error=lambda _: None)
    files = list(islice(found, _MOST_FILES + 1))
    if len(files) > _MOST_FILES:
        return None
    return tuple(os.path.abspath(file) for file in files if file.endswith(".py"))  # noqa: PTH100  (as ModuleFinder)


def _read(files: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        with suppress(OSError):
            yield file, Path(file).read_bytes()
