"""Whole programs in which an activity regularizer, or a λ, does not do what it looks like."""

import pytest

from kreglint.catalog.model import load
from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings
from kreglint.versions import KNOWN

TRANSFORMER = """\
from tensorflow import keras
from tensorflow.keras import layers, regularizers


@keras.utils.register_keras_serializable(package="text")
class Mixer(layers.Layer):
    def __init__(self, width, depth=2, kernel_regularizer=None, activity_regularizer=None, **kwargs):
        super().__init__(**kwargs)
        self.width, self.depth = width, depth
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.activity_regularizer = regularizers.get(activity_regularizer)

    def build(self, input_shape):
        self.widen = layers.Dense(
            self.width, activation="gelu", kernel_regularizer=self.kernel_regularizer,
            activity_regularizer=self.activity_regularizer
        )
        self.narrow = layers.Dense(input_shape[-1], kernel_regularizer=self.kernel_regularizer)
        super().build(input_shape)

    def call(self, tokens):
        return tokens + self.narrow(self.widen(tokens))

    def get_config(self):
        config = super().get_config()
        config.update(width=self.width, kernel_regularizer=regularizers.serialize(self.kernel_regularizer))
        return config


inputs = keras.Input((16, 32))
model = keras.Model(inputs, Mixer(64, activity_regularizer=regularizers.L2(1e-5))(inputs))
"""
ATTENTION = """\
import tensorflow as tf

PENALTY = tf.keras.regularizers.L1(1e-3)
attention = tf.keras.layers.{layer}(
    {heads},
    activity_regularizer=PENALTY,
    kernel_regularizer="l2",
)
"""
RECOMMENDER = """\
import tensorflow as tf
from tensorflow.keras.layers import Dense, Input, Layer


class Crossing(Layer):
    def __init__(self, depth=2, l2_reg=1e-5, seed=1024, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth
        self.l2_reg = l2_reg
        self.seed = seed

    def build(self, input_shape):
        size = int(input_shape[-1])
        self.kernels = [
            self.add_weight(name=f"kernel{{i}}", shape=(size, 1), initializer="glorot_normal"{regularizer})
            for i in range(self.depth)
        ]
        super().build(input_shape)

    def call(self, x):
        y = x
        for kernel in self.kernels:
            y = x * tf.matmul(y, kernel) + y
        return y

    def get_config(self):
        return {{**super().get_config(), "depth": self.depth, "l2_reg": self.l2_reg, "seed": self.seed}}


features = Input((10,))
click = Dense(1, activation="sigmoid")(Crossing(3, l2_reg=1e-4)(features))
"""


def found(code: str, version: str | None = None) -> list[tuple[str, int]]:
    return [(each.code, each.location.row) for each in check_source(code, "a.py", Settings(keras_version=version))]


@pytest.mark.parametrize("version", ["2", "3", None])
def test_a_layer_that_gives_its_activity_regularizer_to_a_layer_inside_too(version):
    assert found(TRANSFORMER, version) == [("KRG619", 14)]


def test_what_is_said_of_it():
    (told,) = check_source(TRANSFORMER, "a.py")
    assert told.message == "'Mixer' applies its activity regularizer to its own output, and this Dense applies it again"


def test_a_layer_that_leaves_it_to_the_layer_inside():
    code = TRANSFORMER.replace(
        "        self.activity_regularizer = regularizers.get", "        self.inner = regularizers.get"
    )
    assert found(code.replace("=self.activity_regularizer", "=self.inner")) == []


@pytest.mark.parametrize(
    ("layer", "heads"), [("MultiHeadAttention", "num_heads=4, key_dim=16"), ("GroupQueryAttention", "8, 4, 2")]
)
def test_an_attention_layer_of_keras_3_regularizes_its_projections_too(layer, heads):
    assert found(ATTENTION.format(layer=layer, heads=heads), "3") == [("KRG619", 6)]


def test_that_of_keras_2_does_not():
    assert found(ATTENTION.format(layer="MultiHeadAttention", heads="4, 16"), "2") == []


def test_where_both_may_run_it_is_told_of_which_one_it_is_said():
    (told,) = check_source(ATTENTION.format(layer="MultiHeadAttention", heads="4, 16"), "a.py", Settings())
    assert told.message == (
        "MultiHeadAttention accepts this activity regularizer: "
        "Keras 3 applies it to the outputs of its inner layers too, so several penalties are added"
    )


def test_layers_that_add_several_penalties_for_one_activity_regularizer_by_version():
    """Cells have their states among their outputs; all that wraps or holds another layer adds one for each output."""
    several = {}
    for version in KNOWN:
        keras = load(version)
        layers = [layer for layer in map(keras.layer, keras.layer_names) if layer is not None]
        declared = [(each.name, each.regularizers.get("activity_regularizer")) for each in layers]
        several[str(version)] = {name: slot.terms for name, slot in declared if slot is not None and slot.terms > 1}
    cells = {"SimpleRNNCell": 2, "GRUCell": 2, "LSTMCell": 3, "StackedRNNCells": 2}
    of_3 = {**cells, "MultiHeadAttention": 4, "GroupQueryAttention": 5}
    of_3_16 = {**cells, "MultiHeadAttention": 4, "GroupedQueryAttention": 5}
    old = {"1.2": {}, "2.3": {}, "2.15": cells, "2.21": cells}
    assert several == {**old, "3.0": of_3, "3.5": of_3, "3.13": of_3, "3.14": of_3, "3.15": of_3, "3.16": of_3_16}


@pytest.mark.parametrize("version", ["2", "3", None])
def test_a_strength_that_is_kept_for_the_configuration_alone(version):
    assert found(RECOMMENDER.format(regularizer=""), version) == [("KRG308", 6)]


def test_one_that_a_weight_gets():
    code = RECOMMENDER.format(regularizer=", regularizer=tf.keras.regularizers.l2(self.l2_reg)")
    assert found(code) == []


HIDDEN = """\
import keras
from keras import regularizers


class Gate(keras.layers.Layer):
    def __init__(self, activity_regularizer=None, **kwargs):
        {rows}

    def call(self, x):
        return x
"""
RESET = "self.activity_regularizer = regularizers.get(activity_regularizer)\n        super().__init__(**kwargs)"
UNDER = "super().__init__(**kwargs)\n        self._activity_regularizer = regularizers.get(activity_regularizer)"


@pytest.mark.parametrize(
    ("rows", "version", "codes"),
    [
        (RESET, "2.3", []),  # its base class does not set the attribute
        (RESET, "2.15", ["KRG307"]),
        (RESET, "3", ["KRG307"]),
        (UNDER, "2", []),  # that is where its base class keeps it
        (UNDER, "3", ["KRG307"]),
        ("super().__init__(**kwargs)", "2", ["KRG307"]),
        ("super().__init__(**kwargs)", "3", ["KRG307"]),
    ],
)
def test_what_a_version_makes_of_one_that_is_kept_otherwise(rows, version, codes):
    assert [code for code, _ in found(HIDDEN.format(rows=rows), version)] == codes
