"""Calls that are given a regularizer and hand it to no layer: told only where that is certain."""

import pytest

from kreglint.analysis.analyse import analyse

PRELUDE = (
    "import collections\nimport functools\nimport outside\nimport typing\nfrom dataclasses import dataclass\n"
    "from functools import partial\nfrom types import SimpleNamespace\n"
    "from keras import Model, layers, regularizers\nfrom keras.layers import Dense\nfrom keras.regularizers import l2\n"
)


def only_takes(code: str) -> bool:
    """What is said of the last call of a program."""
    last = max(analyse(PRELUDE + code).layers, key=lambda call: call.span.start)
    return last.only_takes


@pytest.mark.parametrize(
    "code",
    [
        "dict(kernel_regularizer=l2(0.1))\n",
        "print(kernel_regularizer=l2(0.1))\n",
        "partial(Dense, kernel_regularizer=l2(0.1))\n",
        "functools.partial(Dense, kernel_regularizer=l2(0.1))\n",
        "SimpleNamespace(kernel_regularizer=l2(0.1))\n",
        "Settings = collections.namedtuple('Settings', 'kernel_regularizer')\nSettings(kernel_regularizer=l2(0.1))\n",
        "Model(kernel_regularizer=l2(0.1))\n",
        "def show(kernel_regularizer):\n    print(kernel_regularizer)\n\n\nshow(kernel_regularizer=l2(0.1))\n",
        (
            "def show(kernel_regularizer=None):\n    print(regularizers.serialize(kernel_regularizer))\n"
            "    return Dense(4)\n\n\n"
            "show(kernel_regularizer=l2(0.1))\n"
        ),
        "def show(**given):\n    return sorted(given)\n\n\nshow(kernel_regularizer=l2(0.1))\n",
        "(lambda kernel_regularizer: 1)(kernel_regularizer=l2(0.1))\n",
        (
            "class Settings:\n    def __init__(self, kernel_regularizer=None):\n"
            "        self.kernel_regularizer = kernel_regularizer\n\n\nSettings(kernel_regularizer=l2(0.1))\n"
        ),
        (
            "class Settings(object):\n    def __init__(self, kernel_regularizer=None):\n"
            "        super(Settings, self).__init__()\n        self.regularizer = kernel_regularizer\n\n"
            "    def get_config(self):\n        return dict(kernel_regularizer=self.regularizer)\n\n\n"
            "Settings(kernel_regularizer=l2(0.1))\n"
        ),
        (
            "@dataclass\nclass Settings:\n    kernel_regularizer: object = None\n\n\n"
            "Settings(kernel_regularizer=l2(0.1))\n"
        ),
        (
            "class Settings(typing.NamedTuple):\n    kernel_regularizer: object = None\n\n\n"
            "Settings(kernel_regularizer=l2(0.1))\n"
        ),
    ],
)
def test_what_only_keeps_or_shows_it(code):
    assert only_takes(code)


@pytest.mark.parametrize(
    "code",
    [
        "outside.conv(kernel_regularizer=l2(0.1))\n",
        "unknown(kernel_regularizer=l2(0.1))\n",
        "from outside import dict\ndict(kernel_regularizer=l2(0.1))\n",
        "layers.Dropout(0.1, kernel_regularizer=l2(0.1))\n",
        (
            "def conv(kernel_regularizer=None):\n    return Dense(4, kernel_regularizer=kernel_regularizer)\n\n\n"
            "conv(kernel_regularizer=outside.regularizer)\n"
        ),
        (
            "def conv(kernel_regularizer=None):\n    chosen = kernel_regularizer or l2(0.1)\n"
            "    return outside.conv(chosen)\n\n\n"
            "conv(kernel_regularizer=None)\n"
        ),
        (
            "def conv(kernel_regularizer=None):\n    given = {}\n    given['kernel_regularizer'] = kernel_regularizer\n"
            "    return Dense(4, **given)\n\n\nconv(kernel_regularizer=None)\n"
        ),
        (
            "def conv(kernel_regularizer=None):\n    def given():\n        return kernel_regularizer\n\n"
            "    return Dense(4, kernel_regularizer=given())\n\n\nconv(kernel_regularizer=None)\n"
        ),
        (
            "def conv(kernel_regularizer=None):\n    for each in (kernel_regularizer, None):\n"
            "        Dense(4, kernel_regularizer=each)\n\n\nconv(kernel_regularizer=None)\n"
        ),
        (
            "def conv(kernel_regularizer=None):\n    match kernel_regularizer:\n        case each:\n"
            "            Dense(4, kernel_regularizer=each)\n\n\nconv(kernel_regularizer=None)\n"
        ),
        "def conv(**given):\n    return Dense(4, **given)\n\n\nconv(kernel_regularizer=None)\n",
        (
            "def conv(kernel_regularizer):\n    return partial(Dense, kernel_regularizer=kernel_regularizer)\n\n\n"
            "conv(kernel_regularizer=None)\n"
        ),
        (
            "def add(layer, kernel_regularizer):\n    setattr(layer, 'kernel_regularizer', kernel_regularizer)\n\n\n"
            "add(None, kernel_regularizer=None)\n"
        ),
        (
            "@outside.changed\ndef show(kernel_regularizer):\n    print(kernel_regularizer)\n\n\n"
            "show(kernel_regularizer=None)\n"
        ),
        (
            "class Block(layers.Layer):\n    def __init__(self, kernel_regularizer=None):\n"
            "        self.kernel_regularizer = kernel_regularizer\n\n\nBlock(kernel_regularizer=None)\n"
        ),
        "class Block(outside.Block):\n    kernel_regularizer = None\n\n\nBlock(kernel_regularizer=None)\n",
        (
            "class Builder:\n    def __init__(self, kernel_regularizer=None):\n"
            "        self.kept = kernel_regularizer\n\n"
            "    def build(self):\n        return Dense(4, kernel_regularizer=self.kept)\n\n\n"
            "Builder(kernel_regularizer=None)\n"
        ),
        (
            "class Base:\n    def build(self):\n        return Dense(4, kernel_regularizer=self.kept)\n\n\n"
            "class Builder(Base):\n    def __init__(self, kernel_regularizer=None):\n"
            "        self.kept = kernel_regularizer\n\n\n"
            "Builder(kernel_regularizer=None)\n"
        ),
    ],
)
def test_what_may_hand_it_on_to_a_layer(code):
    assert not only_takes(code)
