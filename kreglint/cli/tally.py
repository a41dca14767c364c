"""What a run of `check` found, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.output.words import counted

_WORST_FIRST = sorted(Severity, key=lambda severity: -severity.rank)


@dataclass(slots=True)
class Tally:
    files: int = 0
    files_with_findings: int = 0
    severities: Counter[Severity] = field(default_factory=Counter)

    @property
    def findings(self) -> int:
        return self.severities.total()

    def add(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Count one file and its findings."""
        self.files += 1
        self.files_with_findings += bool(diagnostics)
        self.severities.update(diagnostic.severity for diagnostic in diagnostics)

    def summary(self) -> str:
        """The line that ends a run."""
        if not self.findings:
            from kreglint.gate import summary

            return summary(self.files)
        kinds = ", ".join(
            counted(self.severities[severity], severity.value) for severity in _WORST_FIRST if self.severities[severity]
        )
        files = f"{self.files_with_findings} of {counted(self.files, 'file')}"
        return f"Found {counted(self.findings, 'finding')} ({kinds}) in {files}."
