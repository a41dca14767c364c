"""Right models that are changed after the fact: every change is found."""

import numpy as np
import pytest

import kreglint
from tests.runtime.models import codes, compiled

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def callable_losses(layer):
    return layer._callable_losses  # noqa: SLF001  there is no other way to change what Keras 2 holds


class Mutable:
    """The regularizer that acts on a weight, in either major, which can be exchanged for a function of the weight."""

    def __init__(self, model, layer, weight):
        self.variable = getattr(model.get_layer(layer), weight)
        self.layer = model.get_layer(layer)

    def replace(self, penalty):
        if hasattr(self.layer, "_callable_losses"):
            index = [each.args[0].args[0] is self.variable for each in callable_losses(self.layer)].index(True)
            function = callable_losses(self.layer)[index]
            inner = function.args[0].func
            held = dict(zip(inner.__code__.co_freevars, inner.__closure__, strict=True))
            held["regularizer"].cell_contents = penalty
        else:
            self.variable.regularizer = penalty

    def drop(self):
        if hasattr(self.layer, "_callable_losses"):
            callable_losses(self.layer)[:] = [
                each for each in callable_losses(self.layer) if each.args[0].args[0] is not self.variable
            ]
        else:
            self.variable.regularizer = None


def right_models(keras):
    layers, kinds = keras.layers, keras.regularizers
    return {
        "dense": ([layers.Input((4,)), layers.Dense(3, kernel_regularizer=kinds.L2(0.02), name="m")], "kernel"),
        "bias": ([layers.Input((4,)), layers.Dense(3, bias_regularizer=kinds.L1(0.02), name="m")], "bias"),
        "convolution": (
            [layers.Input((8, 8, 2)), layers.Conv2D(3, 3, kernel_regularizer=kinds.L1L2(0.01, 0.02), name="m")],
            "kernel",
        ),
        "normalization": (
            [layers.Input((4,)), layers.BatchNormalization(gamma_regularizer=kinds.L2(0.1), name="m")],
            "gamma",
        ),
        "orthogonal": (
            [
                layers.Input((4,)),
                layers.Dense(3, kernel_regularizer=kinds.OrthogonalRegularizer(0.1), name="m"),
            ],
            "kernel",
        ),
    }


NAMES = ("dense", "bias", "convolution", "normalization", "orthogonal")


def other_lambda(keras, regularizer):
    config = {
        name: value * 1.001 if isinstance(value, float) else value for name, value in regularizer.get_config().items()
    }
    return type(regularizer).from_config(config)


def swapped(keras, regularizer):
    kinds = {"L1": "L2", "L2": "L1"}
    name = type(regularizer).__name__
    if name in kinds:
        return getattr(keras.regularizers, kinds[name])(float(getattr(regularizer, name.lower())))
    if name == "L1L2":
        return keras.regularizers.L1L2(float(regularizer.l2), float(regularizer.l1))
    return keras.regularizers.OrthogonalRegularizer(float(regularizer.factor), mode="columns")


def scaled(keras, regularizer):
    class Scaled(keras.regularizers.Regularizer):
        def __call__(self, weight):
            return 2.0 * regularizer(weight)

    return Scaled()


EXCHANGES = {"another λ": other_lambda, "L1 and L2 swapped": swapped, "scaled by 2": scaled}


@pytest.mark.parametrize("change", EXCHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_an_exchanged_penalty_is_found(keras, name, change):
    layers, weight = right_models(keras)[name]
    model = compiled(keras.Sequential(layers))
    attribute = getattr(model.get_layer("m"), f"{weight}_regularizer")
    Mutable(model, "m", weight).replace(EXCHANGES[change](keras, attribute))
    assert set(codes(kreglint.verify(model))) & {"KRG801", "KRG804"}


@pytest.mark.parametrize("name", NAMES)
def test_a_dropped_penalty_is_found(keras, name):
    layers, weight = right_models(keras)[name]
    model = compiled(keras.Sequential(layers))
    Mutable(model, "m", weight).drop()
    assert codes(kreglint.verify(model)) == ["KRG802"]


@pytest.mark.parametrize("name", NAMES)
def test_a_penalty_that_the_model_adds_once_more_is_found(keras, name):
    class Doubles(keras.Model):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def call(self, inputs, training=None):
            layer = self.inner.get_layer("m")
            self.add_loss(getattr(layer, f"{weight}_regularizer")(getattr(layer, weight)))
            return self.inner(inputs, training=training)

    layers, weight = right_models(keras)[name]
    plain = keras.Sequential(layers)
    model = compiled(Doubles(plain))
    model(np.zeros((1, *plain.input_shape[1:]), "float32"))
    found = kreglint.verify(model)
    assert "KRG804" in codes(found), repr(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_right_model_matches(keras, name):
    layers, _ = right_models(keras)[name]
    found = kreglint.verify(compiled(keras.Sequential(layers)))
    assert codes(found) == [], repr(found)
