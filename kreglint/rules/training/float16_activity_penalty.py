"""KRG608 float16-activity-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity, Span
from kreglint.facts.binding import layer_of
from kreglint.facts.factors import number
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import meaning
from kreglint.facts.precision import USUAL, precision_of, sets_floatx
from kreglint.facts.values import Argument
from kreglint.outcomes import Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Logged, Penalty, Raises
from kreglint.rules.slots import asks_for_penalty
from kreglint.versions import within

_ACTIVITY = "activity_regularizer"
_FAILS = ">=3.8"
_SUMS = ">=3.0,<3.8"
_L1_FAILS = ">=3.0,<3.14"
_REFUSED = Raises("TypeError", "train", "Cannot convert a list containing a tensor of dtype", backend="tensorflow")
_STEP = "model.compile('sgd', 'mse')\n\n\ndef step(x, y):\n    return model.fit(x, y, verbose=0)"
_NO_PENALTY_ON_ZEROS = Logged("0")


def _trained(layers: str) -> str:
    return f"model = keras.Sequential([{layers}])\n{_STEP}"


class Float16ActivityPenalty(Rule):
    """A penalty is computed in a dtype other than float32.

    ## Why is this bad?
    With `mixed_float16` and `mixed_bfloat16` the outputs of a layer are float16 or bfloat16, and so is their activity
    penalty. From Keras 3.8 on, `fit` and `evaluate` then raise a `TypeError` on TensorFlow, which only adds losses that
    are all float32. They run with JAX and PyTorch, in Keras up to 3.7, and in Keras 2. Before Keras 3.14, `L1` also
    fails on TensorFlow as soon as it is computed, because its λ is a float32 there. Moreover, a sum in float16 becomes
    infinite above 65504, which a large layer can reach. Under the mixed policies, weights and their penalties stay
    float32. Under plain `float16`, `bfloat16` and `float64`, they have that dtype and fail in the same way.

    ## What to write instead
    `dtype="float32"` for that layer. To keep computing the layer in float16 or bfloat16, add a separate layer after it:
    `Activation("linear", dtype="float32", activity_regularizer=…)`.
    """

    code, name, severity = "KRG608", "float16-activity-penalty", Severity.WARNING
    ranges = (_L1_FAILS, _FAILS, _SUMS, ">=3.14")

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(200000, dtype='mixed_float16', activity_regularizer=«l2(0.1)»)", both=Penalty("inf")),
            Bad(
                _trained("Dense(4, use_bias=False, dtype='mixed_float16', activity_regularizer=«l2(0.1)»)"),
                keras2=_NO_PENALTY_ON_ZEROS,
                keras3=_REFUSED,
                older=((_SUMS, _NO_PENALTY_ON_ZEROS),),
            ),
            Bad(
                _trained("Dense(4, use_bias=False, dtype='mixed_bfloat16', activity_regularizer=«l2(0.1)»), Dense(1)"),
                keras3=_REFUSED,
                majors=(3,),
                versions=_FAILS,
                older=((_SUMS, None),),
            ),
            Bad(
                (
                    "keras.mixed_precision.set_global_policy('mixed_bfloat16')\n"
                    + _trained("Dense(4, activity_regularizer=«'l2'»), Dense(1, dtype='float32')")
                ),
                keras3=_REFUSED,
                majors=(3,),
                versions=_FAILS,
                older=((_SUMS, None),),
            ),
            Bad(
                _trained("Dense(4), ActivityRegularization(l2=«0.1», dtype='mixed_bfloat16')"),
                keras3=_REFUSED,
                majors=(3,),
                versions=_FAILS,
                older=((_SUMS, None),),
            ),
            Bad(
                _trained("Dense(4, dtype=keras.mixed_precision.Policy('mixed_bfloat16'), activity_regularizer=«'l2'»)"),
                keras3=_REFUSED,
                majors=(3,),
                versions=_FAILS,
                older=((_SUMS, None),),
            ),
            Bad(
                _trained("Dense(4, dtype='mixed_bfloat16', activity_regularizer=«'l1'»)"),
                keras3=_REFUSED,
                majors=(3,),
                older=(
                    (_L1_FAILS, Raises("InvalidArgumentError", "build", "cannot compute Mul", backend="tensorflow")),
                ),
            ),
            Bad(
                _trained("Dense(4, dtype='float64', kernel_regularizer=«l2(0.1)»)"),
                keras3=_REFUSED,
                majors=(3,),
                versions=_FAILS,
                older=((_SUMS, None),),
            ),
            Bad(
                """
                keras.mixed_precision.set_global_policy('mixed_float16')
                Dense(4, activity_regularizer=«'l2'»)
                """
            ),
            Bad(
                """
                policy = keras.mixed_precision.Policy('mixed_float16')
                keras.mixed_precision.set_global_policy(policy)
                Dense(4, activity_regularizer=«'l2'»)
                """
            ),
            Bad(
                """
                keras.config.set_dtype_policy('mixed_float16')
                LSTM(4, activity_regularizer=«'l2'»)
                """
            ),
            Bad(
                """
                keras.backend.set_floatx('float16')
                Dense(4, kernel_regularizer=«'l2'»)
                """
            ),
            Bad("Dense(4, dtype=tf.float16, kernel_regularizer=«l2(0.1)»)"),
            Bad("ActivityRegularization(l1=0.0, l2=«0.1», dtype='mixed_float16')"),
            Bad("Dense(4, dtype='float16', kernel_regularizer=«l2(0.1)»)"),
            Good(
                """
                import os

                os.environ["KERAS_BACKEND"] = "jax"
                import keras

                Dense(4, dtype="mixed_bfloat16", activity_regularizer="l2")
                """
            ),
            Good("Dense(4, dtype='mixed_float16', kernel_regularizer=l2(0.1))", both=Penalty("0.1 * sum(kernel**2)")),
            Good(
                (
                    "keras.mixed_precision.set_global_policy('mixed_bfloat16')\n"
                    + _trained("Dense(4, dtype='float32', activity_regularizer=l2(0.1)), Rescaling(0.0)")
                ),
                keras3=Logged("0.1 * sum(bias**2)"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                (
                    "keras.mixed_precision.set_global_policy('mixed_float16')\n"
                    + _trained(
                        "Dense(4, use_bias=False), Activation('linear', dtype='float32', activity_regularizer=l2(0.1))"
                    )
                ),
                keras3=_NO_PENALTY_ON_ZEROS,
            ),
            Good(
                "Activation('linear', dtype='float32', activity_regularizer=l2(0.1))",
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                _trained("Dense(4, dtype='mixed_bfloat16', kernel_regularizer=l2(0.1)), Rescaling(0.0)"),
                both=Logged("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                keras.mixed_precision.set_global_policy('mixed_float16')
                Dense(4, dtype='float32', activity_regularizer='l2')
                """
            ),
            Good(
                """
                import argparse

                if argparse.ArgumentParser().parse_args().mixed:
                    keras.mixed_precision.set_global_policy('mixed_float16')
                Dense(4, activity_regularizer='l2')
                """
            ),
            Good(
                """
                Dense(4, activity_regularizer='l2')
                keras.mixed_precision.set_global_policy('mixed_float16')
                """
            ),
            Good(
                """
                def halve():
                    keras.mixed_precision.set_global_policy('mixed_float16')


                Dense(4, activity_regularizer='l2')
                """
            ),
            Good(
                """
                keras.mixed_precision.set_global_policy('mixed_float16')


                def build(**options):
                    return Dense(4, activity_regularizer='l2', **options)
                """
            ),
            Good(
                """
                def build(dtype):
                    return Dense(4, dtype=dtype, activity_regularizer='l2')
                """
            ),
            Good(
                """
                def build(dtype='mixed_float16'):
                    return Dense(4, dtype=dtype, activity_regularizer='l2')
                """
            ),
            Good("Dense(4, activity_regularizer='l2')"),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        if asks_for_penalty(argument.value, context.keras) and _applies(name, layer, context):
            kind = meaning(argument.value, context.keras).kind
            yield from _found(argument.value_span, layer, context, kind, of_outputs=name == _ACTIVITY)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        """`ActivityRegularization(l1=…, l2=…)` is the one layer that is a penalty itself."""
        if layer.layer == "ActivityRegularization":
            factors = [argument for argument in layer.arguments if argument.keyword in ("l1", "l2")]
            for argument in [each for each in factors if _is_positive(each)][:1]:
                yield from _found(argument.value_span, layer, context, "L1L2", of_outputs=True)


def _found(span: Span, layer: LayerCall, context: Context, kind: str, *, of_outputs: bool) -> Iterator[Finding]:
    precision = precision_of(layer, context.facts.calls)
    if precision is None:
        return
    dtype = precision.outputs if of_outputs else precision.weights
    among_others = dtype != USUAL and not sets_floatx(context.facts.calls)
    fails = _failure(kind, context) if among_others else None
    if dtype == "float16":
        told = f"under {precision.policy} this penalty is summed in float16 and can overflow to inf"
        yield Finding(span, told, outcome=fails)
    elif fails is not None:
        yield Finding(span, f"under {precision.policy} this penalty is {dtype}, not {USUAL}", fails)


def _failure(kind: str, context: Context) -> Fails | None:
    """Return how a penalty that is not float32 fails on TensorFlow. The λ of L1 is a float32 before Keras 3.14."""
    if context.facts.backend not in (None, "tensorflow"):
        return None
    if kind == "L1" and within(context.version, _L1_FAILS):
        return Fails("", "computation", backend="TensorFlow")
    return Fails("TypeError", "step", backend="TensorFlow") if within(context.version, _FAILS) else None


def _applies(name: str, layer: LayerCall, context: Context) -> bool:
    """True if the layer was seen to apply it; SimpleRNN in Keras 3 takes an activity regularizer and does not."""
    known = layer_of(layer, context.keras)
    return known is None or known.regularizers[name].effect == "penalty"


def _is_positive(argument: Argument) -> bool:
    value = argument.value
    factor = number(value) if value.is_exact else None
    return factor is not None and factor > 0
