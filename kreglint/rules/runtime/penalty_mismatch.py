"""KRG801 penalty-mismatch."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyMismatch(Rule):
    """A penalty is not what its regularizer's formula gives.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The model optimises a different penalty than its configuration says. λ differs, another regularizer acts on the
    weight, a training step scales the penalty, or the regularizer fails.

    ## What to do
    Compare the two λ in the message. An attribute that is set after the layer is built has no effect: pass the
    regularizer to the layer's constructor. In a custom `train_step`, add `sum(self.losses)` to the loss without a
    factor.
    """

    code, name, severity = "KRG801", "penalty-mismatch", Severity.ERROR
