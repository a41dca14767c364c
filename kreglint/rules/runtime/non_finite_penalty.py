"""KRG808 non-finite-penalty."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class NonFinitePenalty(Rule):
    """A penalty is infinite or NaN.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    Then the loss is not finite either, and the first training step destroys the weights. Sums overflow in float16 above
    65504; the orthogonal penalty of a matrix with one row or column is 0/0.

    ## What to do
    Keep the layer's variables in float32, as the policy `mixed_float16` does, or use another regularizer.
    """

    code, name, severity = "KRG808", "non-finite-penalty", Severity.ERROR
