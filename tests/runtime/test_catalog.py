"""Every layer of the catalog whose weights take regularizers, with all of them: right models match."""

from importlib import import_module

import pytest

import kreglint
from kreglint.catalog.model import load
from tests.runtime.conftest import imported
from tests.runtime.models import statuses
from tools.catalog.recipes import NOT_BUILT, recipe

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


OUTPUT = ("output",)  # Keras 2 loses most activity regularizers in a copy, and the probe says so


def cases():
    for major in (2, 3):
        known = load(major)
        for layer in filter(None, map(known.layer, sorted(known.layer_names - NOT_BUILT.keys()))):
            if layer.unprobed is None:
                arguments = [
                    each.name
                    for each in layer.regularizers.values()
                    if each.effect == "penalty" and each.weights != OUTPUT
                ]
                if arguments:
                    yield pytest.param(major, layer.name, arguments, id=f"{major}-{layer.name}")


def layer_class(keras, major, name):
    if hasattr(keras.layers, name):
        return getattr(keras.layers, name)
    return getattr(import_module(load(major).layer(name).module), name)  # not all of Keras 2 are exported


def model_of(keras, layer, made):
    entries = [keras.layers.Input(shape[1:], batch_size=shape[0]) for shape in made.shapes]
    if type(layer).__name__.endswith("Cell"):
        entry = keras.layers.Input((5, made.shapes[0][1]))
        return keras.Model(entry, keras.layers.RNN(layer)(entry))
    return keras.Model(entries, layer(*made.call(entries)))


@pytest.mark.parametrize(("major", "name", "arguments"), list(cases()))
def test_every_regularizer_of_a_layer_matches(major, name, arguments):
    keras = imported("tf_keras" if major == 2 else "keras")
    made = recipe(name)
    given = {argument: keras.regularizers.L1L2(0.01, 0.02) for argument in arguments}
    layer = layer_class(keras, major, name)(**made.arguments(keras), **given)
    model = model_of(keras, layer, made)
    model.compile("sgd", "mse")
    found = kreglint.verify(model)
    assert found.ok, repr(found)
    assert set(statuses(found).values()) <= {"match"}, repr(found)
    assert len(statuses(found)) >= len(arguments), repr(found)
