"""Writing to standard output, or where that is taken, to standard error."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable


def write(parts: Iterable[str], *, as_utf8: bool = False, to_stderr: bool = False) -> None:
    """Write each part as it comes.

    What the stream's encoding cannot say, as the λ on an old console or a file name that is no Unicode, is
    written as an escape. `as_utf8`: in UTF-8 whatever the locale is, with an escape where JSON knows one too.
    """
    stream = sys.stderr if to_stderr else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        encoding = "utf-8" if as_utf8 else stream.encoding
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
    for part in parts:
        stream.write(part)
    stream.flush()
