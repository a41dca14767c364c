"""Writing files so that nothing is lost: what stands there afterwards is the old content or the new one, whole."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from errno import EACCES, EINVAL, ENOENT
from pathlib import Path

_PERMISSIONS = 0o777
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class ChangedFileError(Exception):
    """A file is not as it was when it was read."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: changed since it was read; it is left as it is"


def require_folder(path: str) -> None:
    """Raise OSError where a file cannot be written for want of its folder: to be asked before anything is written."""
    if not Path(os.path.realpath(path)).parent.is_dir():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), path)


def replace_file(path: str, data: bytes, expected_old: bytes | None) -> None:
    """Put `data` in the place of a file's content, through a temporary file beside it.

    A symbolic link is followed and stays; the mode stays, and the owner where that is permitted. Another name of the
    same file (a hard link) keeps the old content. With an `expected_old` of None it does not matter what is there,
    if anything.

    Raises:
        ChangedFileError: the file's content is not `expected_old`; it is left alone.
        OSError: it cannot be written, or is read-only, for root too; it is left alone.
    """
    try:
        _replace(Path(os.path.realpath(path)), path, data, expected_old)
    except OSError as error:
        error.filename, error.filename2 = path, None  # whatever other file it came from on the way
        raise


def _replace(place: Path, path: str, data: bytes, expected_old: bytes | None) -> None:
    status = place.stat() if expected_old is not None or place.exists() else None
    if status is not None:
        _refuse_what_is_not_to_be_written(place, status)
    temporary = _written_beside(place, data)
    try:
        _keep_status(temporary, status)
        if expected_old is not None and place.read_bytes() != expected_old:  # as late as can be
            raise ChangedFileError(path)
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(place.parent)


def _refuse_what_is_not_to_be_written(place: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(EINVAL, "not a regular file")
    if not status.st_mode & _ANY_WRITE:
        raise PermissionError(EACCES, "the file is read-only")
    if not os.access(place, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))


def _written_beside(place: Path, data: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name[:50]}.", suffix=".tmp", dir=place.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _keep_status(temporary: Path, status: os.stat_result | None) -> None:
    """Keep the old file's mode and owner; a new file gets the mode that the process gives to new files."""
    if status is None:
        temporary.chmod(0o666 & ~_umask())
        return
    mode = stat.S_IMODE(status.st_mode)
    if hasattr(os, "chown"):
        try:
            os.chown(temporary, status.st_uid, status.st_gid)
        except PermissionError:
            mode &= _PERMISSIONS  # what would run with the rights of the owner that it has lost
    temporary.chmod(mode)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush_folder(folder: Path) -> None:
    """Flush a folder, so that the new name survives a power cut, too. Not every system can open one."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
