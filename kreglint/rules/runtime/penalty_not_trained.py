"""KRG803 penalty-not-trained."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyNotTrained(Rule):
    """A training step leaves out a penalty.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The penalty is in `model.losses`, but not in the gradients that the optimizer gets. A custom `train_step` or
    `compute_loss` omits `self.losses`.

    ## What to do
    Add `sum(self.losses)` to the loss, inside the tape.
    """

    code, name, severity = "KRG803", "penalty-not-trained", Severity.ERROR
