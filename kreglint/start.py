"""Where every command starts. A file that mentions nothing of ours is done here, before anything is imported."""

from __future__ import annotations

import io
import os
import stat
import sys

from kreglint.gate import mentions, summary

INTERRUPTED = 130  # as shells count a process that SIGINT ended: 128 + 2
BROKEN_PIPE = 141  # and SIGPIPE: 128 + 13

_STDOUT, _STDERR = 1, 2


def main() -> int:
    """Run the command line and return the exit code."""
    try:
        return _run_and_flush(sys.argv[1:])
    except KeyboardInterrupt:
        print("kreglint: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _discard(_STDOUT)
        _discard(_STDERR)
        return BROKEN_PIPE
    except OSError as error:
        _discard(_STDOUT)
        print(f"kreglint: {error}", file=sys.stderr)
        return 2


def _run_and_flush(arguments: list[str]) -> int:
    try:
        files = _count_unconcerned(arguments)
        if files:
            print(summary(files), file=sys.stderr)
            return 0
        from kreglint.cli.main import main as run

        return run(arguments)
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a closed pipe can still be answered, not as the interpreter ends


def _count_unconcerned(arguments: list[str]) -> int:
    """How many files `check` was given, if it was given nothing else and none of them mentions us; else 0."""
    if arguments[:1] != ["check"]:
        return 0
    files = set()
    for path in arguments[1:]:
        identity = None if path.startswith("-") else _unconcerned(path)
        if identity is None:
            return 0
        files.add(identity)
    return len(files)


def _unconcerned(path: str) -> tuple[int, int] | None:
    """The identity of a regular file that does not mention us, else None."""
    try:
        with io.FileIO(path) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or mentions(file.readall()):
                return None
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _discard(descriptor: int) -> None:
    """Let what is still buffered go nowhere, so that the interpreter's end does not fail on it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
