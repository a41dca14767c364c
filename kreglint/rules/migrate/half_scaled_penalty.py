"""KRG504 half-scaled-penalty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.contrib import contrib_regularizer
from kreglint.facts.file import LayerCall
from kreglint.facts.halves import HALVES, HalfPenalty
from kreglint.facts.values import Argument, Construct, Symbol
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.edits import replacement, value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Trained

_MESSAGE = "this is half of Σw²: Keras' L2 with half the factor does the same"
_PLAIN = r"[\w.+-]+"
_CLASS = """\
class Half(regularizers.Regularizer):
    def __call__(self, w):
        return 0.1 * {penalty}

    def get_config(self):
        return {{}}


Dense(4, kernel_regularizer=Half())
"""
_STEP = """\
model = keras.Sequential([Dense(2, use_bias=False), Dense(1, use_bias=False)])
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        error = tf.reduce_mean(tf.square(y - model(x)))
        loss = error + {penalty}
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""
_SUM = "tf.add_n([{}(v) for v in model.trainable_variables])"


class HalfScaledPenalty(Rule):
    """A penalty on weights by `tf.nn.l2_loss`, or by the L2 of `tf.contrib` or slim, counts half of Σw².

    ## Why is this bad?
    Keras' L2 is λ·Σw², without the half. A factor taken from `tf.nn.l2_loss`, or from the regularizers of `tf.contrib`
    and slim, penalizes twice as much in Keras.

    The rule covers regularizers, and sums over a model's weights that are added to a loss. It ignores a loss of the
    data, the length of a gradient, and a penalty with a factor of 2 that cancels the half.

    ## What to write instead
    `L2(s / 2)` for `s * tf.nn.l2_loss(w)` and for `l2_regularizer(s)`.

    ## Fix safety
    Safe: `L2(l2=0.5)(w)` is the same number, and so is `L2(s / 2)` for contrib's `l2_regularizer(s)`. If the project
    may run on a Keras before 2.4 or a TensorFlow before 2.3, which have no `L2`, the fix writes `l2`.
    """

    code, name, severity = "KRG504", "half-scaled-penalty", Severity.INFO
    triggers = (REGULARIZER, "l2_loss")

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _CLASS.format(penalty="«tf.nn.l2_loss»(w)"),
                both=Penalty("0.05 * sum(kernel**2)"),
                fixed=_CLASS.format(penalty="regularizers.L2(l2=0.5)(w)"),
            ),
            Bad(
                _STEP.format(penalty=f"0.1 * {_SUM.format('«tf.nn.l2_loss»')}"),
                both=Trained("0.1 * sum(abs(kernel0)) + 0.1 * sum(abs(kernel1))", "tensorflow"),
                fixed=_STEP.format(penalty=f"0.1 * {_SUM.format('regularizers.L2(l2=0.5)')}"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«tf.nn.l2_loss»)",
                both=Penalty("0.5 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(l2=0.5))",
                older=((">=3.1,<3.15", None),),
            ),
            Bad(
                """
                import tf_slim as slim

                Dense(4, kernel_regularizer=«slim.l2_regularizer(0.1)»)
                """,
                fixed="""
                import tf_slim as slim

                Dense(4, kernel_regularizer=regularizers.L2(0.1 / 2))
                """,
            ),
            Bad(
                """
                def build(scale=0.1):
                    return Dense(4, kernel_regularizer=«tf.contrib.layers.l2_regularizer(scale=3 * scale)»)
                """,
                fixed="""
                def build(scale=0.1):
                    return Dense(4, kernel_regularizer=regularizers.L2((3 * scale) / 2))
                """,
            ),
            Good(
                _STEP.format(penalty=f"0.1 * 2 * {_SUM.format('tf.nn.l2_loss')}"),
                both=Trained("0.2 * sum(abs(kernel0)) + 0.2 * sum(abs(kernel1))", "tensorflow"),
            ),
            Good(_CLASS.format(penalty="tf.nn.l2_loss(w) * 2.0"), both=Penalty("0.1 * sum(kernel**2)")),
            Good(_STEP.format(penalty="2e-3 * tf.nn.l2_loss(x)")),
            Good(
                """
                def norm(tape, loss, model):
                    gradients = tape.gradient(loss, model.trainable_variables)
                    return tf.sqrt(tf.add_n([2 * tf.nn.l2_loss(g) for g in gradients]))
                """
            ),
            Good(
                """
                def total_loss(painted, picture):
                    return 0.1 * tf.nn.l2_loss(painted - picture) + tf.norm(painted)
                """
            ),
            Good(
                """
                def log(model):
                    tf.print('norm', tf.add_n([tf.nn.l2_loss(w) for w in model.weights]))
                """
            ),
            Good(
                """
                import tensorflow as tf

                loss = tf.constant(1.0)
                for v in tf.compat.v1.trainable_variables():
                    loss += 0.1 * tf.nn.l2_loss(v)
                """
            ),
            Good(
                """
                import tf_slim as slim

                Dense(4, kernel_regularizer=slim.l1_regularizer(0.1))
                """
            ),
            Good(
                """
                import tf_slim as slim

                build = lambda wd: Dense(4, kernel_regularizer=slim.l2_regularizer(2 * wd))
                """
            ),
            Good(
                """
                import tf_slim as slim

                build = lambda x: slim.conv2d(x, 3, weights_regularizer=slim.l2_regularizer(1))
                """
            ),
            Good("Dense(4, kernel_regularizer=l2(0.1 / 2))", both=Penalty("0.05 * sum(kernel**2)")),
            Good(
                _CLASS.format(penalty="tf.reduce_sum(w**2)"),
                keras2=Penalty("0.1 * sum(kernel**2)"),
                keras3=Penalty("0.1 * sum(kernel**2)", "tensorflow"),
            ),
            Good(
                """
                from mynets import nn

                build = lambda w: nn.l2_loss(w)
                """
            ),
            Good(
                """
                def l2_loss(w):
                    return w


                l2_loss(1)
                Dense(4)
                """
            ),
            Good("build = lambda w: tf.nn.softmax(w)"),
            Good("build = lambda w: tf.norm(w) ** 2"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for half in context.facts.halves.penalties:
            yield Finding(half.span, _MESSAGE, fix=_fix(half, context))

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        value = argument.value
        if isinstance(value, Symbol) and value.path in HALVES and name != "activity_regularizer":
            yield Finding(argument.value_span, _MESSAGE, fix=_replace_function(argument, value, context))
        found = contrib_regularizer(value) if isinstance(value, Construct) else None
        made_up = value.span in context.facts.halves.doubled
        if found is not None and not made_up and any(share.part != 1 for share in found[1]):
            text = "this L2 counts half of Σw²: Keras' L2 with half the factor does the same"
            yield Finding(argument.value_span, text, fix=_port_call(argument, found[0], context))


def _port_call(argument: Argument, kind: str, context: Context) -> Fix | None:
    value = argument.value
    given = value.arguments[0].source if isinstance(value, Construct) and len(value.arguments) == 1 else ""
    name = context.names.regularizer("L2")
    if kind != "L2" or not given or name is None:
        return None
    text = f"{name}({given if re.fullmatch(_PLAIN, given) else f'({given})'} / 2)"
    return value_replacement(f"Write {text}", argument, value, text, Safety.SAFE, name)


def _fix(half: HalfPenalty, context: Context) -> Fix | None:
    made = context.names.call("L2", l2="0.5")
    if made is None or not half.alone:
        return None
    return replacement(f"Write {made.text}", half.span, made.text, Safety.SAFE, made.name)


def _replace_function(argument: Argument, value: Symbol, context: Context) -> Fix | None:
    """Return the fix for `tf.nn.l2_loss` that is itself the regularizer."""
    made = context.names.call("L2", l2="0.5")
    if made is None:
        return None
    return value_replacement(f"Write {made.text}", argument, value, made.text, Safety.SAFE, made.name)
