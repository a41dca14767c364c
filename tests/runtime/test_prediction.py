"""Checks 5 and 6: prediction, evaluation, and copies of a model."""

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
