"""KRG807 dominant-penalty."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class MeasuredDominance(Rule):
    """The penalty's gradient is at least twice the data's.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    At these weights training follows the penalty and not the data. On made-up data it is a hint only, of severity
    info, since real data may give other gradients.

    ## What to do
    Take a smaller λ, or verify with real data (`--data`).
    """

    code, name, severity = "KRG807", "dominant-penalty", Severity.WARNING
