"""What is given to `add_loss`: of which object, where, and what is known of it."""

import pytest

from kreglint.facts.added import AddedLoss, Where
from tests.analysis.reading import facts

IMPORTS = (
    "import keras\nimport tensorflow as tf\nfrom keras import regularizers\nfrom keras.layers import Dense, Layer\n\n"
)
LAYER = """\
class Priced(Layer):
    def __init__(self, penalty="l2"):
        super().__init__()
        self.penalty = regularizers.get(penalty)
        {constructor}
    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=(3,))
        {build}
    def call(self, x):
        {call}
        return x
    def other(self):
        {other}
"""
OWN_ADD_LOSS = """\
class Net(Layer):
    def add_loss(self, f):
        f()
    def build(self, s):
        self.add_loss(int)
"""
ON_PURPOSE = """\
import unittest
class T(unittest.TestCase):
    def test(self):
        with self.assertRaises(ValueError):
            Dense(2).add_loss(lambda: 0.5)
"""


def added(body: str) -> list[AddedLoss]:
    return list(facts(IMPORTS + body).training.added)


def layer(**methods: str) -> str:
    rows = dict.fromkeys(("constructor", "build", "call", "other"), "pass") | methods
    return LAYER.format(**{name: row.replace("\n", "\n        ") for name, row in rows.items()})


@pytest.mark.parametrize(
    ("method", "where"),
    [
        ("constructor", Where.CONSTRUCTOR),
        ("build", Where.BUILD),
        ("call", Where.CALL),
        ("other", Where.OTHER),
    ],
)
def test_it_is_known_in_which_method_a_layer_adds(method, where):
    [found] = added(layer(**{method: "self.add_loss(tf.constant(0.5))"}))
    assert (found.where, found.kind) == (where, "tensor")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("0.5", "number"),
        ("-0.5 * 2", "number"),
        ("lambda: tf.constant(0.5)", "function"),
        ("self.other", "function"),
        ("[lambda: 0.5]", "function"),
        ("tf.reduce_sum(self.scale)", "tensor"),
        ("(\n    0.1\n    * tf.reduce_sum(  # of all\n        self.scale\n    )\n)", "tensor"),
        ("keras.ops.sum(self.scale)", "tensor"),
        ("self.scale", "tensor"),
        ("self.penalty(self.scale)", "tensor"),
        ("regularizers.L2(0.1)(self.scale)", "tensor"),
        ("self.price * 0.5", ""),
        ("self.price(self.scale)", ""),
        ("shape", ""),
        ("tf.function(self.other)", "function"),
        ("regularizers.L2(0.1)", "regularizer"),
    ],
)
def test_what_is_added_is_known_or_not(given, kind):
    [found] = added(layer(build=f"self.add_loss({given})"))
    assert found.kind == kind


def test_a_name_is_what_it_was_last_set_to():
    [first, second] = added(
        layer(build="loss = lambda: 0.5\nself.add_loss(loss)\nloss = tf.constant(0.5)\nself.add_loss(loss)")
    )
    assert (first.kind, second.kind) == ("function", "tensor")


@pytest.mark.parametrize(
    "body",
    [
        "def add(trainer):\n    trainer.add_loss(lambda: 0.5)\n",
        "from mine import Base\nclass Net(Base):\n    def build(self, s):\n        self.add_loss(tf.constant(0.5))\n",
        OWN_ADD_LOSS,
        "model = keras.Sequential([Dense(2)])\nmodel.add_loss = print\nmodel.add_loss(lambda: 0.5)\n",
        ON_PURPOSE,
        "Dense(2).add_loss(*losses)\n",
    ],
)
def test_nothing_is_told_of_what_may_be_another_add_loss(body):
    assert added(body) == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("layer = Dense(2)\nlayer.add_loss(lambda: 0.5)\n", Where.OTHER),
        ("model = keras.Sequential([Dense(2)])\nmodel.add_loss(lambda: 0.5)\n", Where.OTHER),
        ("i = keras.Input((3,))\nm = keras.Model(i, Dense(2)(i))\nm.add_loss(0.5)\n", Where.FUNCTIONAL),
        ("i = keras.Input((3,))\nm = keras.Model(inputs=i, outputs=Dense(2)(i))\nm.add_loss(0.5)\n", Where.FUNCTIONAL),
        ("m = keras.applications.VGG16()\nm.add_loss(0.5)\n", Where.FUNCTIONAL),
        ("m = keras.applications.VGG16()\nfor each in m.layers:\n    each.add_loss(lambda: 0.5)\n", Where.OTHER),
        ("def f(each):\n    if isinstance(each, Dense):\n        each.add_loss(lambda: 0.5)\n", Where.OTHER),
        ("def f(each):\n    if isinstance(each, (Dense, Layer)):\n        each.add_loss(lambda: 0.5)\n", Where.OTHER),
        ("class A(Layer):\n    pass\nclass B(A):\n    def call(self, x):\n        self.add_loss(x)\n", Where.CALL),
    ],
)
def test_layers_and_models_are_known_by_what_makes_them(body, where):
    [found] = added(body)
    assert found.where is where


def test_a_condition_of_another_object_tells_nothing():
    assert added("def f(a, b):\n    if isinstance(a, Dense):\n        b.add_loss(lambda: 0.5)\n") == []
    assert added("def f(a):\n    if not isinstance(a, Dense):\n        a.add_loss(lambda: 0.5)\n") == []


def test_a_layer_that_builds_itself_in_call_is_not_said_to_add_in_build():
    [found] = added(layer(build="self.add_loss(tf.constant(0.5))", call="self.build(x.shape)"))
    assert found.where is Where.OTHER


def test_a_function_within_a_method_runs_at_another_time():
    [found] = added(layer(build="def later():\n    self.add_loss(tf.constant(0.5))\nself.later = later"))
    assert found.where is Where.OTHER


def test_a_file_that_asks_for_graphs_is_known():
    body = "tf.compat.v1.disable_eager_execution()\n" + layer(build="self.add_loss(tf.constant(0.5))")
    assert [each.by_graph for each in added(body)] == [True]
