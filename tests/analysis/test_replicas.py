"""Penalties in steps that run once for each replica."""

import pytest

from tests.analysis.reading import facts

PROGRAM = """\
import keras
import tensorflow as tf

strategy = {strategy}
optimizer = {optimizer}


def replica_step(x, y):
    with tf.GradientTape() as tape:
        loss = {data}
        {loss}
    gradients = tape.gradient({given}, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


def step(x, y):
    {run}
"""
RUN = "strategy.run(replica_step, args=(x, y))"
MIRRORED = "tf.distribute.MirroredStrategy()"


SHARE = "tf.nn.compute_average_loss(error(y, model(x)))"
OPTIMIZER = "keras.optimizers.SGD(0.1)"


def found(
    loss: str = "loss += sum(model.losses)", run: str = RUN, strategy: str = MIRRORED, given: str = "loss",
    data: str = SHARE, optimizer: str = OPTIMIZER, more: str = "",
) -> list[str]:  # fmt: skip
    source = PROGRAM.format(loss=loss, run=run, strategy=strategy, given=given, data=data, optimizer=optimizer) + more
    return [source[each.span.start : each.span.end] for each in facts(source).training.replicas]


@pytest.mark.parametrize(
    "strategy",
    [
        MIRRORED,
        "tf.distribute.MultiWorkerMirroredStrategy()",
        "tf.distribute.experimental.TPUStrategy(resolver)",
    ],
)
def test_a_strategy_with_replicas(strategy):
    assert found(strategy=strategy) == ["sum(model.losses)"]


def test_either_of_two_strategies_with_replicas():
    branches = f"None\nif tpu:\n    strategy = tf.distribute.TPUStrategy(tpu)\nelse:\n    strategy = {MIRRORED}"
    assert found(strategy=branches) == ["sum(model.losses)"]


@pytest.mark.parametrize(
    "strategy",
    [
        "tf.distribute.OneDeviceStrategy('CPU:0')",
        "tf.distribute.get_strategy()",
        "make_strategy()",
        f"None\nif gpus:\n    strategy = {MIRRORED}\nelse:\n    strategy = tf.distribute.get_strategy()",
    ],
)
def test_what_may_have_one_replica(strategy):
    assert found(strategy=strategy) == []


@pytest.mark.parametrize(
    ("loss", "term"),
    [
        ("loss += sum(model.losses)", "sum(model.losses)"),
        ("loss += tf.add_n(model.losses)", "tf.add_n(model.losses)"),
        ("loss = loss + tf.reduce_sum(model.losses)", "tf.reduce_sum(model.losses)"),
        ("if model.losses:\n            loss += tf.add_n(model.losses)", "tf.add_n(model.losses)"),
    ],
)
def test_a_sum_of_losses_that_is_added_whole(loss, term):
    assert found(loss) == [term]


@pytest.mark.parametrize(
    "loss",
    [
        "loss += sum(model.losses) / 8",
        "loss += 0.125 * sum(model.losses)",
        "loss += tf.nn.scale_regularization_loss(tf.add_n(model.losses))",
        "loss = (loss + sum(model.losses)) / 8",
        "loss += sum(model.losses); loss /= 8",
        "loss += sum(model.losses); loss *= share",
        "loss += sum(model.losses); loss = loss / 8",
        "loss += sum(model.losses); loss = mean(loss)",
        "loss += sum(model.losses) / strategy.num_replicas_in_sync",
        "loss += sum(losses)",
        "loss += penalty(model)",
        "shown = sum(model.losses)",
    ],
)
def test_a_share_of_it_or_nothing_is_added(loss):
    assert found(loss) == []


def test_a_gradient_of_something_else():
    assert found(given="loss / 8") == []


def test_the_older_name_of_run():
    assert found(run="strategy.experimental_run_v2(replica_step, args=(x, y))") == ["sum(model.losses)"]


@pytest.mark.parametrize("run", ["replica_step(x, y)", "strategy.run(other)", "other.run(replica_step)", "run()"])
def test_a_step_that_is_not_certainly_run_by_it(run):
    assert found(run=run) == []


METHODS = """\
import tensorflow as tf


class Trainer:
    def __init__(self, model):
        self.strategy = {strategy}
        self.optimizer = tf.keras.optimizers.Adam()

    def replica_step(self, x):
        with tf.GradientTape() as tape:
            loss = tf.nn.compute_average_loss(self.model(x)) + sum(self.model.losses)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables))

    def step(self, x):
        self.strategy.run(self.replica_step, args=(x,))
"""


@pytest.mark.parametrize(("strategy", "number"), [(MIRRORED, 1), ("strategy", 0)])
def test_a_method_by_a_strategy_of_its_own(strategy, number):
    assert len(facts(METHODS.format(strategy=strategy)).training.replicas) == number


@pytest.mark.parametrize(
    "data",
    [
        "tf.nn.compute_average_loss(error(y, model(x)), global_batch_size=64)",
        "tf.reduce_mean(y - model(x)) / strategy.num_replicas_in_sync",
        "tf.reduce_sum(y - model(x)) * (1.0 / (32 * strategy.num_replicas_in_sync))",
        "0.5 * tf.nn.compute_average_loss(error(y, model(x)))",
        "tf.nn.compute_average_loss(a(y, model(x))) + tf.nn.compute_average_loss(b(y, model(x)))",
    ],
)
def test_a_share_of_the_loss_of_the_whole_batch(data):
    assert found(data=data) == ["sum(model.losses)"]


@pytest.mark.parametrize(
    "data",
    [
        "tf.reduce_mean(y - model(x))",  # is summed as the penalty is
        "tf.reduce_sum(y - model(x)) / size",
        "tf.nn.compute_average_loss(error(y, model(x))) + tf.reduce_mean(model(x))",
        "error(y, model(x))",
    ],
)
def test_a_loss_that_may_be_no_share(data):
    assert found(data=data) == []


@pytest.mark.parametrize(
    "optimizer",
    [
        "keras.optimizers.SGD(0.1 / strategy.num_replicas_in_sync)",
        "keras.optimizers.SGD(rate())",
        "Averaging(0.1)",
        "make_optimizer()",
    ],
)
def test_an_optimizer_that_may_average(optimizer):
    assert found(optimizer=optimizer) == []


@pytest.mark.parametrize(
    "optimizer",
    [
        "keras.optimizers.Adam()",
        "tf.keras.optimizers.SGD(learning_rate=0.1 * strategy.num_replicas_in_sync)",
        "keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 100, 0.9))",
    ],
)
def test_an_optimizer_that_sums(optimizer):
    assert found(optimizer=optimizer) == ["sum(model.losses)"]


@pytest.mark.parametrize(
    "more",
    [
        "optimizer.learning_rate.assign(0.1 / strategy.num_replicas_in_sync)\n",
        "optimizer.learning_rate = 0.01\n",
        "keras.backend.set_value(optimizer.lr, 0.01)\n",
        "assert strategy.num_replicas_in_sync == 1\n",
        "N = strategy.num_replicas_in_sync\nif N > 1:\n    raise ValueError\n",
    ],
)
def test_a_program_that_may_do_otherwise(more):
    assert found(more=more) == []


@pytest.mark.parametrize(
    "loss",
    [
        "if strategy.num_replicas_in_sync == 1:\n            loss += sum(model.losses)",
        "if tf.distribute.get_replica_context().replica_id_in_sync_group == 0:\n            loss += sum(model.losses)",
        "loss += sum(model.losses) if first else 0.0",
    ],
)
def test_a_penalty_that_not_every_replica_may_add(loss):
    assert found(loss) == []


@pytest.mark.parametrize("scaled", ["output_gradients=0.5", "0.5"])
def test_gradients_that_are_scaled_by_the_tape(scaled):
    source = PROGRAM.format(
        loss="loss += sum(model.losses)", run=RUN, strategy=MIRRORED, given="loss", data=SHARE, optimizer=OPTIMIZER
    )
    given = "tape.gradient(loss, model.trainable_variables"
    assert facts(source.replace(given, f"{given}, {scaled}")).training.replicas == ()


@pytest.mark.parametrize(
    "strategy", ["tf.distribute.MirroredStrategy(['/gpu:0'])", "tf.distribute.MirroredStrategy(devices=['/gpu:0'])"]
)
def test_a_single_device(strategy):
    assert found(strategy=strategy) == []


@pytest.mark.parametrize(
    "applied",
    [
        "optimizer.apply_gradients([(g / N, v) for g, v in zip(tape.gradient(loss, v), v)])",
        "gradients = [g / N for g in tape.gradient(loss, v)]\n    optimizer.apply_gradients(zip(gradients, v))",
        "optimizer.apply_gradients(zip(average(tape.gradient(loss, v)), v))",
    ],
)
def test_gradients_that_are_averaged(applied):
    source = PROGRAM.format(
        loss="loss += sum(model.losses)", run=RUN, strategy=MIRRORED, given="loss", data=SHARE, optimizer=OPTIMIZER
    )
    before, after = source.split("    gradients = tape")[0], source.split("model.trainable_variables))\n")[1]
    helper = "def average(each):\n    return [g / N for g in each]\n"
    step = f"{before}    v = model.trainable_variables\n    {applied}\n{after}"
    assert facts(step + helper).training.replicas == ()
