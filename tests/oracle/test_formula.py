import math

import pytest

from tests.oracle.formula import FormulaError, evaluate

pytest.importorskip("numpy")

WEIGHTS = {"kernel": [[1.0, -2.0], [3.0, -4.0]], "bias": [0.5, -0.5], "batch": 2}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0", 0.0),
        ("-1.5", -1.5),
        ("0.01 * sum(kernel**2)", 0.3),
        ("sum(abs(kernel)) + sum(abs(bias))", 11.0),
        ("sqrt(sum(kernel**2) - 5) / batch", 2.5),
    ],
)
def test_a_formula_has_a_value(formula, value):
    assert evaluate(formula, WEIGHTS) == pytest.approx(value, rel=1e-15)


def test_the_mean_cosine_is_that_of_each_pair_of_rows():
    rows = [[1.0, 0.0], [0.0, -2.0], [3.0, -3.0]]
    assert evaluate("mean_cosine(kernel)", {"kernel": rows}) == pytest.approx(2**0.5 / 3, rel=1e-15)


def test_a_single_row_has_no_cosine():
    assert math.isnan(evaluate("mean_cosine(kernel)", {"kernel": [[1.0, 2.0]]}))


def test_nan_is_a_formula():
    assert math.isnan(evaluate("nan", {}))


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "sum(kernel",
        "gamma",
        "kernel.size",
        "kernel[0]",
        "__import__('os')",
        "sum(kernel, 0)",
        "sum(kernel, axis=0)",
        "kernel()",
        "'a'",
        "True",
        "lambda: 1",
        "[1]",
        "1 if batch else 2",
    ],
)
def test_other_python_is_refused(formula):
    with pytest.raises(FormulaError):
        evaluate(formula, WEIGHTS)


def test_a_formula_gives_one_number():
    with pytest.raises(FormulaError, match=r"expected one number from 'kernel', received an array of shape \(2, 2\)"):
        evaluate("kernel", WEIGHTS)


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(
        FormulaError, match="no 'gamma' for the formula 'sum\\(gamma\\)': there are kernel, bias, batch"
    ):
        evaluate("sum(gamma)", WEIGHTS)
