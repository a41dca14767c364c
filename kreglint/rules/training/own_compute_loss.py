"""KRG614 own-compute-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity, Span
from kreglint.facts.training import TapeLoss
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Trained
from kreglint.rules.slots import regularized
from kreglint.versions import within

_MODEL = """\
class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

    def call(self, x):
        return self.first(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        {body}


model = Network()
model.compile(optimizer=optimizers.SGD(1.0))
step = model.fit
"""


def _model(*rows: str) -> str:
    return _MODEL.format(body="\n        ".join(rows))


class OwnComputeLoss(Rule):
    """A model of one's own overrides `compute_loss` and leaves `self.losses` out.

    ## Why is this bad?
    `fit` minimises what `compute_loss` returns, and Keras' own method adds the penalties there. One that returns the
    loss of the data alone trains the model as if it had no regularizer.

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
                _model("return «tf.reduce_mean(tf.square(y - y_pred))»"),
                both=Trained("0", "tensorflow"),
                fixed=_model("return tf.reduce_mean(tf.square(y - y_pred)) + sum(self.losses)"),
                versions=">=2.8",
            ),
            Bad(
                _model("loss = tf.reduce_mean(tf.square(y - y_pred))", "return «loss»"),
                both=Trained("0", "tensorflow"),
                versions=">=2.8",
            ),
            Good(
                _model("return tf.reduce_mean(tf.square(y - y_pred)) + sum(self.losses)"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
                older=((">=2.0,<2.8", None),),
            ),
            Good(
                _model("loss = tf.reduce_mean(tf.square(y - y_pred))", "loss += tf.add_n(self.losses)", "return loss"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
                older=((">=2.0,<2.8", None),),
            ),
            Good(
                _model("loss = super().compute_loss(x, y, y_pred, sample_weight)", "return 2.0 * loss"),
                older=((">=2.0,<2.8", None),),
            ),
            Good(_model("return self.rank(y_pred) + self.penalty()")),
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
                    fix=_fix(loss),
                )


def _fix(loss: TapeLoss) -> Fix | None:
    if loss.value is None:
        return None
    end = Span(loss.value.end, loss.value.end)
    text = f" + sum({loss.model}.losses)"
    return Fix(f"Add sum({loss.model}.losses)", (Edit(end, text),), Safety.UNSAFE)
