"""Parameters for a λ or a regularizer that count: read somewhere, refused, or asked for by whoever calls the function.

KRG307, KRG308 and KRG309 say nothing of them, in whichever way the parameter is named.
"""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

CODES = ("KRG307", "KRG308", "KRG309")
IMPORTS = """\
import logging
import sys
import warnings

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, regularizers
from tensorflow.keras.layers import Dense
from tensorflow.keras.regularizers import l2

"""
LAYER = """\
class Gate(layers.Layer):
    def __init__(self, units, {name}=None, **kwargs):
        super().__init__(**kwargs)
        {row}
        self.units = units

    def build(self, shape):
        self.gate = self.add_weight(name="gate", shape=(self.units,))

    def call(self, x):
        return x * self.gate


"""
KEPT = "self.kept = {name}"
ALL = ("l2_reg", "activity_regularizer", "gate_regularizer")


def layer(name: str, row: str = KEPT) -> str:
    return LAYER.format(name=name, row=row.format(name=name).replace("\n", "\n        "))


def codes(body: str) -> list[str]:
    return [each.code for each in check_source(IMPORTS + body, "net.py", Settings(select=CODES))]


class TestRefused:
    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize(
        "row",
        [
            "if {name} is not None:\n    raise ValueError('not supported')",
            "if {name}:\n    raise ValueError",
            "if units > 4 and {name} is not None:\n    raise ValueError",
            "if not ({name} is None or units > 4):\n    raise ValueError",
            "if {name} != 0:\n    raise ValueError",
            "if 0 < {name}:\n    raise ValueError",
            "assert {name} is None",
            "assert not {name}, 'not supported'",
            "assert {name} in (None, 0)",
            "warnings.warn(f'{name}={{{name}}} is ignored')",
            "logging.warning('%s is ignored', {name})",
        ],
    )
    def test_a_value_that_is_given(self, name, row):
        assert codes(layer(name, row)) == []

    @pytest.mark.parametrize(
        "row",
        [
            "if l2_reg < 0:\n    raise ValueError",
            "if l2_reg is None:\n    raise ValueError",
            "if not l2_reg:\n    raise ValueError",
            "if l2_reg < 0 or units < 0:\n    raise ValueError",
            "if not 0 <= l2_reg <= 1:\n    raise ValueError",
            "assert l2_reg >= 0, l2_reg",
            "assert l2_reg is not None and units > 0",
        ],
    )
    def test_a_value_that_is_only_checked(self, row):
        assert codes(layer("l2_reg", row)) == ["KRG308"]

    @pytest.mark.parametrize("name", ["l2_reg", "kernel_regularizer"])
    @pytest.mark.parametrize("test", ["if {name}:\n        raise ValueError", "assert {name} is None"])
    def test_by_a_function(self, name, test):
        rows = test.format(name=name)
        assert codes(f"def net(units, {name}=None):\n    {rows}\n    return Dense(units)\n\n\nnet(4)\n") == []
