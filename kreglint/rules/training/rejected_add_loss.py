"""KRG613 rejected-add-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity, Span
from kreglint.facts.added import AddedLoss, Where
from kreglint.outcomes import Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.versions import within

_KEYWORDS = {2: ("losses", "inputs"), 3: ("loss",)}


class RejectedAddLoss(Rule):
    """`add_loss` is called as no layer of this Keras accepts it: on a functional model, or with other arguments.

    ## Why is this bad?
    Keras 3 takes one tensor, in a layer's `call`. A functional model's `add_loss` raises `NotImplementedError`; a
    Python number or a regularizer that is not called raises `ValueError`, and a second argument or none, `inputs=` or
    `losses=` raises `TypeError`. In Keras 2 the argument is called `losses`, and a second one by position is a
    `TypeError` from 2.4 on.

    ## What to write instead
    A layer whose `call` adds the penalty and returns its input, in place of `model.add_loss(…)`. In it
    `self.add_loss(loss)`, once for each term.
    """

    code, name, severity = "KRG613", "rejected-add-loss", Severity.ERROR
    triggers = ("add_loss",)
    ranges = (">=2.0,<2.4",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                inputs = keras.Input((3,))
                model = keras.Model(inputs, Dense(2)(inputs))
                «model.add_loss(0.1 * tf.reduce_sum(model.weights[0]))»
                """,
                keras3=Raises("NotImplementedError", "constructor"),
                majors=(3,),
            ),
            Bad(
                """
                class Sparse(Layer):
                    def call(self, x):
                        self.add_loss(tf.reduce_sum(x), «x»)
                        return x


                Sparse()
                """,
                both=Raises("TypeError", "build"),
                versions=">=2.4",
            ),
            Bad(
                """
                class Sparse(Layer):
                    def __init__(self):
                        super().__init__()
                        self.penalty = regularizers.L1(0.1)

                    def call(self, x):
                        self.add_loss(«self.penalty»)
                        return x


                Sparse()
                """,
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "build"),
                versions=">=2.4",
            ),
            Bad(
                """
                class Sparse(Layer):
                    def call(self, x):
                        «self.add_loss()»
                        return x


                Sparse()
                """,
                both=Raises("TypeError", "build"),
                versions=">=2.4",
            ),
            Bad(
                """
                def autoencoder(width):
                    inputs = keras.Input((width,))
                    return keras.Model(inputs, Dense(width)(inputs))


                model = autoencoder(3)
                «model.add_loss(0.1 * tf.reduce_sum(model.weights[0]))»
                """,
                keras3=Raises("NotImplementedError", "constructor"),
                majors=(3,),
            ),
            Good(
                """
                class Net(keras.Model):
                    def __init__(self, width):
                        super().__init__()
                        self.dense = Dense(width)

                    def call(self, x):
                        y = self.dense(x)
                        self.add_loss(0.1 * tf.reduce_sum(y**2))
                        return y


                def autoencoder(width):
                    return Net(width)


                model = autoencoder(3)
                model
                """
            ),
            Bad(
                """
                class Sparse(Layer):
                    def call(self, x):
                        self.add_loss(0.0 * tf.reduce_sum(x), «inputs»=x)
                        return x


                Sparse()
                """,
                keras2=Penalty("0"),
                keras3=Raises("TypeError", "build"),
                majors=(3,),
            ),
            Bad(
                """
                class Sparse(Layer):
                    def call(self, x):
                        self.add_loss(«losses»=0.0 * tf.reduce_sum(x))
                        return x


                Sparse()
                """,
                keras2=Penalty("0"),
                keras3=Raises("TypeError", "build"),
                majors=(3,),
            ),
            Bad(
                """
                class Sparse(Layer):
                    def call(self, x):
                        self.add_loss(«loss»=0.0 * tf.reduce_sum(x))
                        return x


                Sparse()
                """,
                keras2=Raises("TypeError", "build"),
                keras3=Penalty("0"),
                majors=(2,),
                versions=">=2.4",
            ),
            Bad(
                """
                class Priced(Layer):
                    def call(self, x):
                        self.add_loss(«0.5»)
                        return x


                Priced()
                """,
                keras2=Penalty("0.5"),
                keras3=Raises("ValueError", "build", "add_loss"),
                majors=(3,),
            ),
            Good(
                """
                class Sparse(Layer):
                    def call(self, x):
                        self.add_loss(0.1 * tf.reduce_sum(x))
                        return x


                inputs = keras.Input((3,))
                model = keras.Model(inputs, Sparse()(Dense(2)(inputs)))
                """
            ),
            Good(
                """
                class Sparse(Layer):
                    def call(self, x):
                        for each in (0.5, 0.25):
                            self.add_loss(tf.constant(each))
                        return x


                Sparse()
                """,
                both=Penalty("0.75"),
            ),
            Good(
                """
                class Net(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.dense = Dense(2)

                    def call(self, x):
                        self.add_loss(0.1 * tf.reduce_sum(x))
                        return self.dense(x)


                model = Net()
                """
            ),
            Good(
                """
                class Losses:
                    def add_loss(self, loss, weight):
                        self.total = loss * weight


                Losses().add_loss(0.5, 2)
                Dense(4)
                """
            ),
            Good(
                """
                class Bottleneck(Layer):
                    def call(self, inputs):
                        mean, log_var = inputs
                        divergence = -0.5 * tf.reduce_mean(1.0 + log_var - tf.square(mean) - tf.exp(log_var))
                        self.add_loss(divergence)
                        return mean


                x = keras.Input((3,))
                Bottleneck()([Dense(2)(x), Dense(2)(x)])
                """
            ),
            Good(
                """
                def train(trainer, loss):
                    trainer.add_loss(loss, "data")
                    trainer.add_loss(0.5, weight=2)


                Dense(4)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        newer = context.version.major > 2
        if within(context.version, "<2.4"):
            return  # add_loss(losses, inputs=None)
        for added in context.facts.training.added:
            if newer and added.where is Where.FUNCTIONAL:
                message = "add_loss is called on a functional model"
                yield Finding(added.span, message, outcome=Fails("NotImplementedError"))
                continue
            yield from _arguments(added, newer=newer)


def _arguments(added: AddedLoss, *, newer: bool) -> Iterator[Finding]:
    if added.second is not None:
        yield Finding(added.second, "add_loss takes one positional argument", outcome=Fails("TypeError"))
    for keyword, span in added.keywords:
        if keyword not in _KEYWORDS[3 if newer else 2]:
            yield _no_such(keyword, span, newer=newer)
    if added.given is None and not added.keywords:
        yield Finding(added.span, "add_loss is called without a loss", outcome=Fails("TypeError"))
    if added.kind == "regularizer" and added.given is not None:
        fails = Fails("ValueError") if newer else Fails("TypeError", "losses")
        yield Finding(added.given, "add_loss takes a tensor, not a regularizer", outcome=fails)
    if newer and added.kind == "number" and added.given is not None:
        yield Finding(added.given, "add_loss takes a tensor, not a Python number", outcome=Fails("ValueError"))


def _no_such(keyword: str, span: Span, *, newer: bool) -> Finding:
    named = "loss" if newer else "losses"
    message = f"add_loss has no argument '{keyword}', its argument is called '{named}'"
    return Finding(span, message, outcome=Fails("TypeError"))
