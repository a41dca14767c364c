"""`lazy import` and `lazy from … import` of Python 3.15 bind as imports do, whatever Python runs kreglint."""

import pytest

from kreglint.engine.api import check_source, fix_source
from kreglint.engine.check import check
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

SETTINGS = Settings(keras_version="3")


@pytest.mark.parametrize(
    ("imports", "layer"),
    [
        ("lazy import keras", "keras.layers.Dense"),
        ("lazy import keras as k", "k.layers.Dense"),
        ("lazy import keras.layers as kl", "kl.Dense"),
        ("lazy from keras import layers", "layers.Dense"),
        ("lazy from keras.layers import Dense as D", "D"),
        ("lazy from keras.layers import (\n    Conv2D,\n    Dense,\n)", "Dense"),
        ("x = 1; lazy from keras.layers import Dense", "Dense"),
    ],
)
def test_a_name_that_one_binds_is_known(imports, layer):
    [found] = check_source(f'{imports}\n{layer}(4, kernel_regularizer="L1L2")\n', "a.py", SETTINGS)
    assert found.code == "KRG302"


def test_a_name_that_one_binds_is_no_other():
    text = 'lazy from mine import Dense\nimport keras\nDense(4, kernel_regularizer="L1L2")\n'
    assert check_source(text, "a.py", SETTINGS) == []


def test_another_file_is_followed(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "nets.py").write_text('REG = {"kernel_regularizer": "ridge"}\n', "utf-8")
    text = "from keras.layers import Dense\nlazy from nets import REG\nDense(4, **REG)\n"
    [found] = check(text, str(tmp_path / "main.py"), SETTINGS, Run())
    assert found.code == "KRG101"


def test_a_fix_stands_beside_one():
    text = "lazy from keras import layers\nlayers.Dense(4, W_regularizer='l2')\n"
    fixed, _ = fix_source(text, "a.py", Settings())
    assert fixed == text.replace("W_reg", "kernel_reg")
