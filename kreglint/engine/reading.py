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
from kreglint.engine.programs import UnreadableError, further_programs, program_of
from kreglint.engine.remark import Remark
from kreglint.facts.file import ON_DEMAND, FileFacts
from kreglint.records import field, record
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.settings.schema import Settings
from kreglint.source.kinds import is_composed
from kreglint.source.noqa import Suppressions, suppressions
from kreglint.source.text import Source

if TYPE_CHECKING:
    from kreglint.analysis.syntax.errors import UnparsableError
    from kreglint.analysis.values.project import Project


DEFAULTS = Settings()


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


def further_readings(read: Reading, case: Case, wanted: Collection[str] = ON_DEMAND) -> Iterator[Reading]:
    """Yield the other programs of a file that was read, each as if it were one; `wanted`: as for `analyse`."""
    for source in further_programs(read.source, case.settings) if read.facts is not None else ():
        yield from _further_reading(source, case, wanted)


def _further_reading(source: Source, case: Case, wanted: Collection[str]) -> Iterator[Reading]:
    from kreglint.analysis.syntax.errors import UnparsableError

    try:
        facts = _facts(source, case.settings, case.project, wanted)
    except CrashError as error:
        yield Reading(Source(case.filename, ""), None, remarks=(Remark(CrashedRule, str(error)),))
    except UnparsableError:  # though each of its pieces can be parsed: nothing is known of it
        return
    else:
        yield Reading(source, facts, suppressions(source), tuple(_refused_cells(source)))


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
    from kreglint.analysis.syntax.errors import UnparsableError

    source = program_of(data, filename, retried=retried)
    try:
        facts = _facts(source, settings, project, wanted)
    except UnparsableError as error:
        if not retried and program_of(data, filename, retried=True) != source:
            return read(data, filename, settings, project, wanted=wanted, retried=True)
        raise _unparsable(data, filename, source, error) from error
    return source, facts


def _facts(source: Source, settings: Settings, project: Project | None, wanted: Collection[str]) -> FileFacts:
    """Return what is known of a program. Raises UnparsableError, CrashError or SettingsError."""
    from kreglint.analysis.analyse import analyse
    from kreglint.analysis.syntax.errors import UnparsableError

    work = partial(analyse, source.text, source.path, project, own_layers(settings), wanted)
    return attempt("the analysis", work, expected=(UnparsableError,))


def unreadable_parts(data: str | bytes, filename: str, settings: Settings = DEFAULTS, *, retried: bool = False) -> int:
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
        return 1 if retried else unreadable_parts(data, filename, settings, retried=True)
    return len(source.refused) + sum(len(each.refused) for each in further_programs(source, settings))


def _unparsable(data: str | bytes, filename: str, source: Source, error: UnparsableError) -> UnreadableError:
    """Return why a program is not read; of a script the line is shown as it stands."""
    shown = source if is_composed(filename) else program_of(data, filename)
    line = shown.line(error.row) if error.row <= shown.rows else ""
    return UnreadableError(Location(error.row, error.column), f"cannot be parsed: {error.reason}", source, line)
