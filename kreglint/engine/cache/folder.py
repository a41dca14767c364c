"""The folder of a cache: entries by their keys, each written whole, each read only if it is as it was written."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from kreglint.version import __version__

NAME = ".kreglint_cache"

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file tells programs that make backups that this folder is a cache (https://bford.info/cachedir/).\n"
)
_IGNORE_FILE, _TAG_FILE = ".gitignore", "CACHEDIR.TAG"
_IGNORE = "# Written by kreglint.\n*\n"
_DAY = 24 * 60 * 60  # seconds
_KEPT = 30 * _DAY  # an entry that nobody has asked for


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


class Folder:
    """A folder of entries. What cannot be read is not there, and where nothing can be written, nothing is."""

    __slots__ = ("_entries", "_place", "_usable")

    def __init__(self, place: Path) -> None:
        self._place = place
        self._entries = place / __version__
        self._usable: bool | None = None

    def read(self, key: str) -> bytes | None:
        """Return the content of an entry, or None if there is none, or one that is damaged."""
        file = self._file(key)
        try:
            written = file.read_bytes()
            self._note_use(file)
        except OSError:
            return None
        mark, _, content = written.partition(b"\n")
        return content if mark == digest(content).encode() else None

    def write(self, key: str, content: bytes) -> None:
        """Put an entry in the place of what was there, if that can be done."""
        if self._usable is None:
            self._usable = prepare(self._place) is None
            self._prune()
        if self._usable:
            try:
                _write_whole(self._file(key), digest(content).encode() + b"\n" + content)
            except OSError:
                self._usable = False

    def _prune(self) -> None:
        """Once a day: remove the entries that nobody has asked for in 30 days, of every version."""
        now, last = time.time(), self._place / _IGNORE_FILE
        with suppress(OSError):
            if now - last.stat().st_mtime > _DAY:
                os.utime(last, (now, now))
                for file in self._place.glob("*/*/*"):
                    if now - file.stat().st_mtime > _KEPT:
                        file.unlink()

    def _file(self, key: str) -> Path:
        return self._entries / key[:2] / key[2:]

    @staticmethod
    def _note_use(file: Path) -> None:
        now = time.time()
        if now - file.stat().st_mtime > _DAY:
            os.utime(file, (now, now))


def prepare(place: Path) -> OSError | None:
    """Make the folder, and say in it what it is to git and to programs that make backups; what kept it from that."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in ((_IGNORE_FILE, _IGNORE), (_TAG_FILE, _TAG)):
            if not (place / name).exists():
                _write_whole(place / name, text.encode())
    except OSError as error:
        return error
    return None


def _write_whole(file: Path, data: bytes) -> None:
    """Not flushed to the disk, as files of users are: an entry that a crash damages is found by its digest."""
    file.parent.mkdir(exist_ok=True, parents=True)
    temporary = file.with_name(f"{file.name}.{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb") as new:
            new.write(data)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
