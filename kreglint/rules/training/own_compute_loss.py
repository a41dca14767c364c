"""KRG614 own-compute-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import losses_added
from kreglint.rules.examples import Bad, Examples, Good, Trained, network
from kreglint.rules.slots import regularized
from kreglint.versions import within

_LOSS = """\
def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
    {body}
"""


_HANDED = """\
class Network(keras.Model):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def call(self, x):
        return self.body(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return {returned}


model = Network(keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))]))
model.compile(optimizer=optimizers.SGD(1.0))
step = model.fit
"""
_FUNCTIONAL = """\
class Regressor(keras.Model):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return {returned}


inputs = keras.Input((3,))
outputs = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))(inputs)
model = Regressor(inputs, outputs)
model.compile(optimizer=optimizers.SGD(1.0))
step = model.fit
"""
_DATA = "tf.reduce_mean(tf.square(y - y_pred))"
_NOTHING = Trained("0", "tensorflow")
_ALL = Trained("0.2 * sum(abs(kernel))", "tensorflow")
_BEFORE: tuple[tuple[str, None], ...] = ((">=2.0,<2.8", None),)


def _model(*rows: str) -> str:
    return network(_LOSS.format(body="\n    ".join(rows)), compiled="")


class OwnComputeLoss(Rule):
    """A model of one's own overrides `compute_loss` and leaves `self.losses` out.

    ## Why is this bad?
    `fit` minimises what `compute_loss` returns, and Keras' own method adds the penalties there. One that returns the
    loss of the data alone trains the model as if it had no regularizer. (Before Keras 2.8, `fit` does not call it.)

    A method that the file also calls by itself is only reported if `fit` trains an instance, since that loop may add
    the penalties.

    ## What to write instead
    `return loss + sum(self.losses)`, or start from `super().compute_loss(…)`, which includes them.

    ## Fix safety
    Unsafe: the model trains differently.
    """

    code, name, severity = "KRG614", "own-compute-loss", Severity.WARNING
    ranges = (">=2.0,<2.8",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _model(f"return «{_DATA}»"),
                both=_NOTHING,
                fixed=_model(f"return {_DATA} + sum(self.losses)"),
                versions=">=2.8",
            ),
            Bad(
                _model(f"loss = {_DATA}", "return «loss»"),
                both=_NOTHING,
                fixed=_model(f"loss = {_DATA} + sum(self.losses)", "return loss"),
                versions=">=2.8",
            ),
            Bad(
                _model(f"loss = {_DATA}", 'tf.print("penalty", tf.add_n(self.losses))', "return «loss»"),
                both=_NOTHING,
                fixed=_model(
                    f"loss = {_DATA} + sum(self.losses)", 'tf.print("penalty", tf.add_n(self.losses))', "return loss"
                ),
                versions=">=2.8",
            ),
            Bad(
                _HANDED.format(returned=f"«{_DATA}»"),
                both=_NOTHING,
                fixed=_HANDED.format(returned=f"{_DATA} + sum(self.losses)"),
                versions=">=2.8",
            ),
            Bad(
                _FUNCTIONAL.format(returned=f"«{_DATA}»"),
                both=_NOTHING,
                fixed=_FUNCTIONAL.format(returned=f"{_DATA} + sum(self.losses)"),
                versions=">=2.8",
            ),
            Good(_model(f"return {_DATA} + sum(self.losses)"), both=_ALL, older=_BEFORE),
            Good(_model(f"loss = {_DATA}", "loss += tf.add_n(self.losses)", "return loss"), both=_ALL, older=_BEFORE),
            Good(
                _model("for each in self.losses:", "    y_pred += 0 * each", f"return {_DATA} + tf.add_n(self.losses)"),
            ),
            Good(_FUNCTIONAL.format(returned=f"{_DATA} + tf.add_n(self.losses)"), both=_ALL, older=_BEFORE),
            Good(_model("loss = super().compute_loss(x, y, y_pred, sample_weight)", "return 2.0 * loss")),
            Good(_model("return self.rank(y_pred) + self.penalty()")),
            Good(
                """
                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x)

                    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                        return tf.reduce_mean(tf.square(y - y_pred))

                    def train_step(self, data):
                        x, y = data
                        with tf.GradientTape() as tape:
                            loss = self.compute_loss(x, y, self(x, training=True)) + sum(self.losses)
                        gradients = tape.gradient(loss, self.trainable_variables)
                        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
                        return {"total": loss}


                model = Network()
                model.compile(optimizer=optimizers.SGD(1.0))
                step = model.fit
                """,
                both=_ALL,
            ),
            Good(
                """
                class Base(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x)

                    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                        return tf.reduce_mean(tf.square(y - y_pred))


                class Network(Base):
                    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                        return super().compute_loss(x, y, y_pred) + tf.add_n(self.losses)


                model = Network()
                model.compile(optimizer=optimizers.SGD(1.0))
                step = model.fit
                """,
                both=_ALL,
                older=_BEFORE,
            ),
            Good(
                """
                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2)

                    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                        return tf.reduce_mean(tf.square(y - y_pred))


                Network().compile()
                """
            ),
            Good(
                """
                class Trainer:
                    def __init__(self):
                        self.model = keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])

                    def compute_loss(self, y, y_pred):
                        return tf.reduce_mean(tf.square(y - y_pred))


                Trainer()
                """
            ),
            Good(
                """
                from mynets import total


                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, kernel_regularizer=l2(0.1))

                    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                        return total(self, y, y_pred)


                Network().compile()
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if not context.facts.training.computed or within(context.version, "<2.8"):
            return  # `fit` calls it since 2.8
        layers = regularized(context)
        for loss in context.facts.training.computed:
            if layers.any_inside(loss.made_in):
                yield Finding(
                    loss.span,
                    f"this compute_loss leaves out {loss.model}.losses, so the regularizers have no effect",
                    fix=losses_added(loss),
                )
