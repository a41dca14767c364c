"""What statements set a name to, and what they add to a call's result."""

import pytest

from kreglint.analysis.keras.sums import added_for_training, added_to, only_value, terms_of, values_of
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.parse import parse
from kreglint.analysis.syntax.walk import descendants


def written(node: nodes.Node, text: str) -> str:
    return text[node.start : node.end]


def call_of(module: nodes.Module, name: str) -> nodes.Call:
    calls = [node for node in descendants(module) if isinstance(node, nodes.Call) and dotted(node.func) == name]
    return calls[0]


def test_the_terms_of_a_sum():
    text = "a + b(1) + c * 2 - d"
    [line] = parse(text).body
    expression = line.body[0].value
    assert [written(term, text) for term in terms_of(expression)] == ["a + b(1) + c * 2 - d"]
    assert [written(term, text) for term in terms_of(expression.left)] == ["a", "b(1)", "c * 2"]


def test_all_that_a_name_is_set_to():
    text = "x = 1\nx += 2\nx -= 3\nx, y = 4, 5\nz = 6"
    module = parse(text)
    assert [(written(value, text), added) for value, added in values_of("x", module)] == [
        ("1", False),
        ("2", True),
        ("3", False),
        ("4, 5", False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x = f()", "f()"), ("x = 1\nx = 2", None), ("x, y = 1, 2", None), ("x = 1\nx += 1", None), ("", None)],
)
def test_what_a_name_certainly_is(text, expected):
    found = only_value(nodes.Name(0, 1, "x"), parse(text))
    assert (written(found, text) if found is not None else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss = f() + a", ["f()", "a"]),
        ("loss = f()\nloss += a", ["f()", "a"]),
        ("loss = f()\nloss = loss + a", ["f()", "loss", "a"]),
        ("loss = f()\nloss = a", ["f()"]),
        ("loss = f()\nother = a + b", ["f()"]),
        ("loss = a - f()", []),
    ],
)
def test_what_is_added_to_a_call(text, expected):
    module = parse(text)
    assert [written(term, text) for term in added_to(call_of(module, "f"), module)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss = f()\ntotal = loss + a\ntape.gradient(total, v)", ["loss", "a"]),
        ("loss = f()\ntotal = loss + a", []),
        ("loss = f()\ntotal = loss + a\ntape.gradient(loss, v)", []),
        ("loss = f()\nloss = 1\ntotal = loss + a\ntape.gradient(total, v)", []),
        ("loss = f() * 2\ntotal = loss + a\ntape.gradient(total, v)", []),
        ("loss = f()\ntotal = loss\ntape.gradient(total, v)", []),
    ],
)
def test_what_is_added_to_a_call_under_a_name_that_is_trained(text, expected):
    module = parse(text)
    assert [written(term, text) for term in added_for_training(call_of(module, "f"), module)] == expected
