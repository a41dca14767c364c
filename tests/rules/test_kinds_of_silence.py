"""What a program does later, elsewhere or in an order that is not known leaves the rules silent."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

import pytest

from kreglint.cli.main import main

_BUILT = """
import keras
from keras import layers, regularizers

model = keras.Sequential([keras.Input((3,)), layers.Dense(3)])
"""
_OWN = """
from keras import layers, ops, regularizers


class Own(regularizers.Regularizer):
    {}

    def __call__(self, weights):
        return self.rate * ops.sum(weights)

    def get_config(self):
        return {{}}


layers.Dense(3, kernel_regularizer=Own())
"""
_LAYER = """
from keras import layers


class Own(layers.Layer):
    def __init__(self, units, activity_regularizer=None):
        super().__init__(activity_regularizer=activity_regularizer)
{}

    def call(self, inputs):
        return {}

    def embed(self, inputs):
        return self.dense(inputs)
"""
_GIVEN = "        self.dense = layers.Dense(units, activity_regularizer=activity_regularizer)"
_ASKED = """\
        if activity_regularizer is None:
            self.dense = layers.Dense(units, activity_regularizer=activity_regularizer)
        else:
            self.dense = layers.Dense(units)"""


def _codes(path: Path, code: str, capsys: pytest.CaptureFixture[str]) -> bool:
    main(["check", "--isolated", "--select", code, str(path)])
    return code in capsys.readouterr().out


def _fires(text: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> bool:
    path = tmp_path / "program.py"
    path.write_text(dedent(text), encoding="utf-8")
    return _codes(path, code, capsys)


@pytest.mark.parametrize(
    ("code", "loud", "silent"),
    [
        (
            "KRG305",
            _BUILT + "model.layers[0].kernel_regularizer = regularizers.L2(0.1)\n",
            [
                _BUILT
                + "model.layers[0].kernel_regularizer = regularizers.L2(0.1)\n"
                + "again = layers.deserialize(layers.serialize(model))\n",
                _BUILT + "old = model.layers[0].kernel_regularizer\n" + "model.layers[0].kernel_regularizer = old\n",
            ],
        ),
        (
            "KRG111",
            _OWN.format("scale = 0.1"),
            [
                _OWN.format("for name in ('rate', 'scale'):\n        locals()[name] = 0.1"),
                _OWN.format("exec('rate = 0.1')"),
            ],
        ),
        (
            "KRG103",
            (
                "from keras import layers, regularizers\n"
                "layers.Dense(3, kernel_regularizer=regularizers.L1(0.1) + regularizers.L2(0.1))\n"
            ),
            [
                (
                    "from keras import layers, regularizers\n"
                    "regularizers.Regularizer.__add__ = lambda one, other: other\n"
                    "layers.Dense(3, kernel_regularizer=regularizers.L1(0.1) + regularizers.L2(0.1))\n"
                )
            ],
        ),
        (
            "KRG619",
            _LAYER.format(_GIVEN, "self.dense(inputs)"),
            [_LAYER.format(_ASKED, "self.dense(inputs)"), _LAYER.format(_GIVEN, "inputs")],
        ),
        (
            "KRG619",
            _LAYER.format(_GIVEN, "self.embed(inputs)"),
            [],
        ),
        (
            "KRG313",
            "from keras import regularizers\nreg = regularizers.L2(0.1)\nreg.l2 = -0.1\n",
            [
                "from keras import regularizers\nreg = regularizers.L2(0.1)\nreg.l2 = None\nreg.l2 = reg.l2 or 0.1\n",
                "from keras import regularizers\nreg = regularizers.L2(0.1)\nreg.l2 = -0.1; reg.l2 = 0.1\n",
            ],
        ),
    ],
)
def test_one_program_is_reported_and_others_of_its_kind_are_not(
    code: str, loud: str, silent: Iterable[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _fires(loud, code, tmp_path, capsys)
    assert not [text for text in silent if _fires(text, code, tmp_path, capsys)]


_PATCHED = "import keras\n\n\nclass Foo(keras.regularizers.Regularizer):\n    pass\n\n\nkeras.regularizers.Foo = Foo\n"
_USES_PATCHED = "import {}\nimport keras\n\nkeras.layers.Dense(3, kernel_regularizer=keras.regularizers.Foo())\n"
_REG = """
from keras import layers, ops, regularizers


class Own(regularizers.Regularizer):
    def __call__(self, weights):
        return {} * ops.sum(weights)

    def get_config(self):
        return {{}}


def dense(units):
    return layers.Dense(units, kernel_regularizer=Own())
"""
_COPIES = """
import keras
import setup
from reg import Own

keras.layers.Bidirectional(keras.layers.LSTM(3, kernel_regularizer=Own()))
"""


@pytest.mark.parametrize(
    ("code", "files", "plain"),
    [
        ("KRG109", {"main.py": _USES_PATCHED.format("patch"), "patch.py": _PATCHED}, {"patch.py": "import keras\n"}),
        (
            "KRG621",
            {
                "main.py": _COPIES,
                "reg.py": _REG.format("0.1"),
                "setup.py": "import keras\nfrom reg import Own\n\nkeras.saving.get_custom_objects()['Own'] = Own\n",
            },
            {"setup.py": "import keras\n"},
        ),
        (
            "KRG111",
            {"main.py": "from reg import Own, dense\n\nOwn.rate = 0.1\ndense(3)\n", "reg.py": _REG.format("self.rate")},
            {"main.py": "from reg import Own, dense\n\ndense(3)\n"},
        ),
    ],
)
def test_another_file_of_the_project_may_do_what_is_missing(
    code: str, files: dict[str, str], plain: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert not _codes(tmp_path, code, capsys)
    for name, text in plain.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert _codes(tmp_path, code, capsys)


_NET = """
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2, activity_regularizer="l2")

    def call(self, inputs):{}return self.dense(inputs)


with keras.RematScope():
    model = Net()
"""


@pytest.mark.parametrize("blank", [" ", "\n        "])
def test_a_method_on_one_line_is_read_as_on_two(blank: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _fires(_NET.format(blank), "KRG624", tmp_path, capsys)


_CELL = """
import keras
from keras import layers

layer = layers.RNN(layers.GRUCell(2, activity_regularizer="l2"))
"""


@pytest.mark.parametrize(
    "more",
    [
        "import tensorflow as tf\ntf.config.run_functions_eagerly(True)\n",
        "model = keras.Sequential([layer])\nmodel.run_eagerly = True\n",
        "config = layer.get_config()\nconfig['unroll'] = True\nlayer = layers.RNN.from_config(config)\n",
        "setattr(layer, 'unroll', True)\n",
    ],
)
def test_a_cell_that_may_run_outside_of_a_loop_is_left_alone(
    more: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _fires(_CELL, "KRG623", tmp_path, capsys)
    assert not _fires(_CELL + more, "KRG623", tmp_path, capsys)
