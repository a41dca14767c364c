"""How a run that cannot do what was asked says so: one line on standard error."""

from __future__ import annotations

import sys

from kreglint.likeness import closest

FAILED = 2


class UsageError(Exception):
    """The command line itself is wrong."""


def complain(error: Exception) -> None:
    print(f"kreglint: error: {_error_line(error)}", file=sys.stderr)


def warn(message: str) -> None:
    print(f"kreglint: warning: {message}", file=sys.stderr)


def _error_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{_one_line(str(error.filename))}: {error.strerror}"
    return _one_line(str(error))


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return the end of a message about an unknown word: the known one that was probably meant, if there is one."""
    near = closest(word, known)
    return f" (did you mean {near!r}?)" if near is not None else ""
