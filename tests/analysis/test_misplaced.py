"""Regularizers that are given to a model instead of its layers; and those of a layer's own weights."""

import pytest

from tests.analysis.reading import facts

IMPORTS = """\
import keras
from keras import regularizers
from keras.layers import Dense, Layer
from keras.regularizers import l2

"""
MODEL = "model = keras.Sequential([Dense(4)])\n"


def misplaced(body: str) -> list[tuple[str, str]]:
    source = IMPORTS + body
    return [(each.place, source[each.span.start : each.span.end]) for each in facts(source).misplaced]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("model.kernel_regularizer = l2(0.1)", ("attribute", "kernel_regularizer")),
        ("model.add(l2(0.1))", ("layer", "l2(0.1)")),
        ("reg = l2(0.1)\nmodel.add(reg)", ("layer", "reg")),
        ("model.add(regularizers.L2)", ("layer", "regularizers.L2")),
        ("keras.Sequential([Dense(4), l2(0.1)])", ("layer", "l2(0.1)")),
        ("model.compile('sgd', l2(0.1))", ("loss", "l2(0.1)")),
        ("model.compile(loss='l2')", ("loss", "'l2'")),
        ("model.compile(loss=['mse', 'l1_l2'])", ("loss", "'l1_l2'")),
        ("model.compile('sgd', 'mse', ['mae', l2(0.1)])", ("metric", "l2(0.1)")),
        ("model.compile(l2(0.1))", ("optimizer", "l2(0.1)")),
        ("model.compile('sgd', kernel_regularizer='l2')", ("keyword", "kernel_regularizer")),
        ("model.fit(x, y, kernel_regularizer=l2(0.1))", ("keyword", "kernel_regularizer")),
        ("model.evaluate(x, y, bias_regularizer=l2(0.1))", ("keyword", "bias_regularizer")),
        (
            "class Net(keras.Model):\n    def __init__(self):\n        super().__init__(kernel_regularizer='l2')",
            ("constructor", "kernel_regularizer"),
        ),
    ],
)
def test_a_regularizer_in_the_place_of_something_else(statement, expected):
    assert misplaced(MODEL + statement) == [expected]


@pytest.mark.parametrize(
    "statement",
    [
        "model.activity_regularizer = l2(0.1)",
        "model.compile('sgd', 'mse')",
        "model.compile('sgd', loss=lambda y, p: l2(0.1)(p))",
        "model.compile(*options, l2(0.1))",
        "model.compile('sgd', kernel_regularizer=None)",
        "names = set()\nnames.add(l2(0.1))",
        "trainer = Trainer()\ntrainer.compile(loss='l2')\ntrainer.kernel_regularizer = 'l2'",
        "def train(model):\n    model.compile(loss='l2')",
        "import pytest\nwith pytest.raises(ValueError):\n    model.add(l2(0.1))",
        "class Net(Base):\n    def __init__(self):\n        super().__init__(kernel_regularizer='l2')",
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__(1, 2, kernel_regularizer='l2')",
    ],
)
def test_what_takes_it_or_may(statement):
    assert misplaced(MODEL + statement) == []


@pytest.mark.parametrize(("more", "found"), [("pass", 1), ("def compile(self, *given):\n        pass", 0)])
def test_a_model_of_a_class_of_the_file_that_compiles_as_keras_does(more, found):
    body = f"class Net(keras.Model):\n    {more}\n\n\nnet = Net()\nnet.compile('sgd', loss=l2(0.1))\n"
    assert len(misplaced(body)) == found


LAYER = """\
class Scale({base}):
    def build(self, shape):
        self.scale = {weight}
{more}
"""


def weights(weight: str, base: str = "Layer", more: str = "") -> list[str]:
    source = IMPORTS + LAYER.format(base=base, weight=weight, more=more)
    return [each.arguments[-1].source for each in facts(source).weights]


@pytest.mark.parametrize("base", ["Layer", "keras.layers.Layer", "keras.Model", "Dense"])
def test_a_weight_of_a_layer_of_ones_own(base):
    assert weights("self.add_weight(name='w', regularizer=l2(0.1))", base) == ["l2(0.1)"]


@pytest.mark.parametrize(
    ("weight", "base", "more"),
    [
        ("self.add_weight(name='w')", "Layer", ""),
        ("self.inner.add_weight(regularizer=l2(0.1))", "Layer", ""),
        ("self.add_weight(regularizer=l2(0.1))", "object", ""),
        ("self.add_weight(regularizer=l2(0.1))", "Base", ""),
        ("self.add_weight(regularizer=l2(0.1))", "Layer, Mixin", ""),
        ("self.add_weight(regularizer=l2(0.1))", "Layer", "    def add_weight(self, regularizer):\n        pass"),
        ("self.add_variable(regularizer=l2(0.1))", "Layer", ""),
    ],
)
def test_what_is_no_weight_of_keras_with_a_regularizer(weight, base, more):
    assert weights(weight, base, more) == []
