"""KRG612 forgotten-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.added import AddedLoss, Where
from kreglint.outcomes import Effect, Fails, Outcome
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.versions import within

_PLACES = {Where.CONSTRUCTOR: "in __init__", Where.BUILD: "in build", Where.OUTSIDE: "outside the layer's call"}


class ForgottenLoss(Rule):
    """A tensor is given to `add_loss` in a layer's `build` or `__init__`, or from outside the layer.

    ## Why is this bad?
    Keras keeps what a layer adds for one call: the next call starts with an empty list. A tensor that is added while
    the layer is built, or after that from outside, is gone before the first training step, so no penalty is ever
    trained, without an error. In `__init__` and from outside, Keras 2 raises `ValueError`.

    ## What to write instead
    `self.add_loss(tensor)` in `call`, where it is computed anew each time. For a penalty on one weight,
    `self.add_weight(…, regularizer=…)`.
    """

    code, name, severity = "KRG612", "forgotten-loss", Severity.ERROR
    triggers = ("add_loss",)
    ranges = (">=2.0,<2.4",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
                        self.add_loss(«0.1 * tf.reduce_sum(self.scale)»)

                    def call(self, x):
                        return x * self.scale


                layer = Scaled()
                layer(np.ones((2, 3), "float32"))
                layer
                """,
                both=Penalty("0"),
                versions=">=2.4",
            ),
            Bad(
                """
                class Scaled(Layer):
                    def __init__(self, penalty="l2"):
                        super().__init__()
                        self.penalty = regularizers.get(penalty)

                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
                        loss = self.penalty(self.scale)
                        self.add_loss(«loss»)

                    def call(self, x):
                        return x * self.scale


                layer = Scaled()
                layer(np.ones((2, 3), "float32"))
                layer
                """,
                both=Penalty("0"),
                versions=">=2.4",
            ),
            Bad(
                """
                class Biased(Layer):
                    def __init__(self):
                        super().__init__()
                        self.add_loss(«tf.constant(0.5)»)

                    def call(self, x):
                        return x


                Biased()
                """,
                keras2=Raises("ValueError", "constructor"),
                keras3=Penalty("0"),
                versions=">=2.4",
            ),
            Bad(
                """
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
                        self._penalize()

                    def _penalize(self):
                        self.add_loss(«0.1 * tf.reduce_sum(self.scale)»)

                    def call(self, x):
                        return x * self.scale


                layer = Scaled()
                layer(np.ones((2, 3), "float32"))
                layer
                """,
                both=Penalty("0"),
                versions=">=2.4",
            ),
            Bad(
                """
                layer = Dense(4)
                layer.build((None, 3))
                layer.add_loss(«regularizers.L2(0.1)(layer.kernel)»)
                layer(np.ones((2, 3), "float32"))
                layer
                """,
                keras2=Raises("ValueError", "constructor", "Expected a symbolic Tensors or a callable"),
                keras3=Penalty("0"),
                versions=">=2.4",
            ),
            Good(
                """
                layer = Dense(4)
                layer.build((None, 3))
                for _ in range(2):
                    layer.add_loss(regularizers.l2(0.1)(layer.kernel))
                    print(sum(layer.losses))
                """
            ),
            Good(
                """
                def penalize(layer):
                    layer.add_loss(0.1 * tf.reduce_sum(layer.kernel))


                class Net(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.dense = Dense(4)

                    def call(self, x):
                        y = self.dense(x)
                        penalize(self.dense)
                        return y
                """
            ),
            Good(
                """
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones", regularizer="l2")

                    def call(self, x):
                        return x * self.scale


                Scaled()
                """,
                both=Penalty("0.01 * sum(scale**2)"),
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
                class Scaled(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
                        self.add_loss(lambda: 0.1 * tf.reduce_sum(self.scale))

                    def call(self, x):
                        return x * self.scale


                Scaled()
                """,
                keras2=Penalty("0.1 * sum(scale)"),
                majors=(2,),
            ),
            Good(
                """
                class Prior(Layer):
                    def build(self, shape):
                        self.mean = self.add_weight(name="mean", shape=(3,), initializer="ones")
                        self.penalty = lambda: 0.1 * tf.reduce_sum(self.mean)

                    def call(self, x):
                        self.add_loss(self.penalty())
                        return x + self.mean


                Prior()
                """,
                both=Penalty("0.1 * sum(mean)"),
            ),
            Good(
                """
                class Net(Layer):
                    def __init__(self, losses):
                        super().__init__()
                        for loss in losses:
                            losses.add_loss(tf.constant(0.5))

                    def call(self, x):
                        return x


                Net([])
                """
            ),
            Good(
                """
                class Prior(Layer):
                    def build(self, shape):
                        self.mean = self.add_weight(name="mean", shape=(3,), initializer="ones")

                    def penalize(self):
                        self.add_loss(0.1 * tf.reduce_sum(self.mean))

                    def call(self, x):
                        self.penalize()
                        return x + self.mean


                Prior()
                """,
                both=Penalty("0.1 * sum(mean)"),
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if within(context.version, "<2.4"):
            return  # in graphs a tensor stays one of the layer's losses
        for added in context.facts.training.added:
            place = _PLACES.get(added.where)
            if place is None or added.given is None or added.kind != "tensor":
                continue
            if context.version.major > 2 or not added.by_graph:
                outcome = _outcome(added, older=context.version.major < 3)
                yield Finding(added.given, f"a tensor is given to add_loss {place}", outcome=outcome)


def _outcome(added: AddedLoss, *, older: bool) -> Outcome:
    return Fails("ValueError") if older and added.where is not Where.BUILD else Effect.FORGOTTEN
