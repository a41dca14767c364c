"""KRG805 penalty-in-prediction."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyInPrediction(Rule):
    """A regularizer acts on what the model predicts.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    A regularizer belongs to the loss. As an activation, as in `Dense(2, L2(0.01))`, it turns the output into a
    number.

    ## What to do
    Pass it by its keyword, `kernel_regularizer=`.
    """

    code, name, severity = "KRG805", "penalty-in-prediction", Severity.ERROR
