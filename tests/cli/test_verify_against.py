"""What `verify --against` reads of the source, and what it makes of real models."""

import json
import sys
from importlib.util import find_spec

import pytest

from kreglint.cli.main import main
from kreglint.cli.verify import _inventory

SOURCE = """\
from tensorflow.keras.layers import DepthwiseConv2D
DepthwiseConv2D(3, kernel_regularizer="l2")
"""


@pytest.mark.parametrize(("keras", "effect"), [("2.21.0", "ignored"), ("2.15.0", "ignored"), ("3.15.1", "rejected")])
def test_the_source_is_read_for_the_keras_that_the_model_has(tmp_path, keras, effect):
    """Keras 2 takes this argument, and ignores it; Keras 3 raises."""
    (tmp_path / "nets.py").write_text(SOURCE, encoding="utf-8")
    (entry,) = _inventory(str(tmp_path / "nets.py"), keras)
    assert [(each.kind, each.effect) for each in entry.regularizers] == [("L2", effect)]


def test_a_keras_that_no_catalog_knows_is_read_as_the_project_says(tmp_path):
    (tmp_path / "nets.py").write_text(SOURCE, encoding="utf-8")
    assert len(_inventory(str(tmp_path), "4.0.0")) == 1


MODEL = """\
import keras
from keras.layers import LSTM, Bidirectional, Dense, Input


def compiled(*layers, shape=(4,)):
    model = keras.Sequential([Input(shape), *layers])
    model.compile("sgd", "mse")
    return model


def one_line():
    a = Dense(4, kernel_regularizer="l2"); b = Dense(4, kernel_regularizer="l1")
    return compiled(a, b)


def one_list():
    return compiled(*[Dense(4, kernel_regularizer="l2"), Dense(4), Dense(4, kernel_regularizer="l1")])


def comprehension():
    return compiled(*[Dense(4, kernel_regularizer=each) for each in ("l2", "l1", None)])


def loop():
    layers = []
    for each in ("l2", "l1"):
        layers.append(Dense(4, kernel_regularizer=each))
    return compiled(*layers)


def wrapped():
    layers = [Bidirectional(LSTM(3, kernel_regularizer="l2", return_sequences=True)), Bidirectional(LSTM(3))]
    return compiled(*layers, shape=(5, 4))


def changed():
    a = Dense(4, kernel_regularizer="l2"); b = Dense(4, kernel_regularizer="l1")
    b.kernel_regularizer = keras.regularizers.L1(0.5)
    model = compiled(a, b)
    return model
"""


@pytest.mark.oracle
@pytest.mark.skipif(find_spec("keras") is None, reason="no Keras (extra: oracle)")
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("one_line", []),
        ("one_list", []),
        ("comprehension", []),
        ("loop", []),
        ("wrapped", []),
        ("changed", ["KRG809"] if sys.version_info >= (3, 11) else []),
    ],
)
def test_each_layer_is_held_against_the_call_that_made_it(tmp_path, monkeypatch, capsys, name, codes):
    """Without columns, before Python 3.11, a line of several calls is certain only where one of them agrees."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets.py").write_text(MODEL, encoding="utf-8")
    code = main(["verify", f"nets.py:{name}", "--against", "nets.py", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in found["findings"] if each["severity"] != "info"] == codes
    assert code == int(bool(codes))
