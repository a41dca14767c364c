"""`--baseline` and `--write-baseline`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from kreglint.cli.errors import FAILED, UsageError
from kreglint.cli.files import Inputs
from kreglint.diagnostics import Diagnostic
from kreglint.engine.baseline import Baseline, BaselineError, read_baseline
from kreglint.engine.files import FileReport
from kreglint.engine.selected import rules_on
from kreglint.output.words import counted
from kreglint.source.writing import replace_file, require_folder
from kreglint.version import __version__


class Known:
    """A baseline in use: it leaves the known findings out of reports, and says afterwards how many there were."""

    def __init__(self, file: str) -> None:
        """Raises UsageError for a file that is no baseline, OSError for one that cannot be read."""
        self._file = file
        self._baseline = _read(file)

    def apart(self, reports: Iterable[FileReport], inputs: Inputs) -> Iterator[FileReport]:
        return _split_known(self._baseline, reports, inputs)

    def has(self, diagnostic: Diagnostic) -> bool:
        return self._baseline.knows(diagnostic)

    def told(self) -> str:
        """Return the line that follows a run's summary."""
        gone = len(self._baseline.gone)
        more = f"; {gone} gone, which --write-baseline prunes" if gone else ""
        return f"{counted(self._baseline.known, 'finding')} left out by the baseline {self._file}{more}."


def write(file: str, reports: Iterable[FileReport], inputs: Inputs, *, quiet: bool) -> int:
    """Write all findings to the baseline, and return the exit code. Raises UsageError or OSError."""
    require_folder(file)
    baseline = _read(file) if Path(file).exists() else Baseline(file)
    for _ in _split_known(baseline, reports, inputs):
        pass
    if inputs.failed:
        return FAILED
    renewed = baseline.renewed()
    replace_file(file, renewed.text(__version__).encode(), None)
    if not quiet:
        findings = counted(len(renewed.entries), "finding")
        print(f"{findings} in {file} ({baseline.fresh} new, {len(baseline.gone)} gone).", file=sys.stderr)
    return 0


def _read(file: str) -> Baseline:
    try:
        return read_baseline(file)
    except BaselineError as error:
        raise UsageError(str(error)) from error


def _split_known(baseline: Baseline, reports: Iterable[FileReport], inputs: Inputs) -> Iterator[FileReport]:
    for report in reports:
        yield baseline.apart(report, rules_on(report.filename, inputs.settings(report.filename)))
