"""KRG804 penalty-counted-twice."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyCountedTwice(Rule):
    """A penalty is counted more than once.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The effective λ is twice the one in the code. A training step adds `self.losses` to a loss that already includes
    them, or a layer adds the penalty with `add_loss` in addition to its regularizer.

    ## What to do
    Keep one of the two.
    """

    code, name, severity = "KRG804", "penalty-counted-twice", Severity.ERROR
