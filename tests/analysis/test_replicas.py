"""Penalties in steps that run once for each replica."""

import pytest

from tests.analysis.reading import facts

PROGRAM = """\
import keras
import tensorflow as tf

strategy = {strategy}


def replica_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(y - model(x))
        {loss}
    return tape.gradient({given}, model.trainable_variables)


def step(x, y):
    {run}
"""
RUN = "strategy.run(replica_step, args=(x, y))"
MIRRORED = "tf.distribute.MirroredStrategy()"


def found(
    loss: str = "loss += sum(model.losses)", run: str = RUN, strategy: str = MIRRORED, given: str = "loss"
) -> list[str]:
    source = PROGRAM.format(loss=loss, run=run, strategy=strategy, given=given)
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

    def replica_step(self, x):
        with tf.GradientTape() as tape:
            loss = self.model(x) + sum(self.model.losses)
        return tape.gradient(loss, self.model.trainable_variables)

    def step(self, x):
        self.strategy.run(self.replica_step, args=(x,))
"""


@pytest.mark.parametrize(("strategy", "number"), [(MIRRORED, 1), ("strategy", 0)])
def test_a_method_by_a_strategy_of_its_own(strategy, number):
    assert len(facts(METHODS.format(strategy=strategy)).training.replicas) == number
