import ast

import pytest

from tests.oracle.example import is_import, parsed, run


def turned(text):
    return [ast.unparse(statement) for statement in parsed(text, "tf_keras")]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("import keras", "import tf_keras as keras"),
        ("import keras as K", "import tf_keras as K"),
        ("import keras.layers", "import tf_keras.layers, tf_keras as keras"),
        ("import keras.layers as KL, os", "import tf_keras.layers as KL, os"),
        ("from keras import layers", "from tf_keras import layers"),
        ("from keras.layers import *", "from tf_keras.layers import *"),
        ("def f():\n    from keras import layers", "def f():\n    from tf_keras import layers"),
    ],
)
def test_an_import_of_keras_names_the_package(line, read):
    assert turned(line) == [read]


@pytest.mark.parametrize(
    "line",
    [
        "import keras_tuner",
        "from keras_hub.models import Backbone",
        "from tensorflow.keras import layers",
        "from .keras import layers",
        "from . import keras",
        "print('import keras')",
        "keras.layers.Dense(4)",
    ],
)
def test_everything_else_stays_as_it_is(line):
    assert turned(line) == [line]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import keras", True),
        ("from keras import layers", True),
        ("try:\n    import keras\nexcept ImportError:\n    pass", True),
        ("try:\n    f()\nexcept ImportError:\n    pass", False),
        ("f()", False),
    ],
)
def test_an_import_line_is_told_from_other_lines(text, told):
    assert is_import(ast.parse(text).body[0]) is told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1 + 1", [2]),
        ("x = 3", [3]),
        ("x, y = 3, 4", [3, 4]),
        ("x: int = 5", [5]),
        ("if True:\n    x = 6", [6]),
        ("def f():\n    x = 7", []),
        ("class C:\n    x = 8", []),
        ("pass", []),
    ],
)
def test_a_statement_shows_its_value_or_what_it_assigns(text, values):
    assert run(ast.parse(text).body[0], {}) == values
