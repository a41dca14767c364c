"""KRG901 crashed-rule."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class CrashedRule(Rule):
    """A rule of kreglint failed on this file.

    ## Why is this bad?
    It is a bug of kreglint, not of your code. The other rules and the other files went on.

    ## What to do
    Report it, with the message and the smallest file that shows it.
    """

    code, name, severity = "KRG901", "crashed-rule", Severity.ERROR
    triggers = ()
