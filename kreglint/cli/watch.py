"""`--watch`: check again whenever something changes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from kreglint.cli.errors import FAILED, UsageError, complain
from kreglint.cli.files import Inputs
from kreglint.cli.options import CheckOptions
from kreglint.engine.run import Run
from kreglint.settings.load import configuration_places
from kreglint.settings.schema import SettingsError

Snapshot = Mapping[str, tuple[int, int, int]]

INTERRUPTED = 130  # as shells count a process that SIGINT ended, and as Ruff ends
_SECONDS = 0.5  # between two looks
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(
    check: Callable[[Run], int],
    look: Callable[[Run], Snapshot],
    wait: Callable[[], None] = lambda: time.sleep(_SECONDS),
    tell: Callable[[str], None] | None = None,
) -> int:
    """Check, and check again whenever a look differs from the last one, until SIGINT comes; the exit code.

    Each check has a run of its own, which reads everything again. A look is at what the last one read.
    What a run cannot do, as with a configuration that is just being written, is told, and the watch goes on.
    """
    tell = tell or _tell
    tell("Starting in watch mode...")
    try:
        run = Run()
        seen = look(run)  # before the check, so that a change while it runs is not missed
        _check_once(check, run)
        while True:
            tell("Watching for file changes.")
            seen = _changed(seen, partial(look, run), wait)
            _clear()
            tell("File change detected...")
            run = Run()
            _check_once(check, run)
    except KeyboardInterrupt:
        return INTERRUPTED


def snapshot(paths: list[str], options: CheckOptions, run: Run) -> Snapshot:
    """When each file was changed that an outcome depends on: those to check, their imports, and configurations."""
    seen = {}
    for file in (*_to_check(paths, options, run), *run.files.looked_into, *_configurations(paths or ["."])):
        try:
            status = Path(file).stat()
        except OSError:
            continue
        seen[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return seen


def _changed(seen: Snapshot, look: Callable[[], Snapshot], wait: Callable[[], None]) -> Snapshot:
    while True:
        wait()
        now = look()
        if now != seen:
            return now


def _check_once(check: Callable[[Run], int], run: Run) -> int:
    try:
        return check(run)
    except BrokenPipeError:
        raise
    except (UsageError, SettingsError, OSError) as error:
        complain(error)
        return FAILED


def _to_check(paths: list[str], options: CheckOptions, run: Run) -> list[str]:
    """Return the files to check, without a word about those that are not there: the check has told of them."""
    try:
        return list(Inputs(paths, options, run, complain=lambda error: None).files())
    except SettingsError:
        return []


def _configurations(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        folder = path if os.path.isdir(path) else str(Path(path).parent)  # noqa: PTH112
        yield from map(str, configuration_places(folder))


def _clear() -> None:
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR)
        sys.stdout.flush()


def _tell(message: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {message}", file=sys.stderr)
