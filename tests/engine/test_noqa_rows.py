"""A comment on the first row of a statement speaks of all of it, whichever rule finds something on a later row."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
import keras
import tensorflow as tf
from keras import regularizers
from keras.layers import Dense, Layer
from keras.regularizers import l2
"""
HELD = "model = keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=l2(0.1))])\n"
STEP = """\
class Net(keras.Model):
    def build(self, shape):
        self.top = Dense(4, kernel_regularizer=l2(0.1))

    def train_step(self, data):
        x, y = data
        loss = {0}
        return loss
"""
STATEMENTS = {
    "KRG305": "layer = Dense(4)\nlayer.build((None, 3))\n(  {noqa}\n    layer.kernel_regularizer\n) = l2(0.1)\n",
    "KRG308": (
        "class Scale(Layer):\n"
        "    def __init__(  {noqa}\n        self,\n        scale_regularizer=None,\n    ):\n"
        "        super().__init__()\n        self.scale_regularizer = scale_regularizer\n\n"
        "    def build(self, shape):\n        self.scale = self.add_weight(shape=(1,))\n"
    ),
    "KRG309": "def build():\n    held = (  {noqa}\n        l2(0.1)\n    )\n    return Dense(4)\n",
    "KRG310": (
        "class Decay(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
        "        (  {noqa}\n            self.model.layers[0].kernel_regularizer.l2\n        ) = 0.0\n"
    ),
    "KRG504": (
        "class Half(regularizers.Regularizer):\n    def __call__(self, w):\n"
        "        return (  {noqa}\n            tf.nn.l2_loss(w)\n        )\n"
    ),
    "KRG505": "top = (  {noqa}\n    Dense(4, kernel_regularizer=l2(0.1))\n)\n",
    "KRG506": HELD + "held = (  {noqa}\n    tf.compat.v1.losses.get_regularization_loss()\n)\n",
    "KRG507": STEP.format("(  {noqa}\n            self.compiled_loss(y, self(x))\n        )"),
    "KRG602": STEP.format("(  {noqa}\n            self.compute_loss(x, y)\n            + sum(self.losses)\n        )"),
    "KRG605": "def total(model):\n    return (  {noqa}\n        tf.add_n(model.losses)\n    )\n",
    "KRG606": "class Own(  {noqa}\n    regularizers.Regularizer,\n):\n    def __call__(self, w):\n        return 0\n",
}


def codes(code: str, comment: str) -> list[str]:
    text = IMPORTS + STATEMENTS[code].format(noqa=comment)
    return [found.code for found in check_source(text, settings=Settings(select=(code,), keras_version="2"))]


@pytest.mark.parametrize("code", STATEMENTS)
def test_a_comment_on_the_first_row_of_its_statement_suppresses_a_finding(code):
    assert codes(code, "") == [code]
    assert codes(code, f"# noqa: {code}") == []


def test_a_comment_on_the_row_of_a_block_speaks_of_nothing_in_it():
    text = IMPORTS + "class Half(regularizers.Regularizer):\n    def __call__(self, w):  # noqa\n"
    text += "        return tf.nn.l2_loss(w)\n"
    assert [found.code for found in check_source(text, settings=Settings(select=("KRG504",)))] == ["KRG504"]
