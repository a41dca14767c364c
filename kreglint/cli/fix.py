"""`kreglint check` with `--fix`, `--fix-only` or `--diff`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from kreglint.cli.errors import warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import CheckOptions
from kreglint.cli.tally import Tally
from kreglint.diagnostics import Diagnostic
from kreglint.engine.fixing.files import FixReport, fix_bytes, fix_files
from kreglint.source.write import UnwrittenError, replace_content

_NOT_CHECKED = ("KRG900", "KRG901")


def fix_reports(inputs: Inputs, options: CheckOptions, tally: Tally) -> Iterator[tuple[str, tuple[Diagnostic, ...]]]:
    """Fix each input or show how, and give what remains of its findings.

    What standard input becomes goes to standard output, fixed or not.
    """
    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        report = fix_bytes(read_stdin(), filename, inputs.settings(filename), unsafe=options.unsafe_fixes)
        if not options.diff:
            _put([report.after])
        yield _told(report, inputs, options, tally)
    for report in fix_files(inputs.files(), inputs.settings, unsafe=options.unsafe_fixes):
        if report.mended and not options.diff:
            try:
                replace_content(report.filename, report.before, report.after)
            except UnwrittenError as error:
                yield report.filename, _failed(report, error, inputs)
                continue
        yield _told(report, inputs, options, tally)


def _told(report: FixReport, inputs: Inputs, options: CheckOptions, tally: Tally) -> tuple[str, tuple[Diagnostic, ...]]:
    if report.error is not None:
        return report.filename, _failed(report, report.error, inputs)
    if options.diff:
        from kreglint.output.diff import render

        _put(render(report.filename, report.before, report.after))
    if options.shows_no_findings:
        _warn_of_unchecked(report.remaining)
    tally.mended += len(report.mended)
    return report.filename, report.remaining


def _failed(report: FixReport, error: Exception, inputs: Inputs) -> tuple[Diagnostic, ...]:
    inputs.report_failure(error)
    return report.found


def _warn_of_unchecked(found: Iterable[Diagnostic]) -> None:
    for diagnostic in found:
        if diagnostic.code in _NOT_CHECKED:
            row, column = diagnostic.location
            warn(f"{diagnostic.filename}:{row}:{column}: {diagnostic.code} {diagnostic.message}")


def _put(content: Iterable[bytes]) -> None:
    """Bytes as they are: neither encoding nor line ends of the stream change a program."""
    for piece in content:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
