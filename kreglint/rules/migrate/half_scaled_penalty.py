"""KRG504 half-scaled-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity
from kreglint.facts.calls import ApiCall
from kreglint.rules.base import Bad, Context, Good, Penalty, Rule

_L2 = "keras.regularizers.L2"
_CLASS = """\
class Half(regularizers.Regularizer):
    def __call__(self, w):
        return 0.1 * {penalty}

    def get_config(self):
        return {{}}


Dense(4, kernel_regularizer=Half())
"""


class HalfScaledPenalty(Rule):
    """`tf.nn.l2_loss` counts half of Σw².

    ## Why is this bad?
    Keras' L2 is λ·Σw², without the half. A factor that is taken over from `tf.nn.l2_loss`, or from the regularizers of
    `tf.contrib` and slim, penalizes twice as much in Keras.

    ## What to write instead
    `L2(s / 2)` for `s * tf.nn.l2_loss(w)`.

    ## Fix safety
    Safe: `L2(l2=0.5)(w)` is the same number.
    """

    code, name, severity = "KRG504", "half-scaled-penalty", Severity.INFO
    examples = (
        Bad(
            _CLASS.format(penalty="«tf.nn.l2_loss»(w)"),
            keras2=Penalty("0.05 * sum(kernel**2)"),
            keras3=Penalty("0.05 * sum(kernel**2)"),
            fixed=_CLASS.format(penalty="regularizers.L2(l2=0.5)(w)"),
        ),
        Good(
            "Dense(4, kernel_regularizer=l2(0.1 / 2))",
            keras2=Penalty("0.05 * sum(kernel**2)"),
            keras3=Penalty("0.05 * sum(kernel**2)"),
        ),
        Good(
            _CLASS.format(penalty="tf.reduce_sum(w**2)"),
            keras2=Penalty("0.1 * sum(kernel**2)"),
            keras3=Penalty("0.1 * sum(kernel**2)", "tensorflow"),
        ),
        Good("from mynets import nn\n\nbuild = lambda w: nn.l2_loss(w)"),
        Good("def l2_loss(w):\n    return w\n\n\nl2_loss(1)\nDense(4)"),
        Good("build = lambda w: tf.nn.softmax(w)"),
        Good("build = lambda w: tf.norm(w) ** 2"),
    )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for call in context.facts.calls:
            if call.path.endswith("nn.l2_loss"):
                yield Finding(
                    call.callee_span,
                    "this is half of Σw²: Keras' L2 does the same with half of the factor",
                    fix=_fix(call, context),
                )


def _fix(call: ApiCall, context: Context) -> Fix | None:
    if len(call.arguments) != 1 or len(call.positional) != 1 or "L2" not in context.keras.regularizers:
        return None
    return Fix("Write L2(l2=0.5)", (Edit(call.callee_span, f"{_L2}(l2=0.5)"),), Safety.SAFE, _L2)
