"""KRG901 crashed-rule."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class CrashedRule(Rule):
    """A kreglint rule crashed on this file.

    ## Why is this bad?
    This is a bug in kreglint, not in your code. The other rules and files were still checked.

    ## What to do
    Report it with the message and the smallest file that reproduces it.
    """

    code, name, severity = "KRG901", "crashed-rule", Severity.ERROR
    triggers = ()
