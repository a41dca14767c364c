"""Checks 5 and 6: prediction, evaluation, and copies of a model."""

import numpy as np
import pytest

import kreglint
from tests.runtime.models import codes, compiled, dense, messages

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def test_evaluate_is_shown_in_its_parts(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer="l2"))
    assert found.prediction.status == "match"
    assert "evaluate reports" in found.prediction.detail
    assert "+ penalty" in found.prediction.detail


def test_a_regularizer_in_the_place_of_the_activation_acts_on_predictions(keras):
    layer = keras.layers.Dense(3, keras.regularizers.L2(0.01), name="d")
    model = compiled(
        keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(4, kernel_regularizer="l2"), layer])
    )
    found = kreglint.verify(model)
    assert "KRG805" in codes(found)
    assert "'d' (Dense) has L2(l2=0.01) as its activation: it acts on predictions and is no penalty" in messages(found)


def test_a_layer_whose_output_depends_on_lambda(keras):
    class Leaks(keras.layers.Dense):
        def call(self, inputs):
            return super().call(inputs) * (1.0 + self.kernel_regularizer.l2)

    layer = Leaks(3, kernel_regularizer=keras.regularizers.L2(0.1), name="leaks")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert "KRG805" in codes(found)
    assert found.prediction.status == "mismatch"


def test_a_custom_layer_whose_config_forgets_its_regularizer(keras):
    class Forgets(keras.layers.Layer):
        def __init__(self, regularizer=None, **arguments):
            super().__init__(**arguments)
            self.kernel_regularizer = keras.regularizers.get(regularizer)

        def build(self, shape):
            self.kernel = self.add_weight(
                name="kernel", shape=(shape[-1], 2), initializer="ones", regularizer=self.kernel_regularizer
            )
            self.built = True

        def call(self, inputs):
            return inputs @ self.kernel

        def get_config(self):
            return {"name": self.name}

    layers = [keras.layers.Input((4,)), Forgets("l2", name="forgets")]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert set(codes(found)) == {"KRG806"}
    assert "'forgets' (Forgets) kernel: L2(l2=0.01) is lost by clone_model" in messages(found)
    assert found.survival.status == "mismatch"


def test_copies_of_a_right_model_keep_every_regularizer(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer="l1", bias_regularizer="l2", activity_regularizer="l2"))
    ways = ["from_config", "clone_model", "saving as .keras"]
    ways += ["saving as .h5"] if keras.__name__ == "tf_keras" else []
    assert all(way in found.survival.detail for way in ways)


def test_a_subclassed_model_without_a_config_is_told_of(keras):
    class Own(keras.Model):
        def __init__(self, units):
            super().__init__()
            self.dense = keras.layers.Dense(units, kernel_regularizer="l2")

        def call(self, inputs):
            return self.dense(inputs)

        def get_config(self):
            raise NotImplementedError("no configuration")

    model = Own(2)
    model.build((None, 4))
    found = kreglint.verify(compiled(model))
    assert codes(found) == []
    assert any("no configuration" in each.why for each in found.not_checked)


def block_class(keras):
    class Block(keras.layers.Layer):
        """Its inner layers have no names of their own, so a copy's have others."""

        def __init__(self, units, regularizer=None, **arguments):
            super().__init__(**arguments)
            self.units, self.regularizer = units, keras.regularizers.get(regularizer)
            self.first = keras.layers.Dense(units, kernel_regularizer=self.regularizer)
            self.second = keras.layers.Dense(units, bias_regularizer=self.regularizer)

        def build(self, shape):
            self.first.build(shape)
            self.second.build((*shape[:-1], self.units))
            self.built = True

        def call(self, inputs):
            return self.second(self.first(inputs))

        def get_config(self):
            regularizer = keras.regularizers.serialize(self.regularizer)
            return {**super().get_config(), "units": self.units, "regularizer": regularizer}

    return Block


def test_inner_layers_without_names_are_found_again_in_copies(keras):
    block = block_class(keras)
    layers = [keras.layers.Input((4,)), block(4, "l2"), block(3, "l1")]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert found.ok, repr(found)
    assert "survives from_config, clone_model, saving as .keras" in found.survival.detail


def test_a_copy_that_makes_its_weights_when_called_is_called(keras):
    class Lazy(keras.Model):
        def __init__(self, **arguments):
            super().__init__(**arguments)
            self.parts = [keras.layers.Dense(4, kernel_regularizer="l2") for _ in range(2)]

        def call(self, inputs):
            for part in self.parts:
                inputs = part(inputs)
            return inputs

    found = kreglint.verify(compiled(Lazy()), data=(np.ones((2, 4), "float32"), np.ones((2, 4), "float32")))
    assert codes(found) == []
    assert "survives from_config" in found.survival.detail


def test_what_a_stateful_layer_carries_is_no_difference_of_predictions(keras):
    size = {"batch_size": 4}
    layers = [keras.layers.Input((7, 3), **size), keras.layers.LSTM(3, stateful=True, kernel_regularizer="l2")]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert codes(found) == []
    assert found.prediction.status == found.training.status == "match"


def test_a_model_with_a_lambda_of_python_is_copied_all_the_same(keras):
    doubled = keras.layers.Lambda(lambda value: value * 2, output_shape=(4,))
    layers = [keras.layers.Input((4,)), doubled, keras.layers.Dense(3, kernel_regularizer="l2")]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert found.ok, repr(found)
    ways = ["from_config", "clone_model", "saving as .keras"]
    ways += ["saving as .h5"] if keras.__name__ == "tf_keras" else []
    assert found.survival.detail == f"every regularizer survives {', '.join(ways)}"
    assert found.not_checked == ()
