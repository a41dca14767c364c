"""The one place where any exception is caught: a bug of ours on one file must not end the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

ISSUES = "https://github.com/kreglint/kreglint/issues"

Result = TypeVar("Result")


class CrashError(Exception):
    """A part of kreglint failed on a file; the message says which, how, and where to report it."""

    def __init__(self, part: str, error: str) -> None:
        super().__init__(part, error)
        self.part = part
        self.error = error

    def __str__(self) -> str:
        return (
            f"{self.part} failed on this file with {self.error}; "
            f"this is a bug of kreglint, please report it at {ISSUES} with this line and the file"
        )


def attempt(part: str, action: Callable[[], Result], *, expected: tuple[type[Exception], ...] = ()) -> Result:
    """Return what the action returns.

    Raises:
        CrashError: it raised something other than what is `expected`, which is passed on.
    """
    try:
        return action()
    except expected:
        raise
    except Exception as error:
        raise CrashError(part, f"{type(error).__name__}: {error}") from error
