"""The stage that reads: from a file's content to its facts, or to what is said of it instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING

from kreglint.diagnostics import Location
from kreglint.engine.case import Case
from kreglint.engine.guard import CrashError, attempt
from kreglint.engine.own_layers import own_layers
from kreglint.engine.remark import Remark
from kreglint.facts.file import ON_DEMAND, FileFacts
from kreglint.records import field, record, replace
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.settings.schema import Settings
from kreglint.source.kinds import is_composed
from kreglint.source.noqa import Suppressions, suppressions
from kreglint.source.text import Source, UndecodableError, decode, from_text

if TYPE_CHECKING:
    from kreglint.analysis.syntax.errors import UnparsableError
    from kreglint.analysis.values.project import Project
    from kreglint.source.jupytext import Header


DEFAULTS = Settings()
_MARIMO = "marimo"
_JUPYTEXT = "jupytext"
_NBCONVERT = "get_ipython()"


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


@record()
class Reading:
    """A file that was read: its program, what is known of it, and its suppression comments.

    `facts` is None if it could not be read or analysed; then there is no program and there are no comments either.
    `remarks` say so, of the whole or of its cells.
    """

    source: Source
    facts: FileFacts | None
    comments: Suppressions = field(default_factory=Suppressions)
    remarks: tuple[Remark, ...] = ()


def reading(case: Case, wanted: Collection[str] = ON_DEMAND) -> Reading:
    """Read a file, whatever it holds. `wanted`: as for `analyse`."""
    try:
        source, facts = read(case.data, case.filename, case.settings, case.project, wanted=wanted)
    except UnreadableError as error:
        return unread(case.filename, error)
    except CrashError as error:
        return Reading(Source(case.filename, ""), None, remarks=(Remark(CrashedRule, str(error)),))
    return Reading(source, facts, suppressions(source), tuple(_refused_cells(source)))


def unread(filename: str, error: UnreadableError) -> Reading:
    """A file without facts; nothing is said of one that asks to be left alone."""
    remark = Remark(UnreadableFile, f"this file {error.reason}", error.location, line=error.line)
    is_left_alone = error.source is not None and suppressions(error.source).file_ignored
    return Reading(Source(filename, ""), None, remarks=() if is_left_alone else (remark,))


def _refused_cells(source: Source) -> Iterator[Remark]:
    """KRG900 for each cell that cannot be parsed. A block of a text is often no whole program, so nothing of these."""
    seen: Counter[str] = Counter()
    for refused in source.refused:
        if refused.cell is not None:
            seen[refused.line] += 1
            known_by = f"{refused.line}\0{seen[refused.line]}"
            message = f"this cell {refused.reason}"
            place = (refused.location, refused.cell, refused.line)
            yield Remark(UnreadableFile, message, *place, known_by, code_cell=refused.code_cell)


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
    """Return how many cells or blocks, or else whether the program as a whole, cannot be decoded or parsed."""
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
    """Return the program in a file, decoded, and put together where the file holds pieces. Raises UnreadableError."""
    try:
        if is_composed(filename):
            from kreglint.engine.compose import composed

            return composed(data, filename, parse_each=retried)
        source = from_text(data, filename) if isinstance(data, str) else decode(data, filename)
    except UndecodableError as error:
        reason = error.reason if error.reason.startswith("cannot be") else f"cannot be decoded: {error.reason}"
        raise UnreadableError(Location(error.row, error.column), reason) from error
    if _MARIMO in source.text:
        from kreglint.engine.compose import composed_of
        from kreglint.source.marimo import cells_of

        cells = cells_of(source.text)
        if cells is not None:
            return composed_of(cells, source, parse_each=retried)
    if _NBCONVERT in source.text:
        from kreglint.engine.compose import composed_of
        from kreglint.source.nbconvert import calls_in

        calls = calls_in(source.text)
        source = replace(source, commands=calls.commands)
        if calls.blocks:
            return composed_of(calls.blocks, source, parse_each=retried)
    header = _header(source.text)
    if not retried and header is None:
        return source
    from kreglint.source.scripts import with_commented_magics, without_ipython

    commands = [*source.commands]
    text = with_commented_magics(source.text, header, commands) if header is not None else source.text
    text = without_ipython(text, commands) if retried else text
    return replace(source, text=text, commands=tuple(commands), written=source.text)


def _header(text: str) -> Header | None:
    """Return what jupytext has written above a script."""
    if _JUPYTEXT not in text:
        return None
    from kreglint.source.jupytext import header_of

    return header_of(text)


def _unparsable(data: str | bytes, filename: str, source: Source, error: UnparsableError) -> UnreadableError:
    """Return why a program is not read; of a script the line is shown as it stands."""
    shown = source if is_composed(filename) else program_of(data, filename)
    line = shown.line(error.row) if error.row <= shown.rows else ""
    return UnreadableError(Location(error.row, error.column), f"cannot be parsed: {error.reason}", source, line)
