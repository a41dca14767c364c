"""A digit where a name has a letter: the refusal names what is meant."""

import pytest

from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.parse import parse


def refusal(text: str) -> tuple[int, int, str]:
    with pytest.raises(UnparsableError) as caught:
        parse(text)
    return caught.value.row, caught.value.column, caught.value.reason


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("regularizers.12(0.1)", "regularizers.l2"),
        ("regularizers.11(0.1)", "regularizers.l1"),
        ("R.11_12(0.1, 0.2)", "R.l1_l2"),
        ("keras.regularizers.12", "regularizers.l2"),
    ],
)
def test_an_attribute(written, meant):
    name, _, number = written.partition("(")[0].rpartition(".")
    text = f"x = 1\nlayer = Dense(4, kernel_regularizer={written})\n"
    row, column, reason = refusal(text)
    last = name.rpartition(".")[2]
    assert (row, text.splitlines()[1][column - 1 :].startswith(last)) == (2, True)
    assert reason == f"'{last}.{number}' is a number, not a name; did you mean '{meant}'?"


def test_a_call_of_several_rows():
    text = "model.add(\n    Dense(\n        4,\n        kernel_regularizer=regularizers.12(1e-4),\n    )\n)\n"
    assert refusal(text)[0] == 4


def test_an_import():
    assert refusal("from keras.regularizers import 12\n")[2] == "'12' is a number, not a name; did you mean 'l2'?"


@pytest.mark.parametrize(
    "text",
    ["x = (\n", "x = y.13(2)\n", "x = [1 .12\n", "# regularizers.12(0.1)\nx = (\n", 's = "regularizers.12(0.1)\n'],
)
def test_anything_else_keeps_the_words_of_python(text):
    assert "did you mean" not in refusal(text)[2]


def test_a_number_that_is_one():
    parse("x = y, .12\nz = 1.12\n")
