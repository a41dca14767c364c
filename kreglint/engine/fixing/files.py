"""Fixing many files: what each is to become, and no file is written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from kreglint.diagnostics import Diagnostic
from kreglint.engine.files import unopened
from kreglint.engine.fixing.document import NotReversibleError
from kreglint.engine.fixing.passes import EndlessFixesError, LeftAlone, nothing
from kreglint.engine.fixing.run import fix_content
from kreglint.engine.guard import CrashError, attempt
from kreglint.engine.run import Run
from kreglint.engine.spread import reports_on
from kreglint.gate import mentions_in
from kreglint.records import field, record, replace
from kreglint.settings.schema import Settings, SettingsOf
from kreglint.source.paths import shown


@record()
class FixReport:
    """What fixing does to one file: its bytes before and after, and the findings as in `Fixed`.

    `error` is why it could not be fixed; then nothing is mended. Of a file in which nothing is
    mended the bytes are left out. `analysed` is the size of the file in bytes, if it had to be looked into.
    """

    filename: str
    before: bytes = b""
    after: bytes = b""
    found: tuple[Diagnostic, ...] = ()
    mended: tuple[Diagnostic, ...] = ()
    remaining: tuple[Diagnostic, ...] = ()
    error: Exception | None = None
    analysed: int = field(default=0, compare=False)  # work, not an outcome


def fix_files(
    files: Iterable[str],
    settings_of: SettingsOf,
    run: Run,
    jobs: int | None = 1,
    *,
    unsafe: bool,
    left_alone: LeftAlone = nothing,
) -> Iterator[FixReport]:
    """Fix files as they come; `jobs` as in `reports_on`.

    A file that cannot be read has KRG900 among what remains.

    Raises:
        ChildProcessError: one of the processes was ended from outside.
    """
    return reports_on(files, settings_of, run, partial(fix_file, unsafe=unsafe, left_alone=left_alone), jobs)


def fix_file(file: str, settings: Settings, run: Run, *, unsafe: bool, left_alone: LeftAlone) -> FixReport:
    filename = shown(file)
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        unread = unopened(filename, error)
        return FixReport(filename, found=unread, remaining=unread)
    report = fix_bytes(data, filename, settings, run, unsafe=unsafe, left_alone=left_alone)
    report = replace(report, analysed=len(data) if mentions_in(data) else 0)
    return report if report.mended else replace(report, before=b"", after=b"")  # nobody needs them, and they add up


def fix_bytes(
    data: bytes, filename: str, settings: Settings, run: Run, *, unsafe: bool, left_alone: LeftAlone = nothing
) -> FixReport:
    known = (EndlessFixesError, NotReversibleError)
    fix = partial(fix_content, data, filename, settings, unsafe=unsafe, run=run, left_alone=left_alone)
    try:
        done = attempt("fixing", fix, expected=known)
    except (*known, CrashError) as error:
        return _report_unfixed(data, filename, settings, run, error)
    after = done.content if isinstance(done.content, bytes) else data
    return FixReport(filename, data, after, done.found, done.mended, done.remaining)


def _report_unfixed(data: bytes, filename: str, settings: Settings, run: Run, error: Exception) -> FixReport:
    from kreglint.engine.check import check

    found = tuple(check(data, filename, settings, run))
    return FixReport(filename, data, data, found, (), found, error)
