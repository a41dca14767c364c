"""KRG611 function-in-add-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.added import Where
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.versions import within


class FunctionInAddLoss(Rule):
    """A function is given to `add_loss`, which Keras 3 does not accept.

    ## Why is this bad?
    Keras 2 calls the function each time that losses are read, which was the way to add a penalty on weights outside
    of `call`. Keras 3 raises `ValueError`. In `call`, Keras 2 keeps one function more with every call of the layer, so
    the penalty grows while the model trains.

    ## What to write instead
    `kernel_regularizer=` where the layer is constructed, or `add_weight(…, regularizer=…)` in a layer of your own. For
    a penalty that is computed otherwise, `self.add_loss(tensor)` in `call`, which both majors accept.
    """

    code, name, severity = "KRG611", "function-in-add-loss", Severity.ERROR
    triggers = ("add_loss",)
    ranges = (">=2.0,<2.4",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                layer = Dense(4)
                layer.build((None, 3))
                layer.add_loss(«lambda: regularizers.L2(0.01)(layer.kernel)»)
                """,
                keras3=Raises("ValueError", "constructor", "add_loss"),
                majors=(3,),
            ),
            Bad(
                """
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
                        self.add_loss(«self.penalty»)

                    def penalty(self):
                        return 0.1 * tf.reduce_sum(self.scale)

                    def call(self, x):
                        return x * self.scale


                Scaled()
                """,
                keras2=Penalty("0.1 * sum(scale)"),
                keras3=Raises("ValueError", "build", "add_loss"),
                majors=(3,),
            ),
            Bad(
                """
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")

                    def call(self, x):
                        self.add_loss(«lambda: 0.1 * tf.reduce_sum(self.scale)»)
                        return x * self.scale


                Scaled()
                """,
                keras3=Raises("ValueError", "build", "add_loss"),
                versions=">=2.4",
            ),
            Good(
                """
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")

                    def call(self, x):
                        self.add_loss(0.1 * tf.reduce_sum(self.scale))
                        return x * self.scale


                Scaled()
                """,
                both=Penalty("0.1 * sum(scale)"),
            ),
            Good(
                """
                layer = Dense(4, kernel_regularizer=regularizers.l2(0.01))
                layer.build((None, 3))
                layer
                """,
                both=Penalty("0.01 * sum(kernel**2)"),
            ),
            Good(
                """
                layer = Dense(4)
                layer.build((None, 3))
                layer.add_loss(lambda: regularizers.l2(0.01)(layer.kernel))
                layer
                """,
                keras2=Penalty("0.01 * sum(kernel**2)"),
                majors=(2,),
            ),
            Good(
                """
                class Weighed(Layer):
                    def __init__(self, penalty, **kwargs):
                        super().__init__(**kwargs)
                        self.penalty = penalty

                    def call(self, x):
                        self.add_loss(self.penalty(x))
                        return x


                Weighed(lambda x: 0.1 * tf.reduce_sum(x))
                """,
                both=Penalty("0.1 * sum(output)"),
            ),
            Good(
                """
                class Registry:
                    def add_loss(self, make):
                        self.losses = [make()]


                Registry().add_loss(lambda: 0.5)
                Dense(4)
                """
            ),
            Good(
                """
                def configure(trainer):
                    trainer.add_loss(lambda y, p: tf.reduce_mean(y - p))


                Dense(4)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        newer = context.version.major > 2
        for added in context.facts.training.added:
            if added.given is None or added.kind != "function" or added.late_bound:
                continue
            if newer and added.where is not Where.FUNCTIONAL:  # which takes nothing at all (KRG613)
                yield Finding(added.given, "a function is given to add_loss", outcome=Effect.NO_FUNCTION)
            elif not newer and added.where is Where.CALL and within(context.version, ">=2.4"):
                yield Finding(added.given, "a function is given to add_loss in call", outcome=Effect.ADDED_PER_CALL)
