"""From a file's content to its facts, or to one error that says why not."""

from __future__ import annotations

from kreglint.diagnostics import Location
from kreglint.facts.file import FileFacts
from kreglint.source.text import Source, UndecodableError, decode, from_text


class UnreadableError(Exception):
    """A program that cannot be decoded or parsed: where, and why, as "cannot be parsed: invalid syntax"."""

    def __init__(self, location: Location, reason: str) -> None:
        super().__init__(location, reason)
        self.location = location
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.location.row}:{self.location.column}: {self.reason}"


def read(data: str | bytes, filename: str) -> tuple[Source, FileFacts]:
    """Decode and analyse one program.

    Raises:
        UnreadableError: it cannot be decoded or parsed.
    """
    from kreglint.analysis.analyse import analyse
    from kreglint.analysis.errors import UnparsableError

    try:
        source = from_text(data, filename) if isinstance(data, str) else decode(data, filename)
        return source, analyse(source.text)
    except UndecodableError as error:
        reason = error.reason if error.reason.startswith("cannot be") else f"cannot be decoded: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason) from error
    except UnparsableError as error:
        reason = f"cannot be parsed: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason) from error
