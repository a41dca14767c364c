"""KRG601 omitted-losses."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Note, Severity
from kreglint.facts.training import TapeLoss
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import losses_added
from kreglint.rules.examples import Bad, Examples, Good, Trained, dedented, network
from kreglint.rules.slots import far_notes, penalized_elsewhere, regularized

_MODEL = """\
model = keras.Sequential([{layer}, Dense(1, use_bias=False)])
optimizer = optimizers.SGD(1.0)


def step({takes}):
    with tf.GradientTape() as tape:
        {loss}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip([0 * v if g is None else g for g, v in {pairs}], model.trainable_variables))
"""
_PAIRS = "zip(gradients, model.trainable_variables)"


_LAYER = "Dense(2, use_bias=False, kernel_regularizer=l2(0.1))"


def _step(loss: str, given: str = "loss", *, before: str = "", layer: str = _LAYER, takes: str = "x, y") -> str:
    body = dedented(loss).replace("\n", "\n        ")
    step = _MODEL.format(loss=body, given=given, pairs=_PAIRS, layer=layer, takes=takes)
    return f"{dedented(before)}\n\n\n{step}" if before else step


_BUILT = """\
def build():
    model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1)), Dense(1, use_bias=False)])
    return model, optimizers.SGD(1.0)


model, optimizer = build()


"""
_STATELESS = """\
import jax

model = keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])
objective = keras.losses.MeanSquaredError()


def loss_of(weights, state, x, y):
    {runs}
    return {loss}, state


gradient = jax.value_and_grad(loss_of, has_aux=True)
"""


def _stateless(runs: str, loss: str) -> str:
    return _STATELESS.format(runs=runs, loss=loss)


def _step_of(loss: str, given: str = "loss") -> str:
    return _step(loss, given).partition("\noptimizer = optimizers.SGD(1.0)\n\n\n")[2]


_TRAIN_STEP = """\
def train_step(self, data):
    x, y = data
    with tf.GradientTape() as tape:
        {loss}
    variables = self.trainable_variables
    gradients = tape.gradient({given}, variables)
    self.optimizer.apply_gradients(zip(gradients, variables))
    return {{"total": loss}}
"""


def _network(loss: str, given: str) -> str:
    return network(_TRAIN_STEP.format(loss=loss, given=given))


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
_OWN = """\
class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

    def call(self, x):
        return self.first(x)


model = Network()
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x))){added}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""


_LOOP = """\
{made}
optimizer = optimizers.SGD(0.1)
for x, y in []:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x))){more}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""
_MADE = "model = keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])"
_SUM = " + sum(model.losses)"


class OmittedLosses(Rule):
    """The training step of a regularized model takes the gradient of a loss without `model.losses`.

    ## Why is this bad?
    Only `fit` adds the penalties automatically. In a custom loop, they are in `model.losses`, and count only if they
    are added to the loss inside the tape. Without them the model trains as if it had no regularizer. A penalty that is
    only printed or kept in a metric is not added. Where one loss trains several networks, each has losses of its own.

    An optimizer's `minimize` adds nothing either, also in the sessions and estimators of TensorFlow 1: the Keras layers
    of a graph keep their penalties for themselves. With JAX, `stateless_call` gives them only where it is asked for
    them.

    A step is only reported if an optimizer gets its gradients as they are, and nothing else may train the same model
    with its penalties: another step, `fit`, or code that sets its weights.

    ## What to write instead
    `loss = loss_fn(y, model(x)) + sum(model.losses)`; in a `train_step`, `self.compute_loss(…)`, which includes them.
    With JAX: `y_pred, state, losses = model.stateless_call(…, return_losses=True)`, and `sum(losses)` in the loss.

    ## Fix safety
    Unsafe: the model trains differently.
    """

    code, name, severity = "KRG601", "omitted-losses", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        from kreglint.rules.forgotten import forgotten

        return (
            *forgotten(),
            Bad(
                _step("loss = tf.reduce_mean(tf.square(y - model(x)))", "«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_step("loss = tf.reduce_mean(tf.square(y - model(x))) + sum(model.losses)"),
            ),
            Bad(
                _network(loss="loss = tf.reduce_mean(tf.square(y - self(x, training=True)))", given="«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_network(
                    loss="loss = tf.reduce_mean(tf.square(y - self(x, training=True))) + sum(self.losses)", given="loss"
                ),
            ),
            Bad(
                _TRAINER.format(more="", given="«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_TRAINER.format(more=" + sum(self.model.losses)", given="loss"),
            ),
            Bad(
                _LOOP.format(made=_MADE, more="", given="«loss»"),
                fixed=_LOOP.format(made=_MADE, more=_SUM, given="loss"),
            ),
            Bad(
                _OWN.format(added="", given="«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_OWN.format(added=" + sum(model.losses)", given="loss"),
            ),
            Bad(
                _BUILT + _step_of("loss = tf.reduce_mean(tf.square(y - model(x)))", "«loss»"),
                both=Trained("0", "tensorflow"),
                fixed=_BUILT + _step_of("loss = tf.reduce_mean(tf.square(y - model(x))) + sum(model.losses)"),
            ),
            Good(
                _BUILT + _step_of("loss = tf.reduce_mean(tf.square(y - model(x))) + sum(model.losses)"),
                both=Trained("0.2 * sum(abs(kernel0))", "tensorflow"),
            ),
            Bad(_stateless("p, state = model.stateless_call(weights, state, x)", "«objective(y, p)»")),
            Good(
                _stateless(
                    "p, state, losses = model.stateless_call(weights, state, x, return_losses=True)",
                    "objective(y, p) + sum(losses)",
                )
            ),
            Good(
                _stateless(
                    "p, state = model.stateless_call(weights, state, x)",
                    "objective(y, p) + 0.1 * sum((each**2).sum() for each in weights)",
                )
            ),
            Good(
                """
                class Network(keras.Model):
                    def __init__(self):
                        super().__init__()
                        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

                    def call(self, x):
                        return self.first(x) + self.rest()

                    def rest(self):
                        return sum(self.losses)


                model = Network()
                optimizer = optimizers.SGD(1.0)


                def step(x, y):
                    with tf.GradientTape() as tape:
                        loss = tf.reduce_mean(tf.square(y - model(x)))
                    gradients = tape.gradient(loss, model.trainable_variables)
                    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
                """
            ),
            Good(
                _TRAINER.format(more=" + sum(self.model.losses)", given="loss"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
            ),
            Good(_LOOP.format(made=_MADE, more="\n        loss += sum(model.losses)", given="loss")),
            Good(
                _step(
                    "loss = total(y, model(x))", before="total = lambda y, p: tf.reduce_mean(y - p) + sum(model.losses)"
                ),
                both=Trained("0.2 * sum(abs(kernel0))", "tensorflow"),
            ),
            Good(_step("loss = total_loss(x, y)", before="from mynets import total_loss")),
            Good(_LOOP.format(made=_MADE, more="", given=f"loss{_SUM}")),
            Good(
                """
                def regularized(units):
                    return Dense(units, kernel_regularizer='l2')


                inputs = keras.Input((3,))
                model = keras.Model(inputs, Dense(2)(inputs))
                optimizer = optimizers.SGD(0.1)
                for x, y in []:
                    with tf.GradientTape() as tape:
                        loss = tf.reduce_mean(tf.square(y - model(x)))
                    gradients = tape.gradient(loss, model.trainable_variables)
                    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(2)])
                other = Dense(3, kernel_regularizer='l2')
                optimizer = optimizers.SGD(0.1)
                for x, y in []:
                    with tf.GradientTape() as tape:
                        loss = tf.reduce_mean(tf.square(y - model(x)))
                    gradients = tape.gradient(loss, model.trainable_variables)
                    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
                """
            ),
            Good(
                _step(
                    """
                    loss = tf.reduce_mean(tf.square(y - model(x)))
                    loss += tf.add_n(model.losses)
                    """
                ),
                both=Trained("0.2 * sum(abs(kernel0))", "tensorflow"),
            ),
            Good(
                _network(loss="loss = self.compute_loss(x, y, self(x, training=True))", given="loss"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
            ),
            Good(
                _step(
                    "loss = total(y, model(x))",
                    before="""
                    def total(y, p):
                        return tf.reduce_mean(y - p) + sum(model.losses)
                    """,
                )
            ),
            Good(_step("loss = tf.reduce_mean(y - model(x))", layer="Dense(2)")),
            Good(_step("loss = total_loss(model, x, y)", before="from mynets import total_loss")),
            Good(
                _step(
                    """
                    loss = tf.reduce_mean(y - model(x))
                    for w in model.trainable_weights:
                        loss += tf.norm(w)
                    """
                )
            ),
            Good(_step("loss = tf.reduce_mean(y - model(x))", takes="model, x, y")),
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
                related = far_notes(far, tape.span)
                if tape.taken is not None:
                    related = (Note(tape.span, "this is the loss", tape.taken), *related)
                what = "this loss" if tape.taken is None else "the loss that it is trained by"
                yield Finding(
                    tape.span,
                    f"{_losses(tape)} added to {what}, so the regularizers have no effect",
                    related=related,
                    fix=losses_added(tape),
                )


def _losses(tape: TapeLoss) -> str:
    return f"{tape.model}.losses is not" if tape.model else "the losses of the layers are not"
