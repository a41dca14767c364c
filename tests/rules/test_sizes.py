"""Shapes of kernels told by the layers before, and the penalty that glorot_uniform gives them."""

import pytest

from kreglint.catalog.model import load
from kreglint.engine.api import report_source
from kreglint.facts.joins import Chain
from kreglint.rules.sizes import Kernel, kernel_of

IMPORTS = "import keras\nfrom keras.layers import *\n"


def kernels(code: str) -> list[Kernel | None]:
    facts = report_source(IMPORTS + code)
    chain = Chain(facts.layers, facts.previous)
    made = [call for call in facts.layers if call.layer in ("Dense", "Conv2D")]
    return [kernel_of(call, chain, load(3)) for call in made]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("keras.Sequential([Input((20,)), Dense(8)])", [Kernel(20, 8)]),
        ("keras.Sequential([Input(shape=(20,)), Dropout(0.5), Dense(8), Dense(4)])", [Kernel(20, 8), Kernel(8, 4)]),
        (
            "model = keras.Sequential()\nmodel.add(Dense(8, input_dim=20))\nmodel.add(Dense(4))",
            [Kernel(20, 8), Kernel(8, 4)],
        ),
        ("x = keras.Input((20,))\ny = Dense(8)(x)\nz = Dense(4)(Activation('relu')(y))", [Kernel(20, 8), Kernel(8, 4)]),
        (
            "keras.Sequential([Input((9, 9, 3)), Conv2D(8, (3, 2)), MaxPooling2D(), Conv2D(4, 3)])",
            [Kernel(3, 8, 6), Kernel(8, 4, 9)],
        ),
    ],
)
def test_the_layers_before_tell_the_inputs(code, expected):
    assert kernels(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "Dense(8)",
        "keras.Sequential([Input((20,)), Flatten(), Dense(8)])",
        "def build(n):\n    return keras.Sequential([Input((n,)), Dense(8)])",
        "keras.Sequential([Input((20,)), Dense(8, kernel_initializer='he_normal')])",
        "x = keras.Input((20,))\nif x:\n    x = Input((9,))\ny = Dense(8)(x)",
    ],
)
def test_what_is_not_certain_has_no_shape(code):
    assert set(kernels(code)) == {None}


def test_the_expected_penalty_follows_from_the_shape():
    kernel = Kernel(784, 512)
    assert kernel.squares() == pytest.approx(2 * 784 * 512 / (784 + 512))
    assert kernel.absolutes() == pytest.approx(784 * 512 * (6 / (784 + 512)) ** 0.5 / 2)
