"""The statements of more than one row."""

import pytest

from kreglint.analysis.semantic.program import read_program
from kreglint.analysis.semantic.statements import long_statements


def found(source: str) -> list[str]:
    return sorted(source[span.start : span.end] for span in long_statements(read_program(source, "<string>")))


def test_a_statement_of_one_row_is_none():
    assert found("x = f(1)\nif x:\n    g()\n") == []


@pytest.mark.parametrize("source", ["x = f(\n    1)", "f(\n)", "del (\n    x)", "from a import (\n    b)"])
def test_a_simple_statement(source):
    assert found(source) == [source]


def test_each_of_those_on_one_row():
    assert found("x = 1; f(\n    2)\n") == ["f(\n    2)"]


def test_the_carriage_return_of_an_old_file():
    assert found("f(\r    1)\r") == ["f(\r    1)"]


@pytest.mark.parametrize(
    "head",
    [
        "def f(\n    a,\n)",
        "class A(\n    B,\n)",
        "if (\n    a\n)",
        "while (\n    a\n)",
        "for a in (\n    b\n)",
        "with (\n    a\n)",
    ],
)
def test_of_one_with_a_block_what_stands_before_it(head):
    (statement,) = found(f"{head}:\n    g()\n    h()\n")
    assert statement.startswith(head)
    assert "g()" not in statement


def test_one_within_a_block():
    assert found("def f():\n    if a:\n        g(\n            1)\n") == ["g(\n            1)"]
