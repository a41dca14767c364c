"""No process gets away: what the user's code starts is found and ended, whatever session or environment it gave itself.

Linux hands a process whose parent has ended to the nearest ancestor that asked for such. While a model is verified
that is us, so all that comes of the model's process is below us in the tree of processes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SET_CHILD_SUBREAPER = 36  # of prctl(2)
_MOST_ROUNDS = 100


@contextmanager
def no_orphans() -> Iterator[None]:
    """End with the block whatever is started inside it, and whatever that starts. Only Linux can."""
    if sys.platform != "linux":
        yield
        return
    kept = set(_below(os.getpid()))
    _adopt(1)
    try:
        yield
    finally:
        _end_all_but(kept)
        _adopt(0)


def _adopt(whether: int) -> None:
    """Where the system refuses it, the processes that left their parents are not found, and no more is lost."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, whether, 0, 0, 0)


def _end_all_but(kept: set[int]) -> None:
    """End all in rounds, as what a process started comes to us only when it has ended."""
    for _ in range(_MOST_ROUNDS):
        found = [pid for pid in _below(os.getpid()) if pid not in kept]
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in found:
            with suppress(ChildProcessError):  # not ours yet
                os.waitpid(pid, 0)


def _below(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(folder.name))
    found = list(children.get(pid, ()))
    for each in found:
        found += children.get(each, ())
    return found
