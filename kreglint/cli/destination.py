"""Where the output of a command goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from kreglint.cli.stream import write
from kreglint.output.colour import Palette, palette


class Destination:
    """`stdout_is_taken`: by the program itself, fixed; then what is said of it goes to standard error.

    Raises OSError where there is no folder for the file.
    """

    __slots__ = ("_file", "_stdout_is_taken", "on_terminal")

    def __init__(self, file: str | None, *, stdout_is_taken: bool = False) -> None:
        if file is not None:
            from kreglint.source.writing import require_folder

            require_folder(file)
        self._file = file
        self._stdout_is_taken = stdout_is_taken
        self.on_terminal = file is None and sys.stdout.isatty()

    def palette(self, color: str) -> Palette:
        return palette(color, os.environ, on_terminal=self.on_terminal)

    def write(self, parts: Iterable[str], *, as_utf8: bool) -> None:
        """Standard output as the parts come; a file in UTF-8 when all of them are there. Raises OSError."""
        if self._file is None:
            write(parts, as_utf8=as_utf8, to_stderr=self._stdout_is_taken)
            return
        data = "".join(parts).encode("utf-8", "backslashreplace")
        if _is_special(self._file):
            Path(self._file).write_bytes(data)
            return
        from kreglint.source.writing import replace_file

        replace_file(self._file, data, None)


def _is_special(file: str) -> bool:
    """True if it is a pipe or a device, as `/dev/stderr`, which cannot be replaced."""
    try:
        return not stat.S_ISREG(Path(file).stat().st_mode)
    except FileNotFoundError:
        return False
