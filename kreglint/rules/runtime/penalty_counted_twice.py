"""KRG804 penalty-counted-twice."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyCountedTwice(Rule):
    """A penalty is counted more than once.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    λ is in effect twice what is written: a step of training adds `self.losses` to a loss that has them, or a layer
    adds the penalty with `add_loss` besides its regularizer.

    ## What to do
    Keep one of the two.
    """

    code, name, severity = "KRG804", "penalty-counted-twice", Severity.ERROR
