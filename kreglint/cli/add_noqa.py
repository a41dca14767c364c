"""`--add-noqa`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from kreglint.cli.errors import FAILED, complain, warn
from kreglint.cli.files import Inputs
from kreglint.engine.add_noqa import RefusedError, can_be_suppressed, with_noqa
from kreglint.engine.files import FileReport
from kreglint.engine.fixing.document import NotReversibleError
from kreglint.output.words import counted
from kreglint.settings.ruff import settings_without
from kreglint.source.noqa import OUR_CODES
from kreglint.source.paths import shown
from kreglint.source.writing import ChangedFileError, replace_file

_FOUND = 1


def add_noqa(reports: Iterable[FileReport], reason: str, inputs: Inputs, *, quiet: bool) -> int:
    """Write a comment for each finding, and return the exit code: 1 where findings are left, 2 where files failed.

    No file is written before all are judged, and none where a folder could not be looked through.
    """
    findings = files = left = 0
    failed = False
    unaware: set[str] = set()  # settings of Ruff
    for report in _judge_all(reports, inputs):
        added = sum(map(can_be_suppressed, report.diagnostics))
        left += len(report.diagnostics) - added
        if not added:
            continue
        try:
            _write(report, reason, inputs)
        except (RefusedError, NotReversibleError, ChangedFileError, OSError) as error:
            failed = True
            complain(error)
        else:
            findings, files = findings + added, files + 1
            settings = settings_without(OUR_CODES, str(Path(report.filename).parent))
            unaware |= {shown(str(settings))} if settings is not None else set()
    if not quiet:
        print(_summary_line(findings, files, left), file=sys.stderr)
        for file in sorted(unaware):
            warn(
                f"{file}: Ruff does not know these codes, and reports or removes them (RUF102): "
                f'write external = ["{OUR_CODES}"] under its lint settings'
            )
    if failed or inputs.failed:
        return FAILED
    return _FOUND if left else 0


def _judge_all(reports: Iterable[FileReport], inputs: Inputs) -> list[FileReport]:
    judged = list(reports)
    return [] if inputs.failed else judged


def _write(report: FileReport, reason: str, inputs: Inputs) -> None:
    old = Path(report.filename).read_bytes()
    settings = inputs.settings(report.filename)
    new = with_noqa(old, report.filename, report.diagnostics, reason, settings, inputs.run)
    replace_file(report.filename, new, old)


def _summary_line(findings: int, files: int, left: int) -> str:
    suppressed = f"{counted(findings, 'finding')} suppressed by comments in {counted(files, 'file')}"
    return f"{suppressed}; {left} left, which no comment suppresses." if left else f"{suppressed}."
