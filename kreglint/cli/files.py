"""The files that a command is to read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

from kreglint.cli.errors import UsageError, complain
from kreglint.cli.options import SharedOptions
from kreglint.cli.settings import SettingsFinder
from kreglint.engine.run import Run
from kreglint.source.discovery import MissingPathError, find_files, require
from kreglint.source.paths import shown

_STDIN = "-"


class Inputs:
    """Standard input and the files that were named or lie in the folders named.

    What cannot be read is told on standard error, and `failed` says so afterwards: the rest goes on.
    """

    __slots__ = ("_complain", "_found", "_options", "_paths", "failed", "reads_stdin", "run", "settings")

    def __init__(
        self, paths: list[str], options: SharedOptions, run: Run, complain: Callable[[Exception], None] = complain
    ) -> None:
        named = [path for path in paths if path != _STDIN]
        self.reads_stdin = _STDIN in paths or (options.stdin_filename is not None and not paths)
        if options.stdin_filename is not None and not self.reads_stdin:
            raise UsageError("--stdin-filename: expected - for standard input among the paths")
        self._paths = named if named or self.reads_stdin else ["."]
        self._options = options
        self._complain = complain
        self._found: set[str] = set()
        self.run = run
        self.settings = SettingsFinder(options, run)
        self.failed = False

    @property
    def stdin_filename(self) -> str:
        return shown(self._options.stdin_filename or "<stdin>")

    def files(self) -> Iterator[str]:
        """Yield each file once, in the order of the paths. Raises SettingsError."""
        for path in self._paths:
            yield from self._in(path)

    def _in(self, path: str) -> Iterator[str]:
        settings = self.settings(path)
        found = find_files(
            [path],
            exclude=settings.excluded,
            root=settings.root,
            texts=settings.check_docs,
            respect_gitignore=self._options.respect_gitignore,
            on_error=self.report_failure,
        )
        try:
            for file in found:
                real = os.path.realpath(file)
                if real not in self._found:
                    self._found.add(real)
                    yield shown(file)
        except MissingPathError as error:
            self.report_failure(error)

    def require(self) -> None:
        """Raise UsageError where a path does not exist: what writes files does all that was asked, or nothing."""
        try:
            require(self._paths)
        except MissingPathError as error:
            raise UsageError(f"{error}; nothing is written") from error

    def report_failure(self, error: Exception) -> None:
        self.failed = True
        self._complain(error)


def read_stdin() -> bytes:
    return sys.stdin.buffer.read()
