"""KRG803 penalty-not-trained."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyNotTrained(Rule):
    """A step of training leaves a penalty out.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The penalty stands in `model.losses`, yet the gradients that the optimizer gets do not have it: `train_step` or
    `compute_loss` of your own forgets `self.losses`.

    ## What to do
    Add `sum(self.losses)` to the loss, inside the tape.
    """

    code, name, severity = "KRG803", "penalty-not-trained", Severity.ERROR
