"""KRG602 losses-counted-twice."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.training import DoubledLosses
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Trained, dedented, network

_TRAIN_STEP = """\
def train_step(self, data):
    x, y = data
    with tf.GradientTape() as tape:
        {loss}
    gradients = tape.gradient(loss, self.trainable_variables)
    self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
    return {{"total": loss}}
"""


def _network(loss: str) -> str:
    return network(_TRAIN_STEP.format(loss=dedented(loss).replace("\n", "\n        ")))


_ONCE, _TWICE = "0.2 * sum(abs(kernel))", "0.4 * sum(abs(kernel))"


class LossesCountedTwice(Rule):
    """A model's `losses` are added to a loss that already includes them.

    ## Why is this bad?
    `compute_loss` returns the loss of the data with all penalties. `+ sum(self.losses)` adds them again, so the model
    is regularized twice as much as its λ says. `compiled_loss` includes them in Keras 3, and in Keras 2 if it is called
    with `regularization_losses`.

    ## What to write instead
    `self.compute_loss(…)` alone.

    ## Fix safety
    Unsafe: the model trains differently.
    """

    code, name, severity = "KRG602", "losses-counted-twice", Severity.ERROR
    triggers = (("compute_loss", "losses"), ("compiled_loss", "losses"))

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _network(
                    """
                    loss = self.compute_loss(x, y, self(x, training=True))
                    loss += «sum(self.losses)»
                    """
                ),
                both=Trained(_TWICE, "tensorflow"),
                fixed=_network("loss = self.compute_loss(x, y, self(x, training=True))"),
            ),
            Bad(
                _network(
                    """
                    data = self.compute_loss(x, y, self(x, training=True))
                    penalty = sum(self.losses)
                    loss = data + «penalty»
                    """
                ),
                both=Trained(_TWICE, "tensorflow"),
                fixed=_network(
                    """
                    data = self.compute_loss(x, y, self(x, training=True))
                    penalty = sum(self.losses)
                    loss = data
                    """
                ),
            ),
            Good(
                _network(
                    """
                    data = self.compute_loss(x, y, self(x, training=True))
                    penalty = sum(self.losses)
                    loss, shown = data, data + penalty
                    """
                ),
                both=Trained(_ONCE, "tensorflow"),
            ),
            Good(
                _network(
                    """
                    data = self.compute_loss(x, y, self(x, training=True))
                    shown = data + sum(self.losses)
                    loss = data
                    """
                ),
                both=Trained(_ONCE, "tensorflow"),
            ),
            Bad(
                _network("loss = self.compute_loss(x, y, self(x, training=True)) + «tf.add_n(self.losses)»"),
                both=Trained(_TWICE, "tensorflow"),
                fixed=_network("loss = self.compute_loss(x, y, self(x, training=True))"),
            ),
            Bad(
                _network(
                    "loss = self.compiled_loss(y, self(x), regularization_losses=self.losses) + «sum(self.losses)»"
                ),
                both=Trained(_TWICE, "tensorflow"),
                fixed=_network("loss = self.compiled_loss(y, self(x), regularization_losses=self.losses)"),
            ),
            Bad(
                _network("loss = self.compiled_loss(y, self(x)) + «sum(self.losses)»"),
                keras2=Trained(_ONCE, "tensorflow"),
                keras3=Trained(_TWICE, "tensorflow"),
                fixed=_network("loss = self.compiled_loss(y, self(x))"),
                majors=(3,),
            ),
            Good(_network("loss = self.compute_loss(x, y, self(x, training=True))"), both=Trained(_ONCE, "tensorflow")),
            Good(
                _network(
                    """
                    loss = tf.reduce_mean(tf.square(y - self(x)))
                    loss += sum(self.losses)
                    """
                ),
                both=Trained(_ONCE, "tensorflow"),
            ),
            Good(
                """
                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x)

                    def compute_loss(self, x, y, y_pred):
                        return tf.reduce_mean(tf.square(y - y_pred))

                    def train_step(self, data):
                        x, y = data
                        with tf.GradientTape() as tape:
                            loss = self.compute_loss(x, y, self(x)) + sum(self.losses)
                        gradients = tape.gradient(loss, self.trainable_variables)
                        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                        return {"total": loss}


                model = Network()
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
                step = model.fit
                """,
                both=Trained(_ONCE, "tensorflow"),
            ),
            Good(
                _network(
                    """
                    loss = self.compute_loss(x, y, self(x))
                    shown = tf.reduce_mean(y) + sum(self.losses)
                    """
                )
            ),
            Good(
                _network(
                    """
                    loss = self.compute_loss(x, y, self(x))
                    data = loss - sum(self.losses)
                    """
                )
            ),
            Good(
                _network(
                    """
                    if self.old:
                        loss = self.compute_loss(x, y, self(x))
                    else:
                        loss = y + sum(self.losses)
                    """
                )
            ),
            Good(_network("loss = self.compute_loss(x, y, self(x)) + sum(self.other.losses)")),
            Good(
                """
                from mynets import Base
                class Network(Base):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x)

                    def train_step(self, data):
                        x, y = data
                        with tf.GradientTape() as tape:
                            loss = self.compute_loss(x, y, self(x)) + sum(self.losses)
                        gradients = tape.gradient(loss, self.trainable_variables)
                        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                        return {"total": loss}


                model = Network()
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
                step = model.fit
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for doubled in context.facts.training.doubled:
            if doubled.method == "compute_loss" or doubled.given or context.version.major >= 3:
                yield Finding(
                    doubled.span,
                    f"{doubled.method} already includes the penalties, so this counts them twice",
                    fix=_fix(doubled),
                )


def _fix(doubled: DoubledLosses) -> Fix | None:
    if doubled.whole is None:
        return None
    return replacement("Add them once", doubled.whole, doubled.rest, Safety.UNSAFE)
