"""λ = nan is no number that can be compared: KRG203 says that Keras refuses it, and no rule calls it large or small."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

CODE = """\
from keras.layers import Dense
from keras.regularizers import L2

Dense(4, kernel_regularizer=L2(float("nan")))
"""


@pytest.mark.parametrize("version", [None, "2", "3"])
def test_it_is_refused_and_neither_negative_nor_above_the_maximum(version):
    found = check_source(CODE, "a.py", Settings(select=("ALL",), keras_version=version))
    assert [each.code for each in found] == ["KRG203"]


def test_it_is_nothing_to_a_keras_that_takes_it():
    assert check_source(CODE, "a.py", Settings(select=("KRG2",), keras_version="1")) == []
