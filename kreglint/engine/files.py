"""Many files: read each, and check it or take its inventory, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kreglint.diagnostics import Diagnostic
from kreglint.engine.run import Run
from kreglint.engine.spread import reports_on
from kreglint.gate import mentions_in
from kreglint.records import field, record
from kreglint.settings.schema import Settings, SettingsOf
from kreglint.source.paths import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.inventory import LayerEntry


@record()
class FileReport:
    """What one file gave: its diagnostics, and where the inventory was asked for its layer calls and `targets`.

    `mended` are the findings that fixes mended, or would; then `diagnostics` are those that remain.
    `suppressed` are the findings that a comment, or a baseline, keeps from being reported. `analysed` is the size of
    the file in bytes, if it had to be looked into.
    """

    filename: str
    diagnostics: tuple[Diagnostic, ...] = ()
    layers: tuple[LayerEntry, ...] = ()
    targets: tuple[str, ...] = ()
    mended: tuple[Diagnostic, ...] = ()
    suppressed: tuple[Diagnostic, ...] = ()
    analysed: int = field(default=0, compare=False)  # work, not an outcome


def check_files(
    files: Iterable[str], settings_of: SettingsOf, run: Run, jobs: int | None = 1, *, cached: bool = False
) -> Iterator[FileReport]:
    """Lint files as they come. A file that cannot be read is a diagnostic of its own (KRG900).

    `jobs` as in `reports_on`. `cached`: what an earlier run found is not looked for again, and what this one finds is
    kept.

    Raises:
        ChildProcessError: one of the processes was ended from outside.
    """
    return reports_on(files, settings_of, run, check_file_cached if cached else check_file, jobs)


def report_files(files: Iterable[str], settings_of: SettingsOf, run: Run) -> Iterator[FileReport]:
    """Take the inventory of files as they come. A file that cannot be read has KRG900 among its diagnostics."""
    return (_opened(file, settings_of(file), run, report_content) for file in files)


def check_file(file: str, settings: Settings, run: Run) -> FileReport:
    return _opened(file, settings, run, check_content)


def check_file_cached(file: str, settings: Settings, run: Run) -> FileReport:
    return _opened(file, settings, run, _check_cached)


def check_content(data: bytes, filename: str, settings: Settings, run: Run) -> FileReport:
    if not mentions_in(data):
        return FileReport(filename)
    from kreglint.engine.check import judged

    return _report(filename, judged(data, filename, settings, run).diagnostics, analysed=len(data))


def _check_cached(data: bytes, filename: str, settings: Settings, run: Run) -> FileReport:
    if not mentions_in(data):
        return FileReport(filename)
    known = run.store.recall(data, filename, settings)
    if known is not None:
        return _report(filename, known)
    from kreglint.engine.check import judged

    outcome = judged(data, filename, settings, run)
    run.store.remember(outcome, data, filename, settings)
    return _report(filename, outcome.diagnostics, analysed=len(data))


def _report(filename: str, found: tuple[Diagnostic, ...], *, analysed: int = 0) -> FileReport:
    reported = tuple(diagnostic for diagnostic in found if diagnostic.suppressed is None)
    suppressed = tuple(diagnostic for diagnostic in found if diagnostic.suppressed is not None)
    return FileReport(filename, reported, suppressed=suppressed, analysed=analysed)


def report_content(data: bytes, filename: str, settings: Settings, run: Run) -> FileReport:
    if not mentions_in(data):
        return FileReport(filename)
    from kreglint.engine.case import case_of
    from kreglint.engine.inventory import inventory, versions_judged
    from kreglint.engine.place import remarks
    from kreglint.engine.reading import further_readings, reading

    case = case_of(data, filename, settings, run)
    if case.project is not None:
        case.project.seeks_callers = True
    read = reading(case)
    if read.facts is None:
        return FileReport(filename, remarks(read))
    layers: list[LayerEntry] = []
    said: list[Diagnostic] = []
    for each in (read, *further_readings(read, case)):
        said += remarks(each)
        layers += inventory(each.source, each.facts, settings, run) if each.facts is not None else ()
    targets = versions_judged(read.source, read.facts, settings, run)
    layers.sort(key=lambda layer: (layer.cell or 0, layer.location, layer.end_location))
    return FileReport(filename, tuple(said), tuple(layers), targets)


def _opened(
    file: str, settings: Settings, run: Run, work: Callable[[bytes, str, Settings, Run], FileReport]
) -> FileReport:
    filename = shown(file)
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        return FileReport(filename, unopened(filename, error))
    return work(data, filename, settings, run)


def unopened(filename: str, error: OSError) -> tuple[Diagnostic, ...]:
    from kreglint.diagnostics import Location
    from kreglint.engine.place import remarks
    from kreglint.engine.programs import UnreadableError
    from kreglint.engine.reading import unread

    reason = f"cannot be read: {error.strerror or error}"
    return remarks(unread(filename, UnreadableError(Location(1, 1), reason)))
