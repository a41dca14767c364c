"""What newer versions of Keras do with penalties: quantization, loops of RNNs, rematerialization, and Keras 3.16."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
import numpy as np
import keras
from keras import layers, regularizers
from keras.regularizers import L1, L2

"""
NEW = ("KRG622", "KRG623", "KRG624")


def codes(body: str, version: str = "3.15", select: tuple[str, ...] = NEW) -> list[str]:
    settings = Settings(select=select, keras_version=version)
    return [each.code for each in check_source(IMPORTS + body, "a.py", settings)]


def model(layer: str) -> str:
    return f"model = keras.Sequential([keras.Input((4,)), {layer}])\nmodel.compile('sgd', 'mse')\n"


DENSE = model("layers.Dense(8, kernel_regularizer='l2')")
FIT = "model.fit(x, y)\n"


class TestQuantized:
    @pytest.mark.parametrize(
        ("layer", "found"),
        [
            ("layers.Dense(8, kernel_regularizer='l2')", True),
            ("layers.EinsumDense('ab,bc->ac', 8, kernel_regularizer='l2')", True),
            ("layers.Embedding(8, 4, embeddings_regularizer='l2')", True),
            ("layers.Dense(8, bias_regularizer='l2')", False),
            ("layers.Dense(8, activity_regularizer='l2')", False),
            ("layers.Conv1D(8, 2, kernel_regularizer='l2')", False),
            ("layers.GRU(8, kernel_regularizer='l2')", False),
            ("layers.Dense(8, kernel_regularizer=None)", False),
        ],
    )
    def test_only_penalties_of_what_becomes_integers(self, layer, found):
        assert codes(model(layer) + "model.quantize('int8')\n" + FIT) == (["KRG622"] if found else [])

    @pytest.mark.parametrize(
        ("mode", "version", "found"),
        [
            ("int8", "3.0", False),
            ("int8", "3.5", True),
            ("int4", "3.5", False),
            ("int4", "3.13", True),
            ("ternary", "3.15", False),
            ("ternary", "3.16", True),
            ("float8", "3.15", False),
            ("int8", "2", False),
        ],
    )
    def test_by_mode_and_version(self, mode, version, found):
        assert codes(DENSE + f"model.quantize('{mode}')\n" + FIT, version) == (["KRG622"] if found else [])

    @pytest.mark.parametrize(
        "rest",
        [
            "model.quantize('int8')\nmodel.evaluate(x, y)\n",
            "model.fit(x, y)\nmodel.quantize('int8')\n",
            "model.quantize('int8')\nmodel.layers[0].enable_lora(4)\nmodel.fit(x, y)\n",
            "model.quantize('int8')\nmodel = make()\nmodel.fit(x, y)\n",
            "model.quantize('int8', filters=chosen)\nmodel.fit(x, y)\n",
            "model.quantize(mode)\nmodel.fit(x, y)\n",
            "if small:\n    model.quantize('int8')\nelse:\n    model.fit(x, y)\n",
        ],
    )
    def test_what_does_not_certainly_train_it_so(self, rest):
        assert codes(DENSE + rest) == []

    def test_a_mode_by_its_name_and_a_fit_in_a_function(self):
        rest = "MODE = 'int8'\nmodel.quantize(mode=MODE)\n\n\ndef train():\n    model.fit(x, y)\n"
        assert codes(DENSE + rest) == ["KRG622"]

    @pytest.mark.parametrize(
        ("dtype", "found"),
        [
            ("'int8_from_float32'", True),
            ("'int4_from_mixed_bfloat16'", True),
            ("'int4/32_from_float32'", True),
            ("keras.DTypePolicy('int8_from_float32')", True),
            ("keras.dtype_policies.QuantizedDTypePolicy('int8', 'float32')", True),
            ("'float8_from_float32'", False),
            ("'float16'", False),
            ("dtype", False),
        ],
    )
    def test_a_dtype(self, dtype, found):
        given = f"layers.Dense(4, kernel_regularizer='l2', dtype={dtype})\n"
        assert codes(given) == (["KRG622"] if found else [])

    def test_a_policy_of_the_file(self):
        set_before = "keras.config.set_dtype_policy('int8_from_float32')\n"
        assert codes(set_before + "layers.Dense(4, kernel_regularizer='l2')\n") == ["KRG622"]


CELL = """\
class Cell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units
        self.dense = layers.Dense(units, activity_regularizer='l2')

    def call(self, inputs, states):
        {}


"""
RUNS = "output = self.dense(inputs)\n        return output, [output]"


class TestInCells:
    @pytest.mark.parametrize("version", ["2", "2.15", "3.5", "3.15", "3.16"])
    @pytest.mark.parametrize("cell", ["GRUCell", "LSTMCell", "SimpleRNNCell"])
    def test_cells_of_keras(self, cell, version):
        assert codes(f"layers.RNN(layers.{cell}(4, activity_regularizer='l2'))\n", version) == ["KRG623"]

    @pytest.mark.parametrize(
        "call",
        [
            "layers.RNN(Cell(4))",
            "layers.RNN(cell=Cell(4), return_sequences=True, unroll=False)",
            "layers.RNN([layers.GRUCell(4), Cell(4)])",
            "layers.RNN(layers.StackedRNNCells([Cell(4)]))",
            "layers.Bidirectional(layers.RNN(Cell(4)))",
        ],
    )
    def test_a_cell_of_the_file(self, call):
        assert codes(CELL.format(RUNS) + f"cell = {call}\n") == ["KRG623"]

    @pytest.mark.parametrize(
        "call",
        ["layers.RNN(Cell(4), unroll=True)", "layers.RNN(Cell(4), unroll=short)", "layers.RNN(*cells)", "Cell(4)"],
    )
    def test_what_does_not_certainly_loop(self, call):
        assert codes(CELL.format(RUNS) + f"cell = {call}\n") == []

    def test_a_layer_that_the_cell_does_not_run(self):
        assert codes(CELL.format("return inputs, states") + "layers.RNN(Cell(4))\n") == []

    def test_another_backend_writes_the_steps_out(self):
        body = "import os\nos.environ['KERAS_BACKEND'] = 'torch'\n"
        text = body + IMPORTS + "layers.RNN(layers.GRUCell(4, activity_regularizer='l2'))\n"
        assert [each.code for each in check_source(text, "a.py", Settings(select=NEW))] == []


NET = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4, {}_regularizer='l2')

    def call(self, inputs):
        return self.dense(inputs)


"""


class TestRematerialized:
    @pytest.mark.parametrize(
        ("scope", "found"),
        [
            ("keras.RematScope()", True),
            ("keras.RematScope('full')", True),
            ("keras.remat.RematScope(mode='full')", True),
            ("keras.RematScope(mode='activations')", False),
            ("keras.RematScope(mode='larger_than', output_size_threshold=9)", False),
            ("keras.RematScope(mode=mode)", False),
            ("keras.RematScope(*given)", False),
            ("other()", False),
        ],
    )
    def test_by_the_scope(self, scope, found):
        body = NET.format("activity") + f"with {scope}:\n    net = Net()\n"
        assert codes(body) == (["KRG624"] if found else [])

    def test_a_penalty_of_weights_is_trained(self):
        assert codes(NET.format("kernel") + "with keras.RematScope():\n    net = Net()\n") == []

    def test_a_layer_of_keras_has_its_penalty_outside(self):
        assert codes("with keras.RematScope():\n    layers.Dense(4, activity_regularizer='l2')\n") == []


class TestKeras316:
    """It is not released, and judges only those who name it."""

    @pytest.mark.parametrize(
        ("factor", "before", "after"),
        [
            ("True", ["warning"], ["error"]),
            ("np.float32(0.1)", ["error"], []),
            ("np.int64(1)", ["error"], []),
            ("np.bool_(True)", ["error"], ["error"]),
            ("'0.1'", ["error"], ["error"]),
        ],
    )
    def test_which_factors_it_takes(self, factor, before, after):
        body = f"layers.Dense(4, kernel_regularizer=L2({factor}))\n"
        for version, expected in (("3.15", before), ("3.16", after), ("3.16.0.dev2026102704", after)):
            settings = Settings(select=("KRG203", "KRG204"), keras_version=version)
            found = check_source(IMPORTS + body, "a.py", settings)
            assert [each.severity.value for each in found] == expected, version

    @pytest.mark.parametrize(
        "layer", ["TernaryDense(4, kernel_regularizer='l3')", "GroupedQueryAttention(4, 2, 2, kernel_regularizer='l3')"]
    )
    def test_which_layers_are_new(self, layer):
        assert codes(f"layers.{layer}\n", "3.16", ("KRG101",)) == ["KRG101"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("lora_rank=1", True),
        ("lora_rank=2", False),
        ("lora_rank=None", False),
        ("lora_rank=rank", False),
    ],
)
@pytest.mark.parametrize("mode", ["rows", "columns"])
def test_orthogonal_factors_of_rank_1(given, found, mode):
    regularizer = f"regularizers.OrthogonalRegularizer(0.1, mode='{mode}')"
    body = f"layers.Dense(8, kernel_regularizer={regularizer}, {given})\n"
    assert codes(body, select=("KRG108",)) == (["KRG108"] if found else [])
