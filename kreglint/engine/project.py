"""The project's files, as the analysis asks for them."""

from __future__ import annotations

import os
import re
from functools import cache
from itertools import islice
from pathlib import Path

from kreglint.engine.cache.folder import digest
from kreglint.settings.schema import DEFAULT_EXCLUDE
from kreglint.source.discovery import find_files
from kreglint.source.modules import ModuleFinder, project_root
from kreglint.source.text import UndecodableError, decode

_CALLED = re.compile(rb"([A-Za-z_]\w*)[ \t]*(?:\(|as\b)")  # also where it is imported by another name
_MOST_FILES = 5_000  # that are looked through for calls


class Files:
    """Modules from disk. It remembers which content it read of each."""

    def __init__(self) -> None:
        self.find = ModuleFinder().find
        self._digests: dict[str, str | None] = {}
        self._called_below = cache(_called_below)

    def read(self, filename: str) -> str | None:
        data = self._data(filename)
        try:
            return None if data is None else decode(data, filename).text
        except UndecodableError:
            return None

    def calling(self, name: str, near: str) -> tuple[str, ...]:
        """Return the files of the project around a file in whose text a name stands as one that is called."""
        return tuple(self._called_below(project_root(os.path.dirname(near))).get(name, ()))  # noqa: PTH120

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


def _called_below(root: str) -> dict[str, list[str]]:
    """Return the program files below a folder by the names that are called in them; none of a folder with too many."""
    found: dict[str, list[str]] = {}
    files = list(
        islice(find_files([root], exclude=DEFAULT_EXCLUDE, root=root, on_error=lambda _: None), _MOST_FILES + 1)
    )
    for file in files if len(files) <= _MOST_FILES else ():
        if not file.endswith(".py"):
            continue
        try:
            names = set(_CALLED.findall(Path(file).read_bytes()))
        except OSError:
            continue
        for name in names:
            found.setdefault(name.decode(), []).append(os.path.abspath(file))  # noqa: PTH100  (as ModuleFinder does)
    return found
