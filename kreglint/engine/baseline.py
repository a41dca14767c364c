"""The findings that a project already has and puts up with, in a file: only what comes new is reported."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from kreglint.diagnostics import Diagnostic, Suppression
from kreglint.engine.files import FileReport
from kreglint.records import record, replace
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.source.paths import known_from

_SCHEMA = 1
_EXPECTED = 'expected what `kreglint check --write-baseline` writes: {"schema": 1, "findings": […]}'
_NOT_JUDGED = (UnreadableFile.code, CrashedRule.code)


class BaselineError(Exception):
    """A baseline that cannot be used, told in one line."""


class Entry(NamedTuple):
    """A known finding; `filename` is the path from the baseline's folder, with forward slashes."""

    filename: str
    code: str
    fingerprint: str


@record(frozen=False)
class _Judged:
    """What a run looked at, and what it found there."""

    places: set[tuple[str, str]]  # a file and a code that was on in it
    found: set[Entry]


class Baseline:
    """The known findings of a file, and what a run makes of them."""

    __slots__ = ("_file", "_folder", "_judged", "entries")

    def __init__(self, file: str, entries: Iterable[Entry] = ()) -> None:
        self._file = file
        self._folder = str(Path(file).resolve().parent)
        self._judged = _Judged(set(), set())
        self.entries = frozenset(entries)

    def apart(self, report: FileReport, codes: Collection[str]) -> FileReport:
        """Return the report with the known findings among what is suppressed. `codes` are the rules that were on."""
        entries = {self._entry(diagnostic): diagnostic for diagnostic in report.diagnostics}
        self._judged.found.update(entries)
        if not any(diagnostic.code in _NOT_JUDGED for diagnostic in report.diagnostics):
            filename = known_from(self._folder, report.filename)
            self._judged.places.update((filename, code) for code in codes)
        known = tuple(
            replace(diagnostic, suppressed=Suppression.BASELINE)
            for entry, diagnostic in entries.items()
            if entry in self.entries
        )
        fresh = tuple(diagnostic for entry, diagnostic in entries.items() if entry not in self.entries)
        return replace(report, diagnostics=fresh, suppressed=(*report.suppressed, *known))

    def knows(self, diagnostic: Diagnostic) -> bool:
        return self._entry(diagnostic) in self.entries

    @property
    def known(self) -> int:
        """How many of the entries were found."""
        return len(self.entries & self._judged.found)

    @property
    def fresh(self) -> int:
        """How many findings are not among the entries."""
        return len(self._judged.found - self.entries)

    @property
    def gone(self) -> frozenset[Entry]:
        """The entries that are no more: not found where the run looked, or in a file that is not there."""
        return frozenset(entry for entry in self.entries - self._judged.found if self._is_gone(entry))

    def renewed(self) -> Baseline:
        """Return the baseline after the run: with new findings, without gone ones, and with what was not checked."""
        return Baseline(self._file, (self.entries | self._judged.found) - self.gone)

    def text(self, version: str) -> str:
        """Return the file's content: one finding a line, sorted, so that branches can be merged.

        `version` is kreglint's.
        """
        lines = [json.dumps(entry._asdict(), ensure_ascii=True) for entry in sorted(self.entries)]
        findings = "".join(f"\n    {line}," for line in lines).removesuffix(",")
        end = "\n  " if lines else ""
        return f'{{\n  "schema": {_SCHEMA},\n  "kreglint": "{version}",\n  "findings": [{findings}{end}]\n}}\n'

    def _entry(self, diagnostic: Diagnostic) -> Entry:
        return Entry(known_from(self._folder, diagnostic.filename), diagnostic.code, diagnostic.fingerprint)

    def _is_gone(self, entry: Entry) -> bool:
        looked = (entry.filename, entry.code) in self._judged.places
        return looked or not Path(self._folder, entry.filename).exists()


def read_baseline(file: str) -> Baseline:
    """Return the baseline in a file. Raises BaselineError for anything else that stands there, OSError for no file."""
    data = Path(file).read_bytes()
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise BaselineError(f"{file}: not a baseline: invalid JSON: {reason}") from error
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
        raise BaselineError(f"{file}: not a baseline: {_EXPECTED}")
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise BaselineError(f"{file}: not a baseline: {_EXPECTED}")
    return Baseline(file, [_read_entry(file, number, found) for number, found in enumerate(findings, start=1)])


def _read_entry(file: str, number: int, found: object) -> Entry:
    values = [found.get(name) for name in Entry._fields] if isinstance(found, dict) else [None]
    if not all(isinstance(value, str) for value in values):
        expected = ", ".join(Entry._fields)
        raise BaselineError(f"{file}: not a baseline: expected {expected} as strings in finding {number}")
    return Entry(*map(str, values))
