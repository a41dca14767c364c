"""KRG504 half-scaled-penalty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity
from kreglint.facts.calls import ApiCall
from kreglint.facts.contrib import contrib_regularizer
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Construct
from kreglint.rules.base import REGULARIZER, Bad, Context, Good, Penalty, Rule
from kreglint.rules.edits import value_replacement

_L2 = "keras.regularizers.L2"
_PLAIN = re.compile(r"[\w.+-]+")
_CLASS = """\
class Half(regularizers.Regularizer):
    def __call__(self, w):
        return 0.1 * {penalty}

    def get_config(self):
        return {{}}


Dense(4, kernel_regularizer=Half())
"""


class HalfScaledPenalty(Rule):
    """`tf.nn.l2_loss` and the L2 of `tf.contrib` and slim count half of Σw².

    ## Why is this bad?
    Keras' L2 is λ·Σw², without the half. A factor that is taken over from `tf.nn.l2_loss`, or from the regularizers of
    `tf.contrib` and slim, penalizes twice as much in Keras.

    ## What to write instead
    `L2(s / 2)` for `s * tf.nn.l2_loss(w)` and for `l2_regularizer(s)`.

    ## Fix safety
    Safe: `L2(l2=0.5)(w)` is the same number, and so is `L2(s / 2)` for contrib's `l2_regularizer(s)`.
    """

    code, name, severity = "KRG504", "half-scaled-penalty", Severity.INFO
    triggers = (REGULARIZER, "l2_loss")
    examples = (
        Bad(
            _CLASS.format(penalty="«tf.nn.l2_loss»(w)"),
            keras2=Penalty("0.05 * sum(kernel**2)"),
            keras3=Penalty("0.05 * sum(kernel**2)"),
            fixed=_CLASS.format(penalty="regularizers.L2(l2=0.5)(w)"),
        ),
        Bad(
            "import tf_slim as slim\n\nDense(4, kernel_regularizer=«slim.l2_regularizer(0.1)»)",
            fixed="import tf_slim as slim\n\nDense(4, kernel_regularizer=regularizers.L2(0.1 / 2))",
        ),
        Bad(
            "def build(scale=0.1):\n"
            "    return Dense(4, kernel_regularizer=«tf.contrib.layers.l2_regularizer(scale=2 * scale)»)",
            fixed="def build(scale=0.1):\n    return Dense(4, kernel_regularizer=regularizers.L2((2 * scale) / 2))",
        ),
        Good("import tf_slim as slim\n\nDense(4, kernel_regularizer=slim.l1_regularizer(0.1))"),
        Good(
            "import tf_slim as slim\n\nbuild = lambda x: slim.conv2d(x, 3, weights_regularizer=slim.l2_regularizer(1))"
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
        yield from super().check_file(context)
        for call in context.facts.calls:
            if call.path.endswith("nn.l2_loss"):
                yield Finding(
                    call.callee_span,
                    "this is half of Σw²: Keras' L2 does the same with half of the factor",
                    fix=_fix(call, context),
                )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        value = argument.value
        found = contrib_regularizer(value) if isinstance(value, Construct) else None
        if found is not None and any(share.part != 1 for share in found[1]):
            text = "this L2 counts half of Σw²: Keras' L2 does the same with half of the factor"
            yield Finding(argument.value_span, text, fix=_ported(argument, found[0], context))


def _ported(argument: Argument, kind: str, context: Context) -> Fix | None:
    value = argument.value
    given = value.arguments[0].source if isinstance(value, Construct) and len(value.arguments) == 1 else ""
    if kind != "L2" or not given or "L2" not in context.keras.regularizers:
        return None
    half = f"{given if _PLAIN.fullmatch(given) else f'({given})'} / 2"
    return value_replacement(f"Write L2({half})", argument, value, f"{_L2}({half})", Safety.SAFE, _L2)


def _fix(call: ApiCall, context: Context) -> Fix | None:
    if len(call.arguments) != 1 or len(call.positional) != 1 or "L2" not in context.keras.regularizers:
        return None
    return Fix("Write L2(l2=0.5)", (Edit(call.callee_span, f"{_L2}(l2=0.5)"),), Safety.SAFE, _L2)
