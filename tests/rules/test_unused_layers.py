"""A layer that a builder makes and does not use has no penalty in the model."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

PROGRAM = """\
import keras
import tensorflow as tf
from keras.layers import Bidirectional, Dense, LSTM
from keras.regularizers import l2


def build():
    {probe}
    inputs = keras.Input((3,))
    x = Dense(4)(inputs)
    {more}
    return keras.Model(inputs, x)


model = build()
model.compile(keras.optimizers.AdamW(0.1), "mse")
model.fit([], [])
"""
STEP = """\


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x)))
    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
"""
CODES = ("KRG601", "KRG607", "KRG703")


def found(probe: str = "pass", more: str = "pass") -> list[str]:
    """The rules that speak of the model: fitted alone, and with a step by hand instead, which may evaluate it."""
    fitted = PROGRAM.format(probe=probe, more=more.replace("\n", "\n    "))
    settings = Settings(select=CODES, keras_version="3")
    by_hand = fitted.replace("model.fit([], [])\n", "") + STEP
    return [each.code for text in (fitted, by_hand) for each in check_source(text, "example.py", settings)]


@pytest.mark.parametrize(
    "probe",
    [
        "Dense(4, kernel_regularizer=l2(0.1))",
        "Dense(\n        4,\n        kernel_regularizer=l2(0.1),\n    )",
        "probe = Dense(4, kernel_regularizer=l2(0.1))",
        "probes = [Dense(4, kernel_regularizer=l2(0.1))]",
        "print(Dense(4, kernel_regularizer=l2(0.1)).name)",
        "probe = keras.Sequential([Dense(4, kernel_regularizer=l2(0.1))])",
    ],
)
def test_a_layer_that_is_not_used(probe):
    assert found(probe) == []


@pytest.mark.parametrize(
    ("probe", "more"),
    [
        ("pass", "x = Dense(4, kernel_regularizer=l2(0.1))(x)"),
        ("probe = Dense(4, kernel_regularizer=l2(0.1))", "x = probe(x)"),
        ("probe = Dense(4, kernel_regularizer=l2(0.1))", "x = probe(\n    x,\n)"),
        ("probes = [Dense(4, kernel_regularizer=l2(0.1))]", "for probe in probes:\n    x = probe(x)"),
        ("probes = {'a': Dense(4, kernel_regularizer=l2(0.1))}", "x = probes['a'](x)"),
        ("probe = LSTM(4, kernel_regularizer=l2(0.1))", "x = Bidirectional(probe)(x)"),
        ("def block(x):\n        return Dense(4, kernel_regularizer=l2(0.1))(x)\n", "x = block(x)"),
        ("probe = keras.Sequential([Dense(4, kernel_regularizer=l2(0.1))])", "x = keras.layers.add([probe(x), x])"),
        ("probe = lambda x: Dense(4, kernel_regularizer=l2(0.1))(x)", "x = probe(x)"),
    ],
)
def test_a_layer_that_is_used(probe, more):
    # a second model in the builder leaves it open which one is meant
    assert set(found(probe, more)) == (set() if "Sequential" in probe else set(CODES))
