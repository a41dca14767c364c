"""Which versions of Keras a rule is asked for."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

LAMBDA = "{imports}\n{layers}.Dense(4, kernel_regularizer=lambda w: 0.1)\n"
INTEGER = "{imports}\n{layers}.Dense(4, kernel_regularizer={layers}.regularizers.L1(1))\n".replace(
    "{layers}.Dense", "{layers}.layers.Dense"
)


def messages(code: str, text: str, version: str | None = None) -> list[tuple[str, str]]:
    found = check_source(text, "model.py", Settings(select=(code,), keras_version=version))
    return [(each.severity.value, each.message.rpartition(": ")[2]) for each in found]


def test_a_file_of_one_major_is_judged_by_all_that_differ_in_it():
    text = INTEGER.format(imports="import keras\nfrom keras import ops", layers="keras")
    fails = "Keras 3.0 to 3.13 fails with InvalidArgumentError when losses are first read, on TensorFlow"
    assert messages("KRG209", text) == [("warning", fails)]


def test_a_file_of_one_major_is_judged_by_nothing_of_another():
    text = INTEGER.format(imports="import tf_keras", layers="tf_keras")
    assert messages("KRG209", text) == []


@pytest.mark.parametrize(("version", "expected"), [("3", []), ("3.15", []), ("2", [])])
def test_a_version_that_is_told_is_the_only_one(version, expected):
    text = INTEGER.format(imports="import keras", layers="keras")
    assert messages("KRG209", text, version) == expected


def test_what_a_file_of_keras_3_does_differs_by_version():
    text = LAMBDA.format(imports="from keras import ops, layers", layers="layers")
    [(severity, message)] = messages("KRG107", text)
    assert severity == "warning"
    assert message.startswith("Keras 3.1 to 3.14 raises ValueError")
    assert "Keras 2" not in message


BOOL = "{imports}\nlayers.Dense(4, kernel_regularizer=regularizers.L2(True))\n"
REFUSED = ("error", "Keras from 3.16 raises ValueError when the regularizer is constructed")


@pytest.mark.parametrize("version", ["3.16", "3.16.0", "3.16.0.dev2026102704", "3.17"])
def test_a_version_to_come_judges_those_who_name_it(version):
    text = BOOL.format(imports="from keras import layers, regularizers")
    assert messages("KRG204", text, version) == [REFUSED]


@pytest.mark.parametrize(
    ("imports", "version", "message"),
    [
        ("from keras import layers, regularizers", None, "Keras counts it as 1"),
        ("from keras import layers, ops, regularizers", None, "Keras 3 counts it as 1"),
        ("from keras import layers, regularizers", "3", "Keras 3 counts it as 1"),
        ("from keras import layers, regularizers", "3.15", "Keras 3 counts it as 1"),
    ],
)
def test_a_version_to_come_judges_nobody_else(imports, version, message):
    assert messages("KRG204", BOOL.format(imports=imports), version) == [("warning", message)]
