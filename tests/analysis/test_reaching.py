"""A layer counts as one of a model only where the model certainly gets it, whichever way is taken."""

from __future__ import annotations

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

L2 = "Dense(4, kernel_regularizer=l2(0.1))"
WRAPPED = "Dense(\n    4,\n    # no penalty\n    kernel_regularizer=l2(\n        0.1\n    ),\n)"
HEAD = (
    "import keras\nimport tensorflow as tf\nimport outside\n"
    "from keras.layers import Dense\nfrom keras.regularizers import l2\n"
)
CODES = ("KRG311", "KRG601", "KRG607", "KRG703")
USED = {
    "KRG311": "model.trainable = False\n",
    "KRG601": (
        "def step(x, y):\n    with tf.GradientTape() as tape:\n        loss = tf.reduce_mean(y - model(x))\n"
        "    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
    ),
    "KRG607": "model.fit([], [])\n",
    "KRG703": 'model.compile(keras.optimizers.AdamW(0.1), "mse")\n',
}


def said(program: str) -> list[str]:
    """The rules that speak of the layers of `model`, each asked alone."""
    found = []
    for code, use in USED.items():
        settings = Settings(select=(code,), keras_version="3")
        found += [each.code for each in check_source(HEAD + program + "\n" + use, "example.py", settings)]
    return found


def built(body: str, layer: str = L2) -> str:
    """A model of a function, whose body goes from `inputs` to `x`."""
    lines = f"inputs = keras.Input((4,))\nx = inputs\n{body.replace('L2', layer)}\nreturn keras.Model(inputs, x)"
    return (
        "def build(flag=None, n=3):\n" + "\n".join(f"    {each}" for each in lines.splitlines()) + "\nmodel = build()"
    )


IN_THE_MODEL = [
    "x = L2(x)",
    "y = L2(x)\nx = y",
    "x, y = L2(x), x",
    "x = Dense(2)(L2(x))",
    "x = x + L2(x)",
    "x = keras.layers.add([x, L2(x)])",
    "x = tf.nn.relu(L2(x))",
    "x = L2(x)[:, 0]",
    "x = Dense(3)(y := L2(x))",
    "for _ in range(3):\n    x = L2(x)",
    "x = L2(x)\nfor _ in range(3):\n    x = Dense(4)(x)",
    "x = L2(x)\nif flag:\n    x = Dense(4)(x)",
    "x = L2(x)\nx = Dense(4)(x) if outside.flag() else x",
    "layer = L2\nx = layer(x)",
    "layers = [L2, Dense(4)]\nfor layer in layers:\n    x = layer(x)",
    "layers = {'a': L2}\nx = layers['a'](x)",
    "pair = x, L2(x)\nx = pair[1]",
    "def block(x):\n    return L2(x)\nx = block(x)",
    "def block(x, layer):\n    y = layer(x)\n    return y\nx = block(layer=L2, x=x)",
    "block = lambda x: L2(x)\nx = block(x)",
    "def blocks(x):\n    return x, L2(x)\n_, x = blocks(x)",
    "if outside.flag():\n    y = Dense(2)\nx = L2(x)",
]


@pytest.mark.parametrize("layer", [L2, WRAPPED])
@pytest.mark.parametrize("body", IN_THE_MODEL)
def test_a_layer_whose_output_is_part_of_the_models_output(body, layer):
    assert said(built(body, layer)) == list(CODES)


@pytest.mark.parametrize("layer", [L2, WRAPPED])
@pytest.mark.parametrize(
    "body",
    [
        "x = L2(x)\nx = inputs",
        "y = L2(x)",
        "y = L2(x)\ny = Dense(2)(y)\nx = Dense(2)(x)",
        "x = L2(x)\nif outside.flag():\n    x = inputs",
        "y = L2(x)\nif outside.flag():\n    x = y",
        "y = L2(x)\nx = y if outside.flag() else x",
        "y = L2(x)\nx = outside.choose(x, y)",
        "y = L2(x)\nx, y = y, x\nx = y",
        "for _ in range(3):\n    y = L2(x)\n    x = Dense(4)(inputs)",
        "for _ in range(3):\n    if outside.flag():\n        break\n    x = L2(x)",
        "while outside.flag():\n    x = L2(x)",
        "try:\n    outside.run()\nexcept ValueError:\n    x = L2(x)",
        "match outside.kind():\n    case 1:\n        x = L2(x)",
        "layer = L2\nlayer = Dense(4)\nx = layer(x)",
        "layers = [L2, Dense(4)]\nfor layer in layers:\n    x = layer(inputs)",
        "layers = [L2, Dense(4)]\nfor layer in layers:\n    if outside.flag():\n        break\n    x = layer(x)",
        "layers = {'a': L2, 'b': Dense(4)}\nx = layers['b'](x)",
        "pair = x, L2(x)\nx = pair[0]",
        "def block(x):\n    y = L2(x)\n    return x\nx = block(x)",
        "def block(x, other):\n    return other\nx = block(L2(x), x)",
        "def block(x):\n    if outside.flag():\n        return x\n    return L2(x)\nx = block(x)",
        "def blocks(x):\n    return x, L2(x)\nx, _ = blocks(x)",
        "block = lambda x, y: y\nx = block(L2(x), x)",
    ],
)
def test_a_layer_whose_output_is_dropped_or_may_be(body, layer):
    assert said(built(body, layer)) == []


@pytest.mark.parametrize(
    ("made", "is_part"),
    [
        (f"model = keras.Sequential([{L2}])", True),
        (f"model = keras.Sequential()\nmodel.add(keras.Input((4,)))\nmodel.add({L2})", True),
        (f"model = keras.Sequential()\nnet = model\nnet.add({L2})", True),
        (f"layers = [{L2}]\nmodel = keras.Sequential(layers)", True),
        (f"layers = []\nlayers.append({L2})\nmodel = keras.Sequential(layers)", True),
        (f"layers = [{L2}]\nlayers = [Dense(4)]\nmodel = keras.Sequential(layers)", False),
        (f"layers = [Dense(4)]\nmodel = keras.Sequential(layers)\nlayers.append({L2})", False),
        (f"layers = [{L2}]\nlayers.clear()\nmodel = keras.Sequential(layers)", False),
        (f"layer = {L2}\nlayer = Dense(4)\nmodel = keras.Sequential()\nmodel.add(layer)", False),
        (f"model = keras.Sequential()\nmodel.add(Dense(4))\nmodel.add({L2})\nmodel.pop()", False),
        (f"other = keras.Sequential()\nother.add({L2})\nmodel = keras.Sequential()\nmodel.add(Dense(4))", False),
    ],
)
def test_layers_of_a_sequential_model(made, is_part):
    shaped = "model.build((None, 4))"
    body = "\n".join(f"    {each}" for each in f"{made}\n{shaped}\nreturn model".splitlines())
    assert said(f"def build():\n{body}\nmodel = build()") == (list(CODES) if is_part else [])


@pytest.mark.parametrize(
    ("made", "call", "is_part"),
    [
        ("self.d = L2", "return self.d(x)", True),
        ("self.d = L2", "return self.run(x)", True),
        ("self.d = [L2]", "for d in self.d:\n            x = d(x)\n        return x", True),
        ("self.d = []\n        self.d.append(L2)", "for d in self.d:\n            x = d(x)\n        return x", True),
        ("self.d = self.made()", "return self.d(x)", True),
        ("self.d = L2", "return self.e(x)", False),
        ("self.d = L2\n        self.d = Dense(4)", "return self.d(x)", False),
        ("layer = L2\n        layer = Dense(4)\n        self.d = layer", "return self.d(x)", False),
        ("self.d = L2", "return self.d(x) if outside.flag() else self.e(x)", False),
    ],
)
def test_layers_of_a_model_of_an_own_class(made, call, is_part):
    net = (
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        f"        {made.replace('L2', L2)}\n        self.e = Dense(4)\n    def call(self, x):\n        {call}\n"
        f"    def run(self, x):\n        return self.d(x)\n    def made(self):\n        return {L2}\nmodel = Net()"
    )
    assert ("KRG703" in said(net)) is is_part
    assert is_part or said(net) == []


@pytest.mark.parametrize(
    "again",
    ["Dense = lambda *_, **__: keras.layers.Dense(1)", "def Dense(*_, **__):\n    return keras.layers.Dense(1)"],
)
def test_a_layers_name_that_is_set_to_a_function_after_the_builder(again):
    builder = f"def build():\n    model = keras.Sequential()\n    model.add({L2})\n    return model\n"
    assert "KRG703" in said(f"{builder}model = build()")
    assert said(f"{builder}{again}\nmodel = build()") == []
