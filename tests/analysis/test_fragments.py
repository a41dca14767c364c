"""Names that a piece of code about Keras leaves unbound, as tutorials do."""

from __future__ import annotations

import json

import pytest

from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.reading import facts

DENSE = "Dense(4, kernel_regularizer='l1_l2')\n"


def layer_of(source: str) -> str | None:
    (found,) = facts(source).layers
    return found.layer


class TestNamesOfKeras:
    @pytest.mark.parametrize(
        "callee",
        ["Dense", "layers.Dense", "keras.layers.Dense", "tf.keras.layers.Dense", "tensorflow.keras.layers.Dense"],
    )
    def test_a_layer(self, callee):
        assert layer_of(f"model.add({callee}(4, kernel_regularizer='l2'))\n") == "Dense"

    @pytest.mark.parametrize("call", ["regularizers.l2(0.1)", "keras.regularizers.l2(0.1)", "l2(0.1)", "L2(0.1)"])
    def test_a_regularizer(self, call):
        (found,) = facts(f"Dense(4, kernel_regularizer={call})\n").regularizer_calls
        assert found.value.symbol.canonical in ("keras.regularizers.l2", "keras.regularizers.L2")

    def test_a_factor_of_the_same_name_is_no_regularizer(self):
        (found,) = facts("Dense(4, kernel_regularizer=regularizers.l2(l2))\n").regularizer_calls
        assert found.value.symbol.canonical == "keras.regularizers.l2"

    def test_an_import_of_something_else_does_not_matter(self):
        assert layer_of(f"import numpy as np\n{DENSE}") == "Dense"

    @pytest.mark.parametrize("about", ["import torch\n", "from flax import linen as nn\n", "import lasagne\n"])
    def test_another_framework_has_layers_of_such_names(self, about):
        assert layer_of(about + DENSE) is None

    def test_another_framework_beside_keras_has_not(self):
        assert layer_of(f"import torch\nimport keras\n{DENSE}") == "Dense"


class TestNamesThatMayBeBound:
    @pytest.mark.parametrize(
        "before",
        [
            "from helpers import *\n",
            "from keras.regularizers import *\n",
            "from helpers import Dense\n",
            "exec(open('names.py').read())\n",
            "globals().update(names)\n",
            "get_ipython().run_line_magic('run', 'names.py')\n",
            "def bind():\n    global Dense\n    Dense = outside\n",
            "def build():\n    from keras.layers import Dense\n",
            "class Dense:\n    pass\n",
            "for Dense in outside: pass\n",
        ],
    )
    def test_they_are_not_taken_for_keras_own(self, before):
        assert layer_of(before + DENSE) is None

    def test_a_name_that_is_bound_later(self):
        assert layer_of(f"{DENSE}Dense = outside\n") is None

    def test_a_parameter(self):
        assert layer_of(f"def build(Dense):\n    {DENSE}") is None

    def test_what_no_keras_has(self):
        assert layer_of("Dense4(4, kernel_regularizer='l2')\n") is None

    def test_an_attribute_of_something_else(self):
        assert layer_of("nn.Dense(4, kernel_regularizer='l2')\n") is None

    def test_a_builtin(self):
        assert facts("print('keras')\n").layers == ()


class TestPieces:
    def test_a_block_of_a_tutorial_is_judged(self):
        block = f"# Keras\n```python\nmodel.add({DENSE.strip()})\n```\n"
        assert [found.code for found in check(block, "guide.md", Settings())] == ["KRG102"]

    def test_another_block_may_bind_the_name(self):
        block = f"```python\nfrom mine import Dense\n```\n```python\n{DENSE}```\n"
        assert check(block, "guide.md", Settings()) == []

    @pytest.mark.parametrize(
        ("magic", "codes"), [("%run names.ipynb", []), ("%pylab", []), ("!pip install x", ["KRG102"])]
    )
    def test_a_magic_may_bring_names(self, magic, codes):
        cells = [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
            for source in (magic, DENSE)
        ]
        notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
        assert [found.code for found in check(notebook, "guide.ipynb", Settings())] == codes
