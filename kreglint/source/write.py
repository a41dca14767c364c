"""Putting a new content in a file's place so that nothing is lost: at any moment it is the old one or the new one."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

_PERMISSIONS = 0o777
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class UnwrittenError(Exception):
    """A file that was left as it was, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: not fixed and left as it was: {reason}")


def replace_content(path: str, old: bytes, new: bytes) -> None:
    """Give the file at `path`, whose content was read as `old`, the content `new`.

    It is written to a file beside it, flushed to the disk, and renamed. Mode and, where that is permitted, owner are
    kept; a symbolic link is followed. Another name of the same file (a hard link) keeps the old content.

    Raises:
        UnwrittenError: it is read-only, no regular file, was changed since it was read, or cannot be written.
    """
    real = Path(os.path.realpath(path))
    try:
        status = real.stat()
        _refuse_what_is_not_to_be_written(path, real, status)
        _replace(path, real, status, old, new)
    except OSError as error:
        raise UnwrittenError(path, error.strerror or str(error)) from error


def _refuse_what_is_not_to_be_written(path: str, real: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnwrittenError(path, "it is no regular file")
    if not status.st_mode & _ANY_WRITE or not os.access(real, os.W_OK):  # root may write what nobody should
        raise UnwrittenError(path, "it is read-only")


def _replace(path: str, real: Path, status: os.stat_result, old: bytes, new: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".kreglint-", suffix=".tmp", dir=real.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        _take_on(beside, status)
        if real.read_bytes() != old:
            raise UnwrittenError(path, "it has changed since it was read")
        beside.replace(real)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    _flush_folder(real.parent)


def _take_on(file: Path, status: os.stat_result) -> None:
    """The owner and mode of the file that is replaced; without its owner, no right to run as that owner."""
    own = file.stat()
    mode = stat.S_IMODE(status.st_mode)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.chown(file, status.st_uid, status.st_gid)
        except OSError:
            mode &= _PERMISSIONS
    file.chmod(mode)


def _flush_folder(folder: Path) -> None:
    """So that the new name is on the disk too; some file systems know no such thing, and the file is whole anyway."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
