"""Programs that would be dear to work out: they cost nothing, and what they give is not known."""

from __future__ import annotations

import pytest

from tests.analysis.reading import Because, given

DATACLASS_OF_ITSELF = """
import dataclasses as d
@d.dataclass
class A:
    x: float = d.field(default_factory=lambda: A().x)
w = A().x
"""
USE = "Dense(4, kernel_regularizer=w)\n"


@pytest.mark.parametrize(
    "expression",
    [
        "10 ** 10 ** 10",
        "2.0 ** 1e300",
        "'a' * 10 ** 10",
        "(1,) * 10 ** 10",
        "1 << 10 ** 10",
        "round(0.123, 10 ** 10)",
        "round(5, -10 ** 9)",
        "pow(10, 10 ** 10)",
        "pow(10.0, 10 ** 10)",
        "sum([0.1] * 10 ** 9)",
        "list(range(10 ** 12))[1]",
        "'%1000000000d' % 5",
        "(lambda f: f(f))(lambda f: f(f))",
        "f'{10 ** 10 ** 10}'",
    ],
)
def test_one_expression(expression):
    assert isinstance(given(f"w = {expression}\n{USE}"), Because)


@pytest.mark.parametrize(
    ("first", "step", "last"),
    [
        ("(0.1,)", "x + x", "x[0]"),
        ("(0.1,)", "(*x, *x)", "x[0]"),
        ("(0.1, 0.2)", "tuple(zip(x, x))", "x[0]"),
        ("0.1", "(x, x)", "x" + "[0]" * 60),
        ("{'a': 0.1}", "{'a': x, 'b': x}", "x" + "['a']" * 61),
        ("'l2'", "x + x", "x"),
        ("'l2'", "'%s%s' % (x, x)", "x"),
        ("'l2'", "f'{x}{x}'", "x"),
    ],
)
def test_what_doubles_with_every_line(first, step, last):
    assert isinstance(given(f"x = {first}\n" + f"x = {step}\n" * 60 + f"w = {last}\n{USE}"), Because)


@pytest.mark.parametrize(
    "body",
    [
        "def f(x):\n    return f(x)\nw = f(0.1)\n",
        "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nw = f(0.1)\n",
        "def f(n):\n    return f(n - 1) + f(n - 2) if n > 1 else 0.1\nw = f(30)\n",
        "class A(B):\n    pass\nclass B(A):\n    pass\nw = A().x\n",
        DATACLASS_OF_ITSELF,
        "f = g\ng = f\nw = f(0.1)\n",
    ],
)
def test_what_leads_back_to_itself(body):
    assert isinstance(given(body + USE), Because)


@pytest.mark.parametrize("operator", [" + ", " and ", " < ", " if x else "])
def test_a_thousand_operators(operator):
    given(f"w = {operator.join(['0.001'] * 1000)}\n{USE}")
