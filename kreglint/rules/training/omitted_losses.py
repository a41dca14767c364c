"""KRG601 omitted-losses."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Note, Safety, Severity, Span
from kreglint.facts.training import TapeLoss
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Trained
from kreglint.rules.slots import penalized_elsewhere, regularized

_MODEL = """\
model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1)), Dense(1, use_bias=False)])
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        {loss}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip([0 * v if g is None else g for g, v in {pairs}], model.trainable_variables))
"""
_PAIRS = "zip(gradients, model.trainable_variables)"


def _step(loss: str, given: str = "loss") -> str:
    return _MODEL.format(loss=loss.replace("\n", "\n        "), given=given, pairs=_PAIRS)


_NETWORK = """\
class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

    def call(self, x):
        return self.first(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            {loss}
        variables = self.trainable_variables
        gradients = tape.gradient({given}, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return {{"total": loss}}


model = Network()
model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
step = model.fit
"""


_TRAINER = """\
def dense(units):
    return Dense(units, use_bias=False, kernel_regularizer=l2(0.1))


class Trainer:
    def __init__(self):
        self.model = keras.Sequential([dense(2)])
        self.optimizer = optimizers.SGD(1.0)
        self.loss = keras.losses.MeanSquaredError()

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss(y, self.model(x)){more}
        gradients = tape.gradient({given}, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables))


trainer = Trainer()
model, step = trainer.model, trainer.step
"""
_LOOP = """\
model = keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])
for x, y in []:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x))){more}
    gradients = tape.gradient({given}, model.trainable_variables)
"""
_OWN = """\
class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

    def call(self, x):
        return self.first(x){more}


model = Network()
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x))){added}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""


class OmittedLosses(Rule):
    """The training step of a regularized model takes the gradient of a loss without `model.losses`.

    ## Why is this bad?
    Only `fit` adds the penalties automatically. In a custom loop, they are in `model.losses`, and count only if they
    are added to the loss inside the tape. Without them the model trains as if it had no regularizer.

    ## What to write instead
    `loss = loss_fn(y, model(x)) + sum(model.losses)`; in a `train_step`, `self.compute_loss(…)`, which includes them.

    ## Fix safety
    Unsafe: the model trains differently.
    """

    code, name, severity = "KRG601", "omitted-losses", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _step("loss = tf.reduce_mean(tf.square(y - model(x)))", "«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_step("loss = tf.reduce_mean(tf.square(y - model(x))) + sum(model.losses)"),
            ),
            Bad(
                _NETWORK.format(loss="loss = tf.reduce_mean(tf.square(y - self(x, training=True)))", given="«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_NETWORK.format(
                    loss="loss = tf.reduce_mean(tf.square(y - self(x, training=True))) + sum(self.losses)", given="loss"
                ),
            ),
            Bad(
                _TRAINER.format(more="", given="«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_TRAINER.format(more=" + sum(self.model.losses)", given="loss"),
            ),
            Bad(_LOOP.format(more="", given="«loss»"), fixed=_LOOP.format(more=" + sum(model.losses)", given="loss")),
            Bad(
                _OWN.format(more="", added="", given="«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_OWN.format(more="", added=" + sum(model.losses)", given="loss"),
            ),
            Good(
                _OWN.format(
                    more=" + self.rest()\n\n    def rest(self):\n        return sum(self.losses)",
                    added="",
                    given="loss",
                )
            ),
            Good(
                _TRAINER.format(more=" + sum(self.model.losses)", given="loss"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
            ),
            Good(_LOOP.format(more="\n        loss += sum(model.losses)", given="loss")),
            Good(
                "total = lambda y, p: tf.reduce_mean(y - p) + sum(model.losses)\n" + _step("loss = total(y, model(x))"),
                both=Trained("0.2 * sum(abs(kernel0))", "tensorflow"),
            ),
            Good("from mynets import total_loss\n\n\n" + _step("loss = total_loss(x, y)")),
            Good(_LOOP.format(more="", given="loss + sum(model.losses)")),
            Good(
                "def regularized(units):\n    return Dense(units, kernel_regularizer='l2')\n\n\n"
                "inputs = keras.Input((3,))\n"
                + _LOOP.format(more="", given="loss").replace(
                    "keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])", "keras.Model(inputs, Dense(2)(inputs))"
                )
            ),
            Good(
                _LOOP.format(more="", given="loss")
                .replace("for x", "other = Dense(3, kernel_regularizer='l2')\nfor x")
                .replace(", kernel_regularizer=l2(0.1)", "")
            ),
            Good(
                _step("loss = tf.reduce_mean(tf.square(y - model(x)))\nloss += tf.add_n(model.losses)"),
                both=Trained("0.2 * sum(abs(kernel0))", "tensorflow"),
            ),
            Good(
                _NETWORK.format(loss="loss = self.compute_loss(x, y, self(x, training=True))", given="loss"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
            ),
            Good(
                "def total(y, p):\n    return tf.reduce_mean(y - p) + sum(model.losses)\n\n\n"
                + _step("loss = total(y, model(x))")
            ),
            Good(_step("loss = tf.reduce_mean(y - model(x))").replace(", kernel_regularizer=l2(0.1)", "")),
            Good("from mynets import total_loss\n\n\n" + _step("loss = total_loss(model, x, y)")),
            Good(
                _step("loss = tf.reduce_mean(y - model(x))\nfor w in model.trainable_weights:\n    loss += tf.norm(w)")
            ),
            Good(_step("loss = tf.reduce_mean(y - model(x))").replace("def step(x, y)", "def step(model, x, y)")),
            Good(
                """
                def attack(x, y):
                    with tf.GradientTape() as tape:
                        loss = tf.reduce_mean(x - y)
                    return tape.gradient(loss, x)


                model = keras.Sequential([Dense(1, kernel_regularizer='l2')])
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if not context.facts.training.tapes:
            return
        layers = regularized(context)
        for tape in context.facts.training.tapes:
            far = penalized_elsewhere(tape.made_elsewhere, context)
            if far or layers.any_inside(tape.made_in):
                yield Finding(
                    tape.span,
                    f"{tape.model}.losses is not added to this loss, so the regularizers have no effect",
                    related=tuple(Note(tape.span, "this layer has a penalty", layer.place) for layer in far[:1]),
                    fix=_fix(tape),
                )


def _fix(tape: TapeLoss) -> Fix | None:
    if tape.value is None:
        return None
    text = f" + sum({tape.model}.losses)"
    return Fix(f"Add sum({tape.model}.losses)", (Edit(Span(tape.value.end, tape.value.end), text),), Safety.UNSAFE)
