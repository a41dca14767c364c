"""A weight that several layers hold has one penalty."""

import pytest

import kreglint
from tests.runtime.models import codes, compiled, messages, statuses

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def sequential(keras, *layers, shape=(4,)):
    return compiled(keras.Sequential([keras.layers.Input(shape), *layers]))


def transposing(keras):
    """A layer that uses the weight of another one, as a decoder that is tied to its encoder does."""

    class Tied(keras.layers.Layer):
        def __init__(self, other, kernel_regularizer=None, **arguments):
            super().__init__(**arguments)
            self.other = other
            self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

        def build(self, shape):
            self.kernel = self.other.kernel
            self.built = True

        def call(self, inputs):
            return inputs @ self.kernel

    return Tied


def assert_one_penalty(found, *rows):
    assert found.ok, repr(found)
    assert sorted(statuses(found)) == sorted(rows)
    assert set(statuses(found).values()) == {"match"}
    assert found.total.status == "match"
    assert "0.5" not in found.training.detail


def test_spectral_normalization(keras3):
    inner = keras3.layers.Dense(4, kernel_regularizer="l2", name="inner")
    found = kreglint.verify(sequential(keras3, keras3.layers.SpectralNormalization(inner)))
    assert_one_penalty(found, "inner/kernel")
    assert found.training.detail.startswith("a step of training counts the penalty once")


def test_a_wrapper_that_keeps_the_weight_of_its_layer(keras):
    """As SpectralNormalization of Keras 2 does; that of tf_keras 2.21 cannot be built beside Keras 3."""

    class Keeping(keras.layers.Wrapper):
        def build(self, shape):
            super().build(shape)
            self.kernel = self.layer.kernel

        def call(self, inputs):
            return self.layer(inputs)

    inner = keras.layers.Dense(3, kernel_regularizer="l2", bias_regularizer="l1", name="inner")
    assert_one_penalty(kreglint.verify(sequential(keras, Keeping(inner))), "inner/kernel", "inner/bias")


def test_a_tied_weight(keras):
    first = keras.layers.Dense(4, kernel_regularizer="l2", name="first")
    found = kreglint.verify(sequential(keras, first, transposing(keras)(first, name="tied")))
    assert_one_penalty(found, "first/kernel")


def test_a_tied_weight_whose_second_layer_asks_for_the_same(keras):
    first = keras.layers.Dense(4, kernel_regularizer="l2", name="first")
    found = kreglint.verify(sequential(keras, first, transposing(keras)(first, "l2", name="tied")))
    assert_one_penalty(found, "first/kernel")


def test_a_tied_weight_whose_second_layer_asks_for_another(keras):
    first = keras.layers.Dense(4, kernel_regularizer="l2", name="first")
    found = kreglint.verify(sequential(keras, first, transposing(keras)(first, "l1", name="tied")))
    assert statuses(found) == {"first/kernel": "match", "tied/kernel": "inert"}
    assert codes(found) == ["KRG802"]
    assert found.total.status == "match"


@pytest.mark.parametrize("wrapper", ["TimeDistributed", "Bidirectional"])
def test_wrappers(keras, wrapper):
    inner = {
        "TimeDistributed": lambda: keras.layers.Dense(3, kernel_regularizer="l2", name="inner"),
        "Bidirectional": lambda: keras.layers.LSTM(3, kernel_regularizer="l2", name="inner"),
    }[wrapper]()
    found = kreglint.verify(sequential(keras, getattr(keras.layers, wrapper)(inner), shape=(5, 4)))
    assert_one_penalty(found, "inner/kernel" if wrapper == "TimeDistributed" else "lstm_cell/kernel")
    both = [each.path for each in found.penalties if each.status == "match"]
    assert len(both) == (1 if wrapper == "TimeDistributed" else 2)


def test_a_layer_that_two_models_hold(keras):
    shared = keras.layers.Dense(4, kernel_regularizer="l2", name="shared")
    inner = [keras.Sequential([keras.layers.Input((4,)), shared], name=name) for name in "ab"]
    entry = keras.layers.Input((4,))
    model = compiled(keras.Model(entry, inner[1](inner[0](entry))))
    assert_one_penalty(kreglint.verify(model), "shared/kernel")
    assert_one_penalty(kreglint.verify(compiled(inner[0])), "shared/kernel")


def test_a_layer_held_under_two_names_and_used_twice(keras):
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = self.second = keras.layers.Dense(4, kernel_regularizer="l2", name="shared")

        def call(self, inputs):
            return self.second(self.first(inputs))

        def get_config(self):
            return {}

    model = Net()
    model(keras.ops.ones((2, 4)) if hasattr(keras, "ops") else keras.backend.ones((2, 4)))
    assert_one_penalty(kreglint.verify(compiled(model)), "shared/kernel")


def test_a_total_that_does_not_match_is_a_finding(keras):
    """Whatever the cause: a loss that is not a number is that of no part."""

    class Adds(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(inputs[0, 0] * float("nan"))
            return inputs

    layer = keras.layers.Dense(3, kernel_regularizer="l2", name="d")
    found = kreglint.verify(sequential(keras, layer, Adds()))
    assert found.total.status == "mismatch"
    assert "KRG801" in codes(found)
    assert "model.losses is nan" in messages(found)
