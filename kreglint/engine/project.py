"""The project's files, as the analysis asks for them."""

from __future__ import annotations

import os
from pathlib import Path

from kreglint.engine.cache.folder import digest
from kreglint.source.modules import ModuleFinder
from kreglint.source.text import UndecodableError, decode


class Files:
    """Modules from disk. It remembers which content it read of each."""

    def __init__(self) -> None:
        self.find = ModuleFinder().find
        self._digests: dict[str, str | None] = {}

    def read(self, filename: str) -> str | None:
        data = self._data(filename)
        try:
            return None if data is None else decode(data, filename).text
        except UndecodableError:
            return None

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
