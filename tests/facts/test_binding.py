"""Which parameter an argument sets."""

import pytest

from kreglint.catalog.model import Layer, load
from kreglint.facts.binding import argument_for, bound_arguments, layer_of, regularizer_arguments
from kreglint.facts.file import LayerCall
from tests.analysis.reading import facts


def call(code: str) -> LayerCall:
    (found,) = facts(f"from keras.layers import *\n{code}\n").layers
    return found


def layer(found: LayerCall, major: int = 3) -> Layer:
    known = layer_of(found, load(major))
    assert known is not None
    return known


def test_positional_arguments_set_the_parameters_in_order():
    found = call("Dense(4, 'relu', False, kernel_regularizer='l2')")
    assert [(name, argument.source) for name, argument in bound_arguments(found, layer(found))] == [
        ("units", "4"),
        ("activation", "'relu'"),
        ("use_bias", "False"),
        ("kernel_regularizer", "'l2'"),
    ]


@pytest.mark.parametrize(("major", "parameter"), [(2, "activity_regularizer"), (3, "kernel_regularizer")])
def test_the_order_is_that_of_the_major(major, parameter):
    found = call(f"MultiHeadAttention({', '.join(str(n) for n in range(12))})")
    names = {argument.source: name for name, argument in bound_arguments(found, layer(found, major))}
    assert names["11"] == parameter


def test_after_a_star_no_index_is_certain():
    found = call("Dense(*a, 'relu', use_bias=False)")
    assert [name for name, _ in bound_arguments(found, layer(found))] == ["use_bias"]


def test_one_too_many_sets_nothing():
    found = call("Flatten('channels_last', 2)")
    assert [name for name, _ in bound_arguments(found, layer(found))] == ["data_format"]


def test_a_keyword_counts_where_the_layer_has_no_such_parameter():
    found = call("Dense(4, kernal_regularizer='l2')")
    assert [name for name, _ in bound_arguments(found, layer(found))] == ["units", "kernal_regularizer"]


def test_only_the_layers_own_regularizers_are_told():
    found = call("Embedding(4, 2, embeddings_regularizer='l2', kernel_regularizer='l1')")
    assert [name for name, _ in regularizer_arguments(found, load(3))] == ["embeddings_regularizer"]


def test_a_positional_regularizer_is_told():
    found = call("Dense(4, None, True, 'zeros', 'zeros', 'l2')")
    assert [name for name, _ in regularizer_arguments(found, load(3))] == ["kernel_regularizer"]


def test_what_is_no_layer_of_keras_has_none():
    found = call("conv_bn(4, kernel_regularizer='l2')")
    assert layer_of(found, load(3)) is None
    assert list(regularizer_arguments(found, load(3))) == []


def test_an_alias_is_its_layer():
    assert layer(call("Convolution2D(4, 3)")).name == "Conv2D"


@pytest.mark.parametrize(
    ("code", "source"), [("Dense(4, use_bias=False)", "False"), ("Dense(4, None, False)", "False")]
)
def test_the_argument_for_a_parameter(code, source):
    found = call(code)
    argument = argument_for(found, layer(found), "use_bias")
    assert argument is not None
    assert argument.source == source


def test_a_parameter_that_is_left_at_its_default_has_no_argument():
    found = call("Dense(4)")
    assert argument_for(found, layer(found), "use_bias") is None
