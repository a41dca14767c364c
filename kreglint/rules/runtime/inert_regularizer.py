"""KRG802 inert-regularizer."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class InertRegularizer(Rule):
    """A configured regularizer adds nothing to the losses.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The layer looks regularized but is not. The attribute was set after the weight was created, the weight is absent
    (`use_bias=False`) or frozen (Keras 3 ignores frozen weights), or every λ is 0. It may also be a wrapper that drops
    the penalty, or a custom layer that does not pass it to `add_weight`.

    ## What to do
    Pass the regularizer to the constructor, pass it to `add_weight(regularizer=...)`, or remove it.
    """

    code, name, severity = "KRG802", "inert-regularizer", Severity.ERROR
