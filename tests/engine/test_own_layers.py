"""Layers of the project's own: what rules say of them, and how the settings declare them."""

from __future__ import annotations

import pytest

from kreglint import check_source
from kreglint.settings.schema import Settings, SettingsError

WRAPPER = "from keras.layers import Dense\n\n\ndef block(x, **kwargs):\n    return Dense(4, **kwargs)(x)\n\n\n"
FOREIGN = "from my.nets import block\n\n"
INERT = "block(1, kernel_regularizer='L1L2')\n"


def codes(source: str, **layers: str) -> list[str]:
    settings = Settings(layers=tuple((path.replace("__", "."), name) for path, name in layers.items()))
    return [found.code for found in check_source(source, "nets.py", settings)]


def test_what_a_wrapper_is_given_is_judged_as_what_its_layer_is_given():
    assert codes(WRAPPER + INERT) == ["KRG302"]


def test_there_is_no_fix_that_would_leave_the_wrapper_to_its_own_default():
    (found,) = check_source(WRAPPER + "block(1, kernel_regularizer='')\n", "nets.py")
    assert found.fix is None or "Drop" not in found.fix.message


def test_what_another_package_does_with_it_is_not_known():
    assert codes(FOREIGN + INERT) == []


def test_unless_the_settings_say_so():
    assert codes(FOREIGN + INERT, my__nets__block="Conv2D") == ["KRG302"]


def test_a_layer_that_no_keras_has():
    with pytest.raises(SettingsError, match=r"expected the class name of a Keras layer for 'my.nets.block', received"):
        codes(FOREIGN + INERT, my__nets__block="Conv2")


def test_the_nearest_is_named():
    with pytest.raises(SettingsError, match=r'received the string "Conv2d"; did you mean "Conv2D"\?'):
        codes(FOREIGN + INERT, my__nets__block="Conv2d")
