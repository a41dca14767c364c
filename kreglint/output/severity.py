"""How a finding's code is shown: in the colour of its severity, and linked to the rule's page."""

from __future__ import annotations

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.output.colour import Palette, Style
from kreglint.output.links import rule_page


def painted_code(diagnostic: Diagnostic, palette: Palette) -> str:
    painted = palette.paint(diagnostic.code, "bold", style(diagnostic.severity))
    return palette.link(painted, rule_page(diagnostic.code))


def style(severity: Severity) -> Style:
    match severity:
        case Severity.ERROR:
            return "red"
        case Severity.WARNING:
            return "yellow"
        case Severity.INFO:
            return "blue"
