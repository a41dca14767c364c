"""KRG809 static-mismatch."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class StaticMismatch(Rule):
    """A layer of the live model has another regularizer than its call in the source says.

    Found by `kreglint verify --against PATH`, which runs the model.

    ## Why is this bad?
    Who reads the code reads another λ than the one that acts: something between the call and the model changes or
    drops it.

    ## What to do
    Follow the two places in the message, and pass the value that is meant in the call.
    """

    code, name, severity = "KRG809", "static-mismatch", Severity.WARNING
