"""File names as the URIs of SARIF."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote


def uri(filename: str) -> str:
    """Return a relative URI for a relative path, a `file:` URI for an absolute one.

    >>> uri("my nets/λ.py")
    'my%20nets/%CE%BB.py'
    """
    path = PurePath(filename)
    if path.is_absolute():
        return path.as_uri()
    return quote(path.as_posix().encode("utf-8", "surrogateescape"))
