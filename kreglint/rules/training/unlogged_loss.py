"""KRG610 unlogged-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.training import UnloggedLoss as Unlogged
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Logged, dedented, network

_TRAIN_STEP = """\
def train_step(self, data):
    x, y = data
    with tf.GradientTape() as tape:
        loss = self.compute_loss(x, y, self(x, training=True))
    gradients = tape.gradient(loss, self.trainable_variables)
    self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
    {told}
"""
_RETURN = 'return {"loss": loss}'


def _network(told: str, more: str = "") -> str:
    return network(_TRAIN_STEP.format(told=dedented(told).replace("\n", "\n    ")), f', loss="mse"{more}')


_PENALTY = Logged("0.1 * sum(kernel**2)", "tensorflow")


class UnloggedLoss(Rule):
    """A `train_step` returns `{"loss": loss}` without updating a metric with the loss.

    ## Why is this bad?
    If a step returns exactly the names of the model's metrics, Keras 3 shows its own metrics instead of the returned
    values. Its loss metric was never updated, so the log, the history and callbacks such as `EarlyStopping` get 0.0,
    although the model trains.

    ## What to write instead
    Update the metrics of the model, and return their results:
    `for metric in self.metrics: metric.update_state(loss)`; or return the loss under another name.
    """

    code, name, severity = "KRG610", "unlogged-loss", Severity.WARNING
    triggers = ((r"def[\s\\]+train_step\b", "compile"),)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _network('return «{"loss": loss}»'),
                keras2=_PENALTY,
                keras3=Logged("0", "tensorflow"),
                fixed=_network(
                    """
                    for metric in self.metrics:
                        metric.update_state(loss)
                    return {"loss": loss}
                    """
                ),
                majors=(3,),
            ),
            Good(
                """
                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x)

                    def train_step(self, data):
                        x, y = data
                        with tf.GradientTape() as tape:
                            loss = self.compute_loss(x, y, self(x, training=True))
                        gradients = tape.gradient(loss, self.trainable_variables)
                        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                        for metric in self.metrics:
                            if metric.name == "loss":
                                metric.update_state(loss)
                        return {metric.name: metric.result() for metric in self.metrics}


                model = Network()
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
                step = model.fit
                """,
                keras3=_PENALTY,
            ),
            Good(
                _network(
                    """
                    self.seen = loss
                    return {'total': loss}
                    """
                )
            ),
            Good(
                _network(
                    """
                    self._loss_tracker.update_state(loss)
                    return {'loss': loss}
                    """
                ),
                keras3=_PENALTY,
            ),
            Good(
                _network(
                    """
                    if self.seen:
                        return {"total": loss}
                    return {"loss": loss}
                    """
                )
            ),
            Good(_network(_RETURN, ", metrics=['mae']")),
            Good(
                """
                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x)

                    def train_step(self, data):
                        x, y = data
                        with tf.GradientTape() as tape:
                            loss = self.compute_loss(x, y, self(x, training=True))
                        gradients = tape.gradient(loss, self.trainable_variables)
                        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                        return {"loss": loss}


                model = Network()
                keras.Sequential().compile(optimizer=optimizers.SGD(1.0), loss="mse")
                step = model.fit
                """
            ),
            Good(_network("return super().train_step(data)")),
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
                            loss = self.compute_loss(x, y, self(x, training=True))
                        gradients = tape.gradient(loss, self.trainable_variables)
                        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                        return {"loss": loss}


                model = Network()
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
                step = model.fit
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if context.version.major >= 3:
            for found in context.facts.training.unlogged:
                yield Finding(
                    found.span,
                    "Keras logs its own loss metric, which this step never updates, so the logged loss is 0.0",
                    fix=_fix(found),
                )


def _fix(found: Unlogged) -> Fix | None:
    if found.loss is None or found.indent is None:
        return None
    text = f"for metric in self.metrics:\n{found.indent}    metric.update_state({found.loss})\n{found.indent}"
    return insertion("Update the metric", found.statement.start, text, Safety.DISPLAY)
