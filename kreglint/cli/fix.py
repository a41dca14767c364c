"""`kreglint check` with `--fix`, `--fix-only` or `--diff`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from kreglint.cli.errors import warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import CheckOptions
from kreglint.diagnostics import Diagnostic
from kreglint.engine.files import FileReport
from kreglint.engine.fixing.files import FixReport, fix_bytes, fix_files
from kreglint.engine.fixing.passes import LeftAlone, nothing
from kreglint.output.place import one_line
from kreglint.settings.selection import NOT_CHECKED
from kreglint.source.writing import ChangedFileError, replace_file


class UnfixedError(Exception):
    """A file that is left as it was, and why."""

    def __init__(self, filename: str, reason: str) -> None:
        super().__init__(f"{filename}: not fixed: {reason}")


def fix_reports(inputs: Inputs, options: CheckOptions, left_alone: LeftAlone = nothing) -> Iterator[FileReport]:
    """Fix each input, or show how, and report what remains of its findings.

    What standard input becomes goes to standard output, fixed or not. What cannot be fixed or written is told on
    standard error and reported as it was found. No file is written before all are judged, and none where a folder could
    not be looked through: what is found in one that imports another does not depend on which of them came first.
    """
    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        report = fix_bytes(
            read_stdin(),
            filename,
            inputs.settings(filename),
            inputs.run,
            unsafe=options.unsafe_fixes,
            left_alone=left_alone,
        )
        if not options.diff:
            _put([report.after])
        yield _done(report, inputs, options, write=False)
    files = inputs.files()
    reports = fix_files(
        files, inputs.settings, inputs.run, options.jobs, unsafe=options.unsafe_fixes, left_alone=left_alone
    )
    judged = reports if options.diff else list(reports)
    if inputs.failed and not options.diff:
        yield from (FileReport(report.filename, report.found) for report in judged)
        return
    for report in judged:
        yield _done(report, inputs, options, write=not options.diff)


def _done(report: FixReport, inputs: Inputs, options: CheckOptions, *, write: bool) -> FileReport:
    error = report.error or (_write_file(report) if write and report.mended else None)
    if error is not None:
        inputs.report_failure(error)
        return FileReport(report.filename, report.found)
    if options.diff:
        from kreglint.output.diff import render

        _put(render(report.filename, report.before, report.after))
    if options.shows_no_findings:
        _warn_of_unchecked(report.remaining)
    return FileReport(report.filename, report.remaining, mended=report.mended)


def _write_file(report: FixReport) -> Exception | None:
    """Write a file; return the error if it cannot be written."""
    try:
        replace_file(report.filename, report.after, expected_old=report.before)
    except ChangedFileError:
        return UnfixedError(report.filename, "the file has changed since it was read")
    except OSError as error:
        return UnfixedError(report.filename, error.strerror or str(error))
    return None


def _warn_of_unchecked(found: Iterable[Diagnostic]) -> None:
    for diagnostic in found:
        if diagnostic.code in NOT_CHECKED:
            warn(one_line(diagnostic))


def _put(content: Iterable[bytes]) -> None:
    """Bytes as they are: neither encoding nor line ends of the stream change a program."""
    for piece in content:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
