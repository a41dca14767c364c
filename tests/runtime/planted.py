"""A program for test_planted: says in JSON which findings are made of models with one fault each, and at which lines.

Argument: the Keras to use. The line where a finding has to stand has its code in a comment.
"""

import importlib
import json
import sys

from kreglint.runtime import places

places.watch()
keras = importlib.import_module(sys.argv[1])
import numpy as np  # noqa: E402  after Keras is watched
import tensorflow  # noqa: E402

from kreglint.runtime.probe import Probe  # noqa: E402

layers, regularizers = keras.layers, keras.regularizers
ROWS = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")


def model_of(*inner):
    model = keras.Sequential([layers.Input((4,)), *inner])
    model.compile("sgd", "mse")
    return model


def exchanged():
    layer = layers.Dense(3, kernel_regularizer=regularizers.L2(0.1))  # KRG801
    model = model_of(layer)
    layer.kernel_regularizer = regularizers.L1(0.1)
    return model


def late():
    layer = layers.Dense(3)  # KRG802
    model = model_of(layer)
    layer.kernel_regularizer = regularizers.L2(0.1)
    return model


def made_by_a_function():
    def block(units):
        return layers.Dense(units, use_bias=False, bias_regularizer="l2")  # KRG802

    return model_of(layers.Dense(4, kernel_regularizer="l2"), block(3))


def wrapped():
    layer = layers.Bidirectional(layers.LSTM(2, use_bias=False, bias_regularizer="l1"))  # KRG802
    model = keras.Sequential([layers.Input((5, 4)), layer])
    model.compile("sgd", "mse")
    return model


class Steps(keras.Model):
    times = 0

    def train_step(self, data):  # KRG803 KRG804
        x, y = data
        with tensorflow.GradientTape() as tape:
            loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2) + self.times * sum(self.losses)
        variables = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return {}


class StepsTwice(Steps):
    times = 2


def stepped(kind):
    entry = layers.Input((4,))
    hidden = layers.Dense(3, kernel_regularizer="l2")(entry)
    model = kind(entry, layers.Dense(2, kernel_regularizer="l1")(hidden))
    model.compile("sgd", "mse")
    return model


def activation():
    return model_of(layers.Dense(4, kernel_regularizer="l2"), layers.Dense(3, regularizers.L2(0.1)))  # KRG805


class Forgets(layers.Dense):
    def get_config(self):
        return {**super().get_config(), "kernel_regularizer": None}


def forgets():
    return model_of(Forgets(3, kernel_regularizer="l2"))  # KRG806


def dominant():
    return model_of(layers.Dense(3, kernel_regularizer=regularizers.L2(100.0)))  # KRG807


def overflow():
    large = keras.initializers.Constant(300.0)
    layer = layers.Dense(3, kernel_initializer=large, kernel_regularizer="l2", dtype="float16")  # KRG808
    return model_of(layer)


def right():
    return model_of(layers.Dense(3, kernel_regularizer="l2", bias_regularizer="l1"), layers.BatchNormalization())


FAULTS = {
    "exchanged": exchanged,
    "late": late,
    "made by a function": made_by_a_function,
    "wrapped": wrapped,
    "not trained": lambda: stepped(Steps),
    "trained twice": lambda: stepped(StepsTwice),
    "as activation": activation,
    "forgotten by get_config": forgets,
    "dominant": dominant,
    "overflow": overflow,
    "right": right,
}


def told(name):
    data = (ROWS, ROWS[:, :3]) if name == "dominant" else None
    found = Probe(FAULTS[name](), data=data).run()
    return sorted({(each.code, each.place.row) for each in found.findings if each.severity != "info"})


print(json.dumps({name: told(name) for name in FAULTS}))
