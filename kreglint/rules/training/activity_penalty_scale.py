"""KRG609 activity-penalty-scale."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty
from kreglint.versions import within

_UNDIVIDED = ">=3.0,<3.14"
_STANDALONE = ">=2.0,<2.4"


class ActivityPenaltyScale(Rule):
    """An activity penalty is divided by the batch size only in some versions of Keras.

    ## Why is this bad?
    tf.keras, tf_keras and Keras from 3.14 on divide an activity penalty by the number of samples. Standalone Keras 2
    and Keras 3.0 to 3.13 do not: there, the same λ counts 32 times as much in a batch of 32.

    ## What to write instead
    A λ for the version in use, or `self.add_loss(…)` with the division written out.
    """

    code, name, severity, default = "KRG609", "activity-penalty-scale", Severity.INFO, False
    ranges = (_UNDIVIDED,)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, activity_regularizer=«l2(0.1)»)",
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((_UNDIVIDED, Penalty("0.1 * sum(output**2)")),),
            ),
            Bad(
                "LSTM(4, activity_regularizer=«'l1'»)",
                both=Penalty("0.01 * sum(abs(output)) / batch"),
                older=((_UNDIVIDED, Penalty("0.01 * sum(abs(output))")),),
            ),
            Good("Dense(4, kernel_regularizer=l2(0.1))", keras3=Penalty("0.1 * sum(kernel**2)")),
            Good(
                """
                def build(penalty=None):
                    return Dense(4, activity_regularizer=penalty)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        if name == "activity_regularizer" and asks_for_penalty(argument.value, context.keras):
            whole = any(within(context.version, each) for each in (_UNDIVIDED, _STANDALONE))
            does = Effect.SUMMED_OVER_BATCH if whole else Effect.DIVIDED_BY_BATCH
            yield Finding(argument.value_span, "the scale of an activity penalty depends on the version", outcome=does)
