"""What a run of `check` found, in numbers."""

from __future__ import annotations

from collections import Counter

from kreglint.diagnostics import Diagnostic, Safety, Severity
from kreglint.output.words import counted
from kreglint.records import field, record

_WORST_FIRST = sorted(Severity, key=lambda severity: -severity.rank)


@record(frozen=False)
class Tally:
    """`severities` and `fixes` count what is found or, after fixing, what remains; `mended` what was fixed."""

    files: int = 0
    files_with_findings: int = 0
    mended: int = 0
    severities: Counter[Severity] = field(default_factory=Counter)
    fixes: Counter[Safety] = field(default_factory=Counter)

    @property
    def findings(self) -> int:
        return self.severities.total()

    def add(self, diagnostics: tuple[Diagnostic, ...], *, mended: int = 0) -> None:
        """Count one file, its findings, and those that were fixed."""
        self.mended += mended
        self.files += 1
        self.files_with_findings += bool(diagnostics)
        self.severities.update(diagnostic.severity for diagnostic in diagnostics)
        self.fixes.update(diagnostic.fix.safety for diagnostic in diagnostics if diagnostic.fix is not None)

    def summary(self) -> str:
        """Return the line that ends a run."""
        if not self.findings and not self.mended:
            from kreglint.gate import summary

            return summary(self.files)
        kinds = ", ".join(
            counted(self.severities[severity], severity.value) for severity in _WORST_FIRST if self.severities[severity]
        )
        if self.mended:
            kinds = f"{self.mended} fixed, {self.findings} remaining{': ' if kinds else ''}{kinds}"
        found = f"Found {counted(self.findings + self.mended, 'finding')} ({kinds})"
        files = f" in {self.files_with_findings} of {counted(self.files, 'file')}"
        return f"{found}{files if self.findings else ''}."

    def fix_summary(self, verb: str, *, unsafe: bool) -> str:
        """Return the line that ends a run which only fixes: `verb` is "Fixed" or "Would fix"."""
        done = f"{verb} {counted(self.mended, 'finding')}" if self.mended else "Nothing to fix"
        more = 0 if unsafe else self.fixes[Safety.UNSAFE]
        return f"{done} ({more} more with --unsafe-fixes)." if more else f"{done}."

    def offers(self, *, fixing: bool, unsafe: bool) -> str:
        """Return the line that tells of fixes which this run did not apply; empty where there are none."""
        if fixing:
            more = 0 if unsafe else self.fixes[Safety.UNSAFE]
            return f"{more} more with --unsafe-fixes." if more else ""
        now = self.fixes[Safety.SAFE] + (self.fixes[Safety.UNSAFE] if unsafe else 0)
        more = 0 if unsafe else self.fixes[Safety.UNSAFE]
        if not now:
            return f"{more} can be fixed with --fix --unsafe-fixes." if more else ""
        return f"{now} can be fixed with --fix{f', {more} more with --unsafe-fixes' if more else ''}."
