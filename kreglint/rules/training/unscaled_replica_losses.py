"""KRG603 unscaled-replica-losses."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.training import ReplicaLosses
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Trained, dedented
from kreglint.rules.slots import far_notes, penalized_elsewhere, regularized

_PROGRAM = """\
strategy = tf.distribute.{strategy}
with strategy.scope():
    model = keras.Sequential([keras.Input((3,)), Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
    optimizer = optimizers.SGD(1.0)
    optimizer.build(model.trainable_variables)


def replica_step(x, y):
    with tf.GradientTape() as tape:
        {loss}
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


@tf.function
def step(x, y):
    strategy.run(replica_step, args=(x, y))
"""
_AVERAGE = "tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))"
_DATA = f"loss = {_AVERAGE}"


def _program(loss: str, strategy: str = "MirroredStrategy(['CPU:0', 'CPU:1'])") -> str:
    return _PROGRAM.format(loss=dedented(loss).replace("\n", "\n        "), strategy=strategy)


_ONCE = Trained("0.2 * sum(abs(kernel))", "tensorflow")
_TWICE = Trained("0.4 * sum(abs(kernel))", "tensorflow")
_NOT_SUMMED = ">=3.0,<3.5"  # each replica keeps its own gradients there, of the data as of the penalty


class UnscaledReplicaLosses(Rule):
    """A step that `strategy.run` runs on several replicas adds all of the model's `losses` on each of them.

    ## Why is this bad?
    The optimizer sums the gradients of all replicas. The loss of the data is a share of the batch on each, as
    `tf.nn.compute_average_loss` gives it, but the penalty is the same on all of them: on eight replicas the model is
    regularized eight times as much as its λ says.

    ## What to write instead
    `tf.nn.scale_regularization_loss(tf.add_n(model.losses))`, or the sum divided by `strategy.num_replicas_in_sync`.

    ## Fix safety
    Unsafe: the model trains differently.
    """

    code, name, severity = "KRG603", "unscaled-replica-losses", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                    loss += «sum(model.losses)»
                    """
                ),
                both=_TWICE,
                fixed=_program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                    loss += sum(model.losses) / strategy.num_replicas_in_sync
                    """
                ),
                older=((_NOT_SUMMED, _ONCE),),
            ),
            Bad(
                _program(f"{_DATA} + «tf.add_n(model.losses)»"),
                both=_TWICE,
                fixed=_program(f"{_DATA} + tf.add_n(model.losses) / strategy.num_replicas_in_sync"),
                older=((_NOT_SUMMED, _ONCE),),
            ),
            Good(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                    loss += tf.nn.scale_regularization_loss(tf.add_n(model.losses))
                    """
                ),
                both=_ONCE,
                older=((_NOT_SUMMED, None),),
            ),
            Good(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x))) + sum(model.losses)
                    loss /= strategy.num_replicas_in_sync
                    """
                ),
                both=_ONCE,
                older=((_NOT_SUMMED, None),),
            ),
            Good(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x))) + sum(model.losses)
                    loss *= 1.0 / REPLICAS
                    """
                )
            ),
            Good(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x))) + sum(model.losses)
                    loss = loss / 8
                    """
                )
            ),
            Good(
                _program("loss = tf.reduce_mean(tf.square(y - model(x))) + sum(model.losses)"),
                both=_TWICE,  # as the mean of each replica counts, too: they are as λ says
                older=((_NOT_SUMMED, None),),
            ),
            Good(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                    loss += sum(model.losses) / 8
                    """
                )
            ),
            Good(
                _program(
                    """
                    loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                    loss += sum(model.losses)
                    """,
                    "OneDeviceStrategy('CPU:0')",
                ),
                both=_ONCE,
            ),
            Good(
                """
                strategy = tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])
                with strategy.scope():
                    model = keras.Sequential([keras.Input((3,)), Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                    optimizer = optimizers.SGD(1.0)
                    optimizer.build(model.trainable_variables)


                def replica_step(x, y):
                    with tf.GradientTape() as tape:
                        loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                        loss += sum(model.losses)
                    gradients = tape.gradient(loss, model.trainable_variables)
                    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


                @tf.function
                def step(x, y):
                    replica_step(x, y)
                """
            ),
            Good(
                """
                strategy = mynets.OwnStrategy(['CPU:0', 'CPU:1'])
                with strategy.scope():
                    model = keras.Sequential([keras.Input((3,)), Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                    optimizer = optimizers.SGD(1.0)
                    optimizer.build(model.trainable_variables)


                def replica_step(x, y):
                    with tf.GradientTape() as tape:
                        loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                        loss += sum(model.losses)
                    gradients = tape.gradient(loss, model.trainable_variables)
                    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


                @tf.function
                def step(x, y):
                    strategy.run(replica_step, args=(x, y))
                """
            ),
            Good(
                """
                strategy = tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])
                with strategy.scope():
                    model = keras.Sequential([keras.Input((3,)), Dense(2, use_bias=False, name='top')])
                    optimizer = optimizers.SGD(1.0)
                    optimizer.build(model.trainable_variables)


                def replica_step(x, y):
                    with tf.GradientTape() as tape:
                        loss = tf.nn.compute_average_loss(keras.losses.mean_squared_error(y, model(x)))
                        loss += sum(model.losses)
                    gradients = tape.gradient(loss, model.trainable_variables)
                    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


                @tf.function
                def step(x, y):
                    strategy.run(replica_step, args=(x, y))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        replicas = context.facts.training.replicas
        layers = regularized(context) if replicas else None
        for found in replicas:
            far = penalized_elsewhere(found.made_elsewhere, context)
            if far or (layers is not None and layers.any_inside(found.made_in)):
                yield Finding(
                    found.span,
                    "each replica adds the whole penalty to its share of the loss, so it counts once per replica",
                    related=far_notes(far, found.span),
                    fix=_fix(found),
                )


def _fix(found: ReplicaLosses) -> Fix:
    text = f" / {found.strategy}.num_replicas_in_sync"
    return insertion("Divide it among the replicas", found.span.end, text, Safety.UNSAFE)
