"""Conditions that are known: what they rule out where branches meet."""

from __future__ import annotations

import pytest

from tests.analysis.reading import Because, Default, OneOfThese, given, layers, of_l2, plain

USE = "Dense(4, kernel_regularizer=w)\n"


def ways(condition: str, head: str = "") -> object:
    """What is known after `w = 0.1 if condition else 0.2`, written as a statement."""
    return given(f"{head}\nif {condition}:\n    w = 0.1\nelse:\n    w = 0.2\n{USE}")


@pytest.mark.parametrize(
    "condition",
    [
        "True",
        "not False",
        "1 == 1",
        "'l2' == 'l2'",
        "1 < 2 < 3",
        "None is None",
        "'a' in ('a', 'b')",
        "'a' in ['a', 'b']",
        "'a' in {'a': outside.x}",
        "'c' not in {'a': 1}",
        "'2' in 'l2'",
        "isinstance(0.1, float)",
        "isinstance(True, int)",
        "isinstance('a', (float, str))",
        "isinstance({}, dict)",
        "not isinstance(l2(0.1), str)",
        "callable(l2(0.1))",
        "not callable(0.1)",
        "True and 'a'",
        "(outside.x, 1)",
    ],
)
def test_only_what_holds_is_left(condition):
    assert ways(condition) == 0.1
    assert ways(f"not ({condition})") == 0.2


@pytest.mark.parametrize(
    "condition",
    [
        "outside.x",
        "1 < outside.x < 2",
        "'a' in outside.x",
        "outside.x in ('a',)",
        "'a' in ('b', outside.x)",
        "isinstance(outside.x, float)",
        "isinstance(0.1, outside.T)",
        "callable(outside.x)",
    ],
)
def test_what_may_hold_leaves_both(condition):
    assert ways(condition) == OneOfThese([0.1, 0.2])


def test_a_flag_of_the_module():
    assert ways("USE", "USE = True") == 0.1


def test_a_flag_is_read_when_the_condition_is():
    body = "flag = True\nif flag:\n    flag, w = False, 0.1\nelse:\n    w = 0.2\n"
    assert given(body + USE) == 0.1


def test_a_flag_that_a_loop_changes():
    body = "first = True\nw = 0.3\nfor _ in outside.x:\n    if first:\n        w = 0.1\n        first = False\n"
    assert given(body + USE) == OneOfThese([0.3, 0.1])


def test_the_third_way():
    body = "kind = 'c'\nif kind == 'a':\n    w = 0.1\nelif kind == 'b':\n    w = 0.2\nelif kind == 'c':\n    w = 0.3\n"
    assert given(body + USE) == 0.3


def test_what_was_before_stays_where_nothing_is_taken():
    assert given("w = 0.1\nif False:\n    w = 0.2\nelif 0:\n    w = 0.3\n" + USE) == 0.1


def test_conditions_within_conditions():
    body = "w = 0.4\nif outside.x:\n    if True:\n        w = 0.1\n    else:\n        w = 0.2\n"
    assert given(body + USE) == OneOfThese([0.4, 0.1])


def test_a_way_that_leaves_is_none():
    body = "def f():\n    w = 0.1\n    if True:\n        w = 0.2\n    else:\n        return\n    " + USE
    assert given(body) == 0.2


def test_a_default_decides_no_more_surely_than_a_default():
    assert given("def f(w=None):\n    if w is None:\n        w = l2(0.1)\n    " + USE) == Default(of_l2(0.1))


def test_a_value_that_the_condition_has_nothing_to_do_with_stays_sure():
    assert given("def f(p=None):\n    w = 0.1\n    if p is None:\n        pass\n    " + USE) == 0.1


def test_each_call_of_a_helper_has_its_own_condition():
    body = "def f(p):\n    if p > 1:\n        p = 0.1\n    return p\nw = f(2), f(0.5)\nw = w[0] + w[1]\n"
    assert given(body + USE) == 0.6


class TestKeys:
    def test_a_key_that_is_there(self):
        assert given("d = {'w': 0.1}\nw = 0.2\nif 'w' in d:\n    w = d['w']\n" + USE) == 0.1

    def test_a_key_that_callers_may_pass(self):
        body = "def f(**kw):\n    if 'w' not in kw:\n        kw['w'] = 0.1\n    Dense(4, kernel_regularizer=kw['w'])\n"
        assert given(body) == Default(0.1)

    def test_what_a_call_passes(self):
        body = (
            "def f(**kw):\n    if 'reg' in kw:\n        kw['kernel_regularizer'] = l2(kw.pop('reg'))\n"
            "    return kw\nDense(4, **f(reg=0.1))\n"
        )
        assert given(body) == of_l2(0.1)

    def test_of_a_dict_that_may_have_changed(self):
        body = "d = {'w': 0.1}\noutside.f(d)\nw = 0.2\nif 'w' in d:\n    w = 0.3\n" + USE
        assert given(body) == OneOfThese([0.2, 0.3])


def test_a_long_chain_of_conditions_ends():
    lines = [f"if a{n}:\n    if b{n}:\n        w = {n}\n    else:\n        v = {n}\n" for n in range(300)]
    assert isinstance(given("w = 0.1\n" + "".join(lines) + USE), Because)


def test_a_condition_on_itself_ends():
    body = "w = 0.1\nfor _ in outside.x:\n    if w:\n        w = w\n    else:\n        w = 0.2\n" + USE
    (layer,) = layers(body)
    assert isinstance(plain(layer.arguments[1].value), (Because, OneOfThese, float))
