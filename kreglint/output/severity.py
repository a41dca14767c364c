"""The colour of each severity."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.output.colour import Style


def style(severity: Severity) -> Style:
    match severity:
        case Severity.ERROR:
            return "red"
        case Severity.WARNING:
            return "yellow"
        case Severity.INFO:
            return "blue"
