"""Which classes Keras is told of when a model is copied and loaded."""

import os
import subprocess
import sys

import pytest

import kreglint
from tests.runtime.models import compiled

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

OPERATIONS = {
    "Add": lambda x: x + 3.0,
    "Subtract": lambda x: x - 3.0,
    "Multiply": lambda x: x * 3.0,
}
OF_OPS = {
    "Maximum": lambda ops, x: ops.maximum(x, 0.5),
    "Minimum": lambda ops, x: ops.minimum(x, 0.5),
    "Average": lambda ops, x: ops.average(x, axis=-1, weights=None)[:, None] + x,
    "Concatenate": lambda ops, x: ops.concatenate([x, x], axis=-1)[:, :4],
    "Dot": lambda ops, x: ops.dot(x, ops.ones((4, 4))),
}


def joined(keras, name, other):
    """A layer of this name beside an operation of the same name."""
    entry = keras.layers.Input((4,))
    hidden = keras.layers.Dense(4, kernel_regularizer="l2")(entry)
    options = {"axes": 1} if name == "Dot" else {}
    return compiled(keras.Model(entry, getattr(keras.layers, name)(**options)([hidden, other(hidden)])))


def survives(keras, found):
    ways = [".keras", ".h5"] if keras.__name__ == "tf_keras" else [".keras"]
    assert found.survival.status == "match", repr(found)
    assert all(way in found.survival.detail for way in ("from_config", "clone_model", *ways)), repr(found)
    assert not [each for each in found.not_checked if "survive" in each.what]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operator_beside_the_layer_of_its_name(keras, name):
    survives(keras, kreglint.verify(joined(keras, name, OPERATIONS[name])))


@pytest.mark.parametrize("name", OF_OPS)
def test_an_operation_beside_the_layer_of_its_name(keras3, name):
    survives(keras3, kreglint.verify(joined(keras3, name, lambda x: OF_OPS[name](keras3.ops, x))))


SPECTRAL = """\
import tf_keras as keras
import kreglint
inner = keras.layers.Dense(4, kernel_regularizer="l2", name="inner")
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.SpectralNormalization(inner)])
model.compile("sgd", "mse")
print(repr(kreglint.verify(model)))
"""


def test_a_layer_of_keras_2_that_it_does_not_know_by_name():
    """TensorFlow's own Keras has to be Keras 2 for this one, so it runs in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SPECTRAL],
        env={**os.environ, "TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert "sequential: ok, 1 of 1 penalties match" in done.stdout, done.stderr
    assert "total       match" in done.stdout
    assert "every regularizer survives from_config, clone_model, saving as .keras, saving as .h5" in done.stdout


@pytest.mark.parametrize("registered", [True, False])
def test_a_class_of_the_user_named_as_one_of_keras(keras, registered):
    class Dense(keras.layers.Dense):
        pass

    kind = keras.utils.register_keras_serializable("tests")(Dense) if registered else Dense
    layers = [kind(4, kernel_regularizer="l2"), keras.layers.Dense(3, bias_regularizer="l1")]
    survives(keras, kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), *layers]))))


def test_a_registered_class_named_as_an_operation(keras3):
    @keras3.utils.register_keras_serializable("tests")
    class Add(keras3.layers.Layer):
        def call(self, inputs):
            return inputs + 1.0

    entry = keras3.layers.Input((4,))
    model = keras3.Model(entry, Add()(keras3.layers.Dense(4, kernel_regularizer="l2")(entry) + 3.0))
    survives(keras3, kreglint.verify(compiled(model)))
