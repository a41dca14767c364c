"""KRG311 frozen-regularizer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const, Resolution
from kreglint.rules.base import Bad, Context, Good, Penalty, Rule
from kreglint.rules.edits import dropped


class FrozenRegularizer(Rule):
    """A layer with a weight regularizer is made with `trainable=False`.

    ## Why is this bad?
    A frozen weight does not move, so its penalty trains nothing. Keras 3 drops it; Keras 2 keeps it in the reported
    loss, where it hides the loss of the data.

    ## What to write instead
    No weight regularizer, until the layer is trained.
    """

    code, name, severity, default = "KRG311", "frozen-regularizer", Severity.INFO, False
    examples = (
        Bad(
            "Dense(4, kernel_regularizer=«l2(0.1)», trainable=False)",
            keras2=Penalty("0.1 * sum(kernel**2)"),
            keras3=Penalty("0"),
            fixed="Dense(4, trainable=False)",
        ),
        Bad(
            "BatchNormalization(gamma_regularizer=«'l2'», trainable=False)",
            keras2=Penalty("0.01 * sum(gamma**2)"),
            keras3=Penalty("0"),
            fixed="BatchNormalization(trainable=False)",
        ),
        Good("Dense(4, kernel_regularizer=l2(0.1), trainable=True)", keras3=Penalty("0.1 * sum(kernel**2)")),
        Good("def build(trainable):\n    return Dense(4, kernel_regularizer=l2(0.1), trainable=trainable)"),
    )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        trainable = layer.keyword("trainable")
        if known is None or trainable is None or name == "activity_regularizer":
            return
        frozen = isinstance(trainable.value, Const) and trainable.value.value is False
        found = meaning(argument.value, context.keras)
        penalizes = found.kind not in ("none", "unknown", "invalid")
        if frozen and penalizes and trainable.value.resolution is Resolution.EXACT:
            keeps = "keeps its penalty in the reported loss" if context.version.major < 3 else "drops its penalty"
            drop = dropped(argument, layer)
            fix = replace(drop, safety=Safety.DISPLAY) if drop is not None else None
            yield Finding(argument.value_span, f"this {known.name} is frozen", outcome=keeps, fix=fix)
