"""KRG807 dominant-penalty."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class MeasuredDominance(Rule):
    """The gradient of the penalty is at least twice that of the data.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    At these weights, training follows the penalty and not the data. On random data, this is only a hint of severity
    info, because real data may give other gradients.

    ## What to do
    Use a smaller λ, or verify with real data (`--data`).
    """

    code, name, severity = "KRG807", "dominant-penalty", Severity.WARNING
