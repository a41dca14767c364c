"""KRG604 late-bound-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.training import LateBoundLoss
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises

_LAYER = """\
class Penalties(Layer):
    def __init__(self):
        super().__init__()
        for rate in (0.25, 0.5):
            self.add_loss({loss})

    def call(self, x):
        return x


Penalties()
"""


_MODEL = """\
model = keras.Sequential([keras.Input((3,)), Dense(4), Activation("relu")])
for layer in model.layers:
    if isinstance(layer, Dense):
        layer.add_loss({})
model
"""


def _layer(loss: str) -> str:
    return _LAYER.format(loss=loss)


class LateBoundPenalty(Rule):
    """`add_loss` is called in a loop with a lambda that reads a variable of the loop.

    ## Why is this bad?
    A lambda looks a name up when it is called. By then the loop has ended, so in Keras 2 each of them reads the value
    of the last iteration. Its penalty is added once per iteration; where it has none, as a layer without a kernel,
    reading the losses fails. Keras 3 does not accept functions and raises `ValueError`.

    ## What to write instead
    In Keras 3, `add_loss` of a tensor, in `call`. In Keras 2, a parameter that binds the name in each iteration:
    `add_loss(lambda rate=rate: …)`.

    ## Fix safety
    Unsafe: the penalty changes. The fix is for Keras 2 only.
    """

    code, name, severity = "KRG604", "late-bound-penalty", Severity.ERROR
    triggers = ("add_loss",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _layer("«lambda: tf.constant(rate)»"),
                keras2=Penalty("1.0"),
                keras3=Raises("ValueError", "constructor"),
                fixed2=_layer("lambda rate=rate: tf.constant(rate)"),
            ),
            Bad(
                _MODEL.format("«lambda: 0.1 * tf.reduce_sum(layer.kernel**2)»"),
                keras2=Raises("AttributeError", "losses", "kernel"),
                keras3=Raises("ValueError", "constructor"),
                fixed2=_MODEL.format("lambda layer=layer: 0.1 * tf.reduce_sum(layer.kernel**2)"),
            ),
            Good(_layer("lambda rate=rate: tf.constant(rate)"), keras2=Penalty("0.75"), majors=(2,)),
            Good(_layer("lambda: tf.constant(0.25)"), keras2=Penalty("0.5"), majors=(2,)),
            Good(
                """
                def add(layer, rate):
                    layer.add_loss(lambda: tf.constant(rate))


                Dense(4)
                """
            ),
            Good(
                """
                for rate in (0.1, 0.2):
                    penalties = lambda: rate
                Dense(4)
                """
            ),
            Good(
                """
                def add(layers, rate):
                    for layer in layers:
                        layer.add_loss(lambda: rate)


                Dense(4)
                """
            ),
            Good(
                """
                def add(layer, losses):
                    for loss in losses:
                        layer.add_loss(loss)


                Dense(4)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        older = context.version.major < 3
        for found in context.facts.training.late_bound:
            names = " and ".join(f"'{name}'" for name in found.names)
            yield Finding(
                found.span,
                f"this lambda reads {names} after the loop has ended",
                outcome=Effect.CALLED_WITH_THE_LAST_TURN if older else Effect.NO_FUNCTION,
                fix=_fix(found) if older else None,
            )


def _fix(found: LateBoundLoss) -> Fix:
    text = " " + ", ".join(f"{name}={name}" for name in found.names)
    return replacement("Bind the names in each iteration", found.parameters, text, Safety.UNSAFE)
