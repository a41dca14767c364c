"""KRG506 graph-collection."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.calls import ApiCall
from kreglint.facts.values import Argument, Const, Symbol
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Trained
from kreglint.rules.slots import regularizes

_FUNCTION = "losses.get_regularization_loss"
_KEY = ".GraphKeys.REGULARIZATION_LOSSES"
_STEP = """\
model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
optimizer = optimizers.SGD(1.0)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x))) + {penalty}
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""


class GraphCollection(Rule):
    """The penalties of Keras layers are read from TensorFlow's graph collection.

    ## Why is this bad?
    Only the layers of TensorFlow 1 (`tf.layers`, slim) put their penalties there. Keras layers keep theirs in
    `model.losses`, so the collection is empty and nothing is added.

    ## What to write instead
    `sum(model.losses)`.
    """

    code, name, severity = "KRG506", "graph-collection", Severity.WARNING
    triggers = (REGULARIZER, "REGULARIZATION_LOSSES")

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _STEP.format(penalty="«tf.compat.v1.losses.get_regularization_loss»()"),
                both=Trained("0", "tensorflow"),
                fixed=_STEP.format(penalty="sum(model.losses)"),
            ),
            Good(_STEP.format(penalty="sum(model.losses)"), both=Trained("0.2 * sum(abs(kernel))", "tensorflow")),
            Bad(
                _STEP.format(
                    penalty="tf.reduce_sum(«tf.compat.v1.get_collection»(tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES))"
                ),
                both=Trained("0", "tensorflow"),
            ),
            Bad(
                """
                def loss_of(y, logits):
                    losses = [tf.compat.v1.losses.softmax_cross_entropy(y, logits)]
                    losses += «tf.compat.v1.get_collection»('regularization_losses')
                    return tf.add_n(losses)


                Dense(4, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                KEY = tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES
                model = keras.Sequential([Dense(2, kernel_regularizer=l2(0.1))])


                def collect():
                    for each in model.losses:
                        tf.compat.v1.add_to_collection(KEY, each)


                def total():
                    return tf.add_n(tf.compat.v1.get_collection(KEY))
                """
            ),
            Good(
                """
                Dense(4, kernel_regularizer='l2')
                update = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)
                """
            ),
            Good("build = lambda: tf.compat.v1.losses.get_regularization_loss()"),
            Good(
                """
                def losses(graph):
                    return graph.get_regularization_losses()


                Dense(4, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                from tensorflow.contrib import slim


                def build(x):
                    x = slim.conv2d(x, 4, weights_regularizer=slim.l2_regularizer(0.1))
                    return tf.compat.v1.losses.get_regularization_loss()
                """
            ),
            Good(
                """
                def build(reg=None):
                    Dense(4, kernel_regularizer=reg)
                    tf.compat.v1.losses.get_total_loss()
                """
            ),
            Good(
                """
                from mynets import losses

                build = lambda: losses.get_regularization_loss()
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        others = any(layer.layer is None and "regularizer" in _keywords(layer.arguments) for layer in context.layers)
        if others or not regularizes(context):
            return
        if any("add_to_collection" in call.path for call in context.facts.calls):
            return
        for call in context.facts.calls:
            if _reads_penalties(call) and not call.beside_losses:
                yield Finding(
                    call.callee_span, "Keras layers do not add their penalties here; use model.losses", fix=_fix(call)
                )


def _reads_penalties(call: ApiCall) -> bool:
    """True if a call asks for the collection of penalties, by a function of its own or by its key."""
    if _FUNCTION in call.path:
        return True
    key = call.arguments[0].value if call.arguments and ".get_collection" in call.path else None
    if isinstance(key, Symbol):
        return key.path.endswith(_KEY)
    return isinstance(key, Const) and key.value == "regularization_losses"


def _fix(call: ApiCall) -> Fix | None:
    if call.trains is None or not call.path.endswith(_FUNCTION):
        return None
    return replacement("Write sum", call.span, f"sum({call.trains}.losses)", Safety.DISPLAY)


def _keywords(arguments: tuple[Argument, ...]) -> str:
    return " ".join(argument.keyword or "" for argument in arguments)
