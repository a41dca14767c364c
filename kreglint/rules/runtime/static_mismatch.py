"""KRG809 static-mismatch."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class StaticMismatch(Rule):
    """A layer of the live model has a different regularizer than its call in the source.

    Found by `kreglint verify --against PATH`, which runs the model.

    ## Why is this bad?
    The λ in the code is not the one in effect: something between the call and the model changes or drops it.

    ## What to do
    Compare the two places in the message, and pass the intended value in the call.
    """

    code, name, severity = "KRG809", "static-mismatch", Severity.WARNING
