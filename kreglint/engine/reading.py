"""From a file's content to its facts, or to one error that says why not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kreglint.diagnostics import Location
from kreglint.engine.guard import attempt
from kreglint.engine.own_layers import own_layers
from kreglint.facts.file import FileFacts
from kreglint.settings.schema import Settings
from kreglint.source.kinds import is_composed
from kreglint.source.text import Source, UndecodableError, decode, from_text

if TYPE_CHECKING:
    from kreglint.analysis.project import Project


DEFAULTS = Settings()


class UnreadableError(Exception):
    """A program that cannot be decoded or parsed: where, and why, as "cannot be parsed: invalid syntax".

    `source` is its text, where it could be decoded.
    """

    def __init__(self, location: Location, reason: str, source: Source | None = None) -> None:
        super().__init__(location, reason, source)
        self.location = location
        self.reason = reason
        self.source = source

    def __str__(self) -> str:
        return f"{self.location.row}:{self.location.column}: {self.reason}"


def read(
    data: str | bytes,
    filename: str,
    settings: Settings = DEFAULTS,
    project: Project | None = None,
    *,
    by_part: bool = False,
) -> tuple[Source, FileFacts]:
    """Decode and analyse one program; what it imports is looked for in the project, if there is one.

    `by_part`: each cell or block is parsed by itself, which is done where the whole cannot be.

    Raises:
        UnreadableError: it cannot be decoded or parsed.
        CrashError: the analysis failed.
        SettingsError: the settings name a layer that no Keras has.
    """
    from kreglint.analysis.analyse import analyse
    from kreglint.analysis.errors import UnparsableError

    source = program_of(data, filename, by_part=by_part)
    work = partial(analyse, source.text, filename, project, own_layers(settings))
    try:
        facts = attempt("the analysis", work, expected=(UnparsableError,))
    except UnparsableError as error:
        if source.parts and not by_part:
            return read(data, filename, settings, project, by_part=True)
        reason = f"cannot be parsed: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason, source) from error
    return source, facts


def unreadable_parts(data: str | bytes, filename: str, *, by_part: bool = False) -> int:
    """How many cells or blocks, or else whether the program as a whole, cannot be decoded or parsed."""
    from kreglint.analysis.analyse import check_syntax
    from kreglint.analysis.errors import UnparsableError

    try:
        source = program_of(data, filename, by_part=by_part)
    except UnreadableError:
        return 1
    try:
        check_syntax(source.text)
    except UnparsableError:
        return unreadable_parts(data, filename, by_part=True) if source.parts and not by_part else 1
    return len(source.refused)


def program_of(data: str | bytes, filename: str, *, by_part: bool = False) -> Source:
    """The program in a file, decoded, and put together where the file holds pieces. Raises UnreadableError."""
    try:
        if is_composed(filename):
            from kreglint.engine.compose import composed

            return composed(data, filename, parse_each=by_part)
        return from_text(data, filename) if isinstance(data, str) else decode(data, filename)
    except UndecodableError as error:
        reason = error.reason if error.reason.startswith("cannot be") else f"cannot be decoded: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason) from error
