"""From a file's content to its facts, or to one error that says why not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kreglint.diagnostics import Location
from kreglint.engine.guard import attempt
from kreglint.engine.own_layers import own_layers
from kreglint.facts.file import ON_DEMAND, FileFacts
from kreglint.settings.schema import Settings
from kreglint.source.kinds import is_composed
from kreglint.source.text import Source, UndecodableError, decode, from_text

if TYPE_CHECKING:
    from kreglint.analysis.syntax.errors import UnparsableError
    from kreglint.analysis.values.project import Project


DEFAULTS = Settings()


class UnreadableError(Exception):
    """A program that cannot be decoded or parsed: where, and why, as "cannot be parsed: invalid syntax".

    `source` is its text, where it could be decoded, and `line` the one that the place is in.
    """

    def __init__(self, location: Location, reason: str, source: Source | None = None, line: str = "") -> None:
        super().__init__(location, reason, source, line)
        self.location = location
        self.reason = reason
        self.source = source
        self.line = line

    def __str__(self) -> str:
        return f"{self.location.row}:{self.location.column}: {self.reason}"


def read(
    data: str | bytes,
    filename: str,
    settings: Settings = DEFAULTS,
    project: Project | None = None,
    *,
    wanted: Collection[str] = ON_DEMAND,
    retried: bool = False,
) -> tuple[Source, FileFacts]:
    """Decode and analyse one program; what it imports is looked for in the project, if there is one.

    `wanted`: as for `analyse`.

    `retried`: where the whole cannot be parsed, each cell or block is by itself, and of a script what is not IPython's.

    Raises:
        UnreadableError: it cannot be decoded or parsed.
        CrashError: the analysis failed.
        SettingsError: the settings name a layer that no Keras has.
    """
    from kreglint.analysis.analyse import analyse
    from kreglint.analysis.syntax.errors import UnparsableError

    source = program_of(data, filename, retried=retried)
    work = partial(analyse, source.text, filename, project, own_layers(settings), wanted)
    try:
        facts = attempt("the analysis", work, expected=(UnparsableError,))
    except UnparsableError as error:
        if not retried and program_of(data, filename, retried=True) != source:
            return read(data, filename, settings, project, wanted=wanted, retried=True)
        raise _unparsable(data, filename, source, error) from error
    return source, facts


def unreadable_parts(data: str | bytes, filename: str, *, retried: bool = False) -> int:
    """How many cells or blocks, or else whether the program as a whole, cannot be decoded or parsed."""
    from kreglint.analysis.analyse import check_syntax
    from kreglint.analysis.syntax.errors import UnparsableError

    try:
        source = program_of(data, filename, retried=retried)
    except UnreadableError:
        return 1
    try:
        check_syntax(source.text)
    except UnparsableError:
        return 1 if retried else unreadable_parts(data, filename, retried=True)
    return len(source.refused)


def program_of(data: str | bytes, filename: str, *, retried: bool = False) -> Source:
    """The program in a file, decoded, and put together where the file holds pieces. Raises UnreadableError."""
    try:
        if is_composed(filename):
            from kreglint.engine.compose import composed

            return composed(data, filename, parse_each=retried)
        source = from_text(data, filename) if isinstance(data, str) else decode(data, filename)
    except UndecodableError as error:
        reason = error.reason if error.reason.startswith("cannot be") else f"cannot be decoded: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason) from error
    if retried:
        from kreglint.source.scripts import without_ipython

        return replace(source, text=without_ipython(source.text))
    return source


def _unparsable(data: str | bytes, filename: str, source: Source, error: UnparsableError) -> UnreadableError:
    """Why a program is not read; of a script the line is shown as it stands."""
    shown = source if is_composed(filename) else program_of(data, filename)
    line = shown.line(error.row) if error.row <= shown.rows else ""
    return UnreadableError(Location(error.row, error.column), f"cannot be parsed: {error.reason}", source, line)
