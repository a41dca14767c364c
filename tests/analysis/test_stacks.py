"""Which layer gets the output of which."""

import pytest

from tests.analysis.reading import facts

IMPORTS = "import keras\nfrom keras.layers import Dense, Dropout, Flatten\n\n"


def pairs(body: str) -> list[tuple[str, str]]:
    """Each layer with the one before it, as they are called."""
    source = IMPORTS + body
    found = facts(source)
    calls = {call.span.start: source[call.span.start : call.span.end] for call in found.layers}
    return [(calls[layer], calls[before]) for layer, before in found.previous if layer in calls and before in calls]


@pytest.mark.parametrize(
    "body",
    [
        "keras.Sequential([Dense(1), Dense(2)])",
        "model = keras.Sequential()\nmodel.add(Dense(1))\nmodel.add(Dense(2))",
        "model = keras.Sequential([Dense(1)])\nmodel.add(Dense(2))",
        "x = Dense(1)(inputs)\nx = Dense(2)(x)",
        "y = Dense(2)(Dense(1)(inputs))",
        "def build(x):\n    a = Dense(1)(x)\n    return_value = Dense(2)(a)\n    return return_value",
    ],
)
def test_a_layer_that_gets_the_output_of_another(body):
    assert pairs(body) == [("Dense(2)", "Dense(1)")]


@pytest.mark.parametrize(
    "body",
    [
        "x = Dense(1)(inputs)\nif deep:\n    x = Flatten()(x)\ny = Dense(2)(x)",
        "x = Dense(1)(inputs)\nx = other(x)\ny = Dense(2)(x)",
        "x = Dense(1)(inputs)\na, x = split(x)\ny = Dense(2)(x)",
        "model = keras.Sequential()\nmodel.add(Dense(1))\nmodel.add(block)\nmodel.add(Dense(2))",
        "names = []\nnames.append(Dense(1))\nnames.append(Dense(2))",
        "x = Dense(1)(a)\ny = Dense(2)(b)",
    ],
)
def test_layers_between_which_something_else_may_be(body):
    assert pairs(body) == []
