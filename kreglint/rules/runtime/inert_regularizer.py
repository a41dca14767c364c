"""KRG802 inert-regularizer."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class InertRegularizer(Rule):
    """A configured regularizer adds nothing to the losses.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The layer looks regularized and is not: the attribute was set after the weight was made, the weight is absent
    (`use_bias=False`) or frozen (Keras 3 leaves frozen weights out), every λ is 0, a wrapper drops the penalty, or
    a layer of your own does not hand it to `add_weight`.

    ## What to do
    Pass the regularizer to the constructor, hand it to `add_weight(regularizer=...)`, or take it away.
    """

    code, name, severity = "KRG802", "inert-regularizer", Severity.ERROR
