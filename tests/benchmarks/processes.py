"""Commands, with what they took; pairs of commands that take turns, so that a busy machine slows down both."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import NamedTuple

Command = list[object]


class Usage(NamedTuple):
    """What a process and those that it waited for took; `peak` is the most memory of one of them, in MB."""

    wall: float
    cpu: float
    peak: float


def python(*arguments: object) -> Command:
    return [sys.executable, *arguments]


def usage(command: Command) -> Usage:
    """Run a command that ends with 0 or 1. Output is thrown away. Raises SystemExit for any other end."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, took = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            errors.seek(0)
            raise SystemExit(f"{command} failed: {errors.read().decode()}")
    scale = 1e6 if sys.platform == "darwin" else 1e3  # of bytes, or of kilobytes
    return Usage(wall, took.ru_utime + took.ru_stime, took.ru_maxrss / scale)


def wall(used: Usage) -> float:
    return used.wall


def cpu(used: Usage) -> float:
    return used.cpu


def pairs(command: Command, yardstick: Command, count: int, warm_up: bool = True) -> list[tuple[Usage, Usage]]:
    """Return what both commands took, each time one after the other."""
    if warm_up:
        usage(command)
        usage(yardstick)
    return [(usage(command), usage(yardstick)) for _ in range(count)]


def ratios(measured: list[tuple[Usage, Usage]], by: Callable[[Usage], float] = wall) -> list[float]:
    return [by(one) / by(other) for one, other in measured]
