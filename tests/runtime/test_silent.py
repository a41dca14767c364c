"""Check 3: regularizers that are configured and add nothing."""

import pytest

import kreglint
from tests.runtime.models import codes, compiled, dense, messages, statuses

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def test_an_attribute_set_after_the_weights_were_made(keras):
    model = dense(keras)
    model.get_layer("d").kernel_regularizer = keras.regularizers.L2(0.1)
    found = kreglint.verify(model)
    assert statuses(found) == {"d/kernel": "inert"}
    assert codes(found) == ["KRG802"]
    assert "'d' (Dense) kernel_regularizer is L2(l2=0.1) and adds nothing: it was set after" in messages(found)


def test_another_regularizer_set_later_is_named_beside_the_one_that_acts(keras):
    model = dense(keras, kernel_regularizer=keras.regularizers.L2(0.1))
    model.get_layer("d").kernel_regularizer = keras.regularizers.L2(0.2)
    found = kreglint.verify(model)
    assert codes(found) == ["KRG801"]
    assert "Keras holds L2(l2=0.1) for this weight" in messages(found)


def test_the_bias_that_there_is_not(keras):
    found = kreglint.verify(dense(keras, use_bias=False, bias_regularizer="l2"))
    assert statuses(found) == {"d/bias": "inert"}
    assert codes(found) == ["KRG802"]


def test_the_gamma_that_there_is_not(keras):
    layer = keras.layers.BatchNormalization(scale=False, gamma_regularizer="l2", name="bn")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert statuses(found) == {"bn/gamma": "inert"}


def test_a_frozen_layer_keeps_its_penalty_in_keras_2(keras2):
    model = dense(keras2, kernel_regularizer="l2")
    model.get_layer("d").trainable = False
    assert statuses(kreglint.verify(compiled(model))) == {"d/kernel": "match"}


def test_a_frozen_layer_loses_its_penalty_in_keras_3(keras3):
    model = dense(keras3, kernel_regularizer="l2")
    model.get_layer("d").trainable = False
    found = kreglint.verify(compiled(model))
    assert statuses(found) == {"d/kernel": "inert"}
    assert "Keras 3 leaves out the penalties of frozen weights" in messages(found)
    assert [each.severity for each in found.findings] == ["warning"]


@pytest.mark.parametrize("identifier", ["L1L2", "zero"])
def test_a_lambda_of_zero(keras, identifier):
    regularizer = keras.regularizers.L2(0.0) if identifier == "zero" else identifier
    found = kreglint.verify(dense(keras, kernel_regularizer=regularizer))
    assert statuses(found) == {"d/kernel": "inert"}
    assert "every λ is 0" in messages(found)


def test_the_base_class(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer=keras.regularizers.Regularizer()))
    assert statuses(found) == {"d/kernel": "inert"}


def layer_class(keras, *, forwards):
    class Scale(keras.layers.Layer):
        def __init__(self, kernel_regularizer=None, **arguments):
            super().__init__(**arguments)
            self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

        def build(self, shape):
            regularizer = self.kernel_regularizer if forwards else None
            self.kernel = self.add_weight(name="kernel", shape=(shape[-1], 2), regularizer=regularizer)
            self.built = True

        def call(self, inputs):
            return inputs @ self.kernel

        def get_config(self):
            return {**super().get_config(), "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer)}

    return Scale


def test_a_layer_of_the_user_that_does_not_hand_it_on(keras):
    layer = layer_class(keras, forwards=False)("l2", name="mine")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert statuses(found) == {"mine/kernel": "inert"}
    assert "never given to add_weight" in messages(found)


def test_a_layer_of_the_user_that_does(keras):
    layer = layer_class(keras, forwards=True)("l2", name="mine")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert statuses(found) == {"mine/kernel": "match"}
    assert found.ok, repr(found)


def test_a_layer_that_adds_the_penalty_itself(keras):
    class Adds(keras.layers.Dense):
        def __init__(self, **arguments):
            regularizer = arguments.pop("penalty", None)
            super().__init__(**arguments)
            self.kernel_regularizer = None
            self.penalty_regularizer = regularizer

        def call(self, inputs):
            self.add_loss(self.penalty_regularizer(self.kernel))
            return super().call(inputs)

    layer = Adds(units=3, penalty=keras.regularizers.L2(0.1), name="adds")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), layer])))
    assert statuses(found) == {"adds/kernel": "match"}
    assert codes(found) == []


def test_the_inner_activity_penalty_that_time_distributed_drops_in_keras_3(keras3):
    inner = keras3.layers.Dense(2, activity_regularizer="l2", name="inner")
    layers = [keras3.layers.Input((5, 4)), keras3.layers.TimeDistributed(inner)]
    found = kreglint.verify(compiled(keras3.Sequential(layers)))
    assert statuses(found) == {"inner/output": "inert"}
    assert codes(found) == ["KRG802"]


def test_a_wrapped_layer_keeps_its_weight_penalty(keras):
    inner = keras.layers.Dense(2, kernel_regularizer="l2", name="inner")
    layers = [keras.layers.Input((5, 4)), keras.layers.TimeDistributed(inner)]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert statuses(found) == {"inner/kernel": "match"}
    assert found.ok, repr(found)


def test_a_wrapper_of_the_users_own(keras):
    class Doubled(keras.layers.Wrapper):
        def call(self, inputs):
            return self.layer(inputs) * 2

    inner = keras.layers.Dense(3, kernel_regularizer="l2", bias_regularizer="l1", name="inner")
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((4,)), Doubled(inner)])))
    assert statuses(found) == {"inner/kernel": "match", "inner/bias": "match"}
    assert found.ok, repr(found)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_recurrent_layers_and_both_ways_of_one(keras, kind):
    recurrent = getattr(keras.layers, kind)(3, kernel_regularizer="l2", recurrent_regularizer="l1", name="r")
    layers = [keras.layers.Input((5, 4)), keras.layers.Bidirectional(recurrent)]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert found.ok, repr(found)
    assert sorted(each.variable for each in found.penalties if each.status == "match") == [
        "kernel",
        "kernel",
        "recurrent_kernel",
        "recurrent_kernel",
    ]


def test_stacked_cells(keras):
    cells = [keras.layers.LSTMCell(3, kernel_regularizer="l2", name=f"cell{index}") for index in range(2)]
    found = kreglint.verify(compiled(keras.Sequential([keras.layers.Input((5, 4)), keras.layers.RNN(cells)])))
    assert found.ok, repr(found)
    assert sorted(statuses(found).values()) == ["match", "match"]


def test_an_application_with_regularizers_set_on_its_layers_is_silent(keras):
    model = keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, weights=None, classes=2)
    for layer in model.layers:
        if hasattr(layer, "kernel_regularizer"):
            layer.kernel_regularizer = keras.regularizers.L2(1e-4)
    found = kreglint.verify(compiled(model))
    assert set(statuses(found).values()) == {"inert"}
    assert set(codes(found)) == {"KRG802"}


def test_an_application_rebuilt_with_regularizers_matches(keras):
    model = keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, weights=None, classes=2)

    def regularized(layer):
        config = layer.get_config()
        if "kernel_regularizer" in config:
            config["kernel_regularizer"] = "l2"
        if type(layer).__name__ == "DepthwiseConv2D":
            config["depthwise_regularizer"] = "l2"
            config.pop("kernel_regularizer", None)
        return type(layer).from_config(config)

    found = kreglint.verify(compiled(keras.models.clone_model(model, clone_function=regularized)))
    assert set(statuses(found).values()) == {"match"}
    assert len(statuses(found)) > 40
    assert codes(found) == []


def test_lora_takes_the_penalty_over(keras3):
    model = dense(keras3, kernel_regularizer="l2")
    model.get_layer("d").enable_lora(2)
    found = kreglint.verify(compiled(model))
    assert statuses(found) == {"d/kernel": "inert", "d/lora_kernel_a": "match", "d/lora_kernel_b": "match"}
    assert codes(found) == []
    assert "the layer's LoRA weights have it in its place" in messages(found)
