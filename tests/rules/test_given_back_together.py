"""Models that a function gives back beside something else, `model, optimizer = build()`, and methods that build one."""

from textwrap import dedent

import pytest

from kreglint.engine.api import check_source
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import MadeProject, run_of

IMPORTS = """\
import contextlib
import functools

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.regularizers import L2
from mylib import wrapped, unknown


"""
BUILD = """\
def build(rate=1e-3):
    model = keras.Sequential([layers.Dense(4, kernel_regularizer=L2(rate)), layers.Dense(1)])
    return model, keras.optimizers.SGD(0.1)


"""
FUNCTIONAL = """\
def build(rate=1e-3):
    inputs = keras.Input((8,))
    x = layers.Dense(4, kernel_regularizer=L2(rate))(inputs)
    x = layers.Flatten()(x)
    model = keras.Model(inputs, layers.Dense(1)(x))
    return model, keras.optimizers.SGD(0.1)


"""
SETTINGS = Settings(select=("KRG601", "KRG603"), keras_version="2.15")


def step(loss: str = "tf.reduce_mean(tf.square(y - model(x)))", model: str = "model") -> str:
    return f"""
def step(x, y):
    with tf.GradientTape() as tape:
        loss = {loss}
    gradients = tape.gradient(loss, {model}.trainable_variables)
    optimizer.apply_gradients(zip(gradients, {model}.trainable_variables))
"""


def found(body: str) -> list[str]:
    """What is said of a program, each with the text that it is said of."""
    source = IMPORTS + dedent(body).lstrip("\n")
    rows = source.splitlines()
    said = check_source(source, "a.py", SETTINGS)
    return [
        f"{each.code} {rows[each.location.row - 1][each.location.column - 1 : each.end_location.column - 1]}"
        for each in said
    ]


LEFT_OUT = {
    "a pair": BUILD + "model, optimizer = build()\n" + step(),
    "a list of targets": BUILD + "[model, optimizer] = build()\n" + step(),
    "the other way round": (
        BUILD.replace("return model, keras.optimizers.SGD(0.1)", "return keras.optimizers.SGD(0.1), model")
        + "optimizer, model = build()\n"
        + step()
    ),
    "a functional model": FUNCTIONAL + "model, optimizer = build()\n" + step(),
    "with what belongs to it": (
        BUILD.replace("SGD(0.1)\n", "SGD(0.1), keras.losses.MeanSquaredError()\n")
        + "model, optimizer, objective = build()\n"
        + step("objective(y, model(x))")
    ),
    "in the function that trains": (
        FUNCTIONAL
        + """
def main(data):
    model, optimizer = build()
    for x, y in data:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - model(x)))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""
    ),
    "an optimizer that is told which weights to take": (
        BUILD + "model, optimizer = build()\noptimizer.build(model.trainable_variables)\n" + step()
    ),
    "of a second call, where the first one's losses are added": (
        BUILD
        + "first, _ = build()\nmodel, optimizer = build()\n"
        + step()
        + """
def other(x, y):
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(tf.square(y - first(x))) + sum(first.losses)
    return tape.gradient(value, first.trainable_variables)
"""
    ),
}

SILENT = {
    "its losses are added": (
        BUILD + "model, optimizer = build()\n" + step("tf.reduce_mean(y - model(x)) + sum(model.losses)")
    ),
    "a loss that comes with the model adds them": (
        """
def build():
    model = keras.Sequential([layers.Dense(4, kernel_regularizer=L2(1e-3))])
    def objective(y, p):
        return tf.reduce_mean(y - p) + sum(model.losses)
    return model, objective


model, objective = build()
"""
        + step("objective(y, model(x))")
    ),
    "an object that comes with the model has it": (
        """
class Objective:
    def __init__(self, model):
        self.inner = model

    def __call__(self, y, p):
        return tf.reduce_mean(y - p) + sum(self.inner.losses)


def build():
    model = keras.Sequential([layers.Dense(4, kernel_regularizer=L2(1e-3))])
    return model, Objective(model)


model, objective = build()
"""
        + step("objective(y, model(x))")
    ),
    "unknown code gets the model where it is built": (
        BUILD.replace("return model,", "unknown(model)\n    return model,")
        + "model, optimizer = build()\n"
        + step("unknown(y, model(x))")
    ),
    "unknown code gives it back": "model, optimizer = unknown()\n" + step(),
    "what is unpacked is decorated": "@wrapped\n" + BUILD + "model, optimizer = build()\n" + step(),
    "of one of two returns": (
        BUILD.replace(
            "    return", "    if rate > 1:\n        return keras.Sequential([layers.Dense(1)]), None\n    return"
        )
        + "model, optimizer = build()\n"
        + step()
    ),
    "a model without a penalty beside one with it": (
        BUILD.replace("return model, keras.optimizers.SGD(0.1)", "return keras.Sequential([layers.Dense(1)]), model")
        + "model, other = build()\n"
        + step()
    ),
    "the tuple is handed on": (
        BUILD + "pair = build()\nunknown(pair)\nmodel, optimizer = pair\n" + step("unknown(y, model(x))")
    ),
    "a generator": (
        BUILD.replace("return model, keras.optimizers.SGD(0.1)", "yield from (model, None)")
        + "model, optimizer = build()\n"
        + step()
    ),
    "a starred target": BUILD + "model, *rest = build()\n" + step(),
}


class TestTuples:
    @pytest.mark.parametrize("body", LEFT_OUT.values(), ids=LEFT_OUT)
    def test_losses_that_are_left_out(self, body):
        assert found(body) == ["KRG601 loss"]

    @pytest.mark.parametrize("body", SILENT.values(), ids=SILENT)
    def test_nothing_is_said_where_they_may_be_added(self, body):
        assert found(body) == []

    def test_a_fix_adds_the_losses_of_the_model(self):
        [said] = check_source(IMPORTS + BUILD + "model, optimizer = build()\n" + step(), "a.py", SETTINGS)
        assert said.fix is not None
        assert [each.content for each in said.fix.edits] == [" + sum(model.losses)"]

    def test_every_replica_adds_the_whole_penalty(self):
        source = """
        strategy = tf.distribute.MirroredStrategy()
        with strategy.scope():
            model, optimizer = build()


        def step(data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.nn.compute_average_loss(y - model(x), global_batch_size=64)
                loss += tf.add_n(model.losses)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))


        def run(data):
            total = strategy.run(step, args=(data,))
            return strategy.reduce(tf.distribute.ReduceOp.SUM, total, axis=None)
        """
        assert found(BUILD + dedent(source)) == ["KRG603 tf.add_n(model.losses)"]

    def test_of_another_file_of_the_project(self):
        nets = IMPORTS.replace("from mylib import wrapped, unknown\n", "") + BUILD
        script = "import tensorflow as tf\nfrom nets import build\nmodel, optimizer = build(1e-4)\n"
        run = run_of(MadeProject({"/nets.py": nets}, ()))
        assert [each.code for each in check(script + step(), "/main.py", SETTINGS, run)] == ["KRG601"]
        added = step("tf.reduce_mean(y - model(x)) + sum(model.losses)")
        assert check(script + added, "/main.py", SETTINGS, run) == []
        assert check(script.replace("1e-4", "0.0") + step(), "/main.py", SETTINGS, run) == []


AGENT = """\
class Agent:
    def __init__(self):
        {made}
        self.optimizer = keras.optimizers.SGD(0.1)

    def networks(self):
        actor = keras.Sequential([layers.Dense(4, kernel_regularizer=L2(1e-3)), layers.Dense(2)])
        critic = keras.Sequential([layers.Dense(4, kernel_regularizer=L2(1e-3)), layers.Dense(1)])
        return actor, critic

    def network(self):
        return keras.Sequential([layers.Dense(4, kernel_regularizer=L2(1e-3)), layers.Dense(1)])

    def learn(self, states, targets):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(targets - {model}(states)){added}
        gradients = tape.gradient(loss, {model}.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, {model}.trainable_variables))


"""
PAIR = "self.actor, self.critic = self.networks()"


class TestMethods:
    @pytest.mark.parametrize(
        ("made", "model"),
        [
            (PAIR, "self.critic"),
            (PAIR, "self.actor"),
            ("self.model = self.network()", "self.model"),
            ("self.model = self.network()\n        self.target = self.network()", "self.model"),
        ],
    )
    def test_losses_that_are_left_out(self, made, model):
        assert found(AGENT.format(made=made, model=model, added="")) == ["KRG601 loss"]
        assert found(AGENT.format(made=made, model=model, added=f" + sum({model}.losses)")) == []

    def test_a_network_that_is_called_on_the_other(self):
        agent = AGENT.format(made=PAIR, model="self.actor", added="")
        nested = agent.replace("targets - self.actor(states)", "self.critic(self.actor(states))")
        assert found(nested) == ["KRG601 loss"]

    def test_a_class_that_overrides_the_method(self):
        other = "class Other(Agent):\n    def network(self):\n        return keras.Sequential([layers.Dense(1)])\n"
        made = AGENT.format(made="self.model = self.network()", model="self.model", added="")
        assert found(made + other) == []

    def test_a_method_that_is_decorated(self):
        made = AGENT.format(made="self.model = self.network()", model="self.model", added="")
        assert found(made.replace("    def network(", "    @wrapped\n    def network(")) == []
