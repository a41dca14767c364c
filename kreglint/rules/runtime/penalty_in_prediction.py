"""KRG805 penalty-in-prediction."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyInPrediction(Rule):
    """A regularizer changes the model's predictions.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    A regularizer belongs in the loss. Used as an activation, as in `Dense(2, L2(0.01))`, it reduces the output to one
    number.

    ## What to do
    Pass it by keyword: `kernel_regularizer=`.
    """

    code, name, severity = "KRG805", "penalty-in-prediction", Severity.ERROR
