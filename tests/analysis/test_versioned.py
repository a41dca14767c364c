"""Code behind a question for the version of Keras or TensorFlow."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

FAULT = "layers.Dense(4, kernel_regularizer='l3')"


def codes(text: str) -> list[str]:
    imports = "import keras\nimport tensorflow as tf\nfrom keras import layers\n"
    return [found.code for found in check_source(imports + text, "nets.py", Settings(keras_version="3"))]


@pytest.mark.parametrize(
    "guard",
    [
        "if keras.__version__.startswith('1'):",
        "if tf.__version__ < '2':",
        "KERAS_2 = True\nif KERAS_2:",
        "old = int(keras.__version__[0]) < 2\nif old:",
        "if not tf.VERSION:",
    ],
)
def test_a_fault_behind_it_is_left_alone(guard):
    assert codes(f"{guard}\n    {FAULT}\n") == []


def test_so_is_the_other_branch():
    assert codes(f"if keras.__version__ > '2':\n    pass\nelse:\n    {FAULT}\n") == []


def test_so_is_a_function_defined_there():
    assert codes(f"if keras.__version__ > '2':\n    def build():\n        return {FAULT}\n") == []


@pytest.mark.parametrize("guard", ["if keras.utils:", "version = 3\nif version > 2:", "if tf.config:"])
def test_any_other_question_changes_nothing(guard):
    assert codes(f"{guard}\n    {FAULT}\n") == ["KRG101"]


def test_what_follows_is_judged_again():
    assert codes(f"if keras.__version__ > '2':\n    pass\n{FAULT}\n") == ["KRG101"]
