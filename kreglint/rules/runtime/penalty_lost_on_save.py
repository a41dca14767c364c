"""KRG806 penalty-lost-on-save."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class PenaltyLostOnSave(Rule):
    """A regularizer does not survive being copied or saved.

    Found by `kreglint verify`, which runs the model.

    ## Why is this bad?
    The loaded or cloned model trains without the penalty, or with a different one.

    ## What to do
    Return the regularizer from the layer's `get_config`, serialized with `keras.regularizers.serialize`.
    """

    code, name, severity = "KRG806", "penalty-lost-on-save", Severity.WARNING
