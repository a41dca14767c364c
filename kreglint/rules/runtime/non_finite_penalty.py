"""KRG808 non-finite-penalty."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class NonFinitePenalty(Rule):
    """A penalty is infinite or no number.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The loss is then no number either, and the first step of training destroys the weights. Sums overflow in float16
    above 65504; the orthogonal penalty of a matrix with one row or column is 0/0.

    ## What to do
    Keep the layer's variables in float32, as the policy `mixed_float16` does, or take another regularizer.
    """

    code, name, severity = "KRG808", "non-finite-penalty", Severity.ERROR
