from __future__ import annotations

import pytest

from kreglint.source.joined import Continuations, may_be_joined


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\ny = 2\n", {}),
        ("f(\n    1,\n)\n", {}),
        ('x = """a\nb\nc"""\ny = 2\n', {1: 3, 2: 3}),
        ("x = f'''a\n{y}\nc'''\n", {1: 3, 2: 3}),
        ("f('''a\nb''', '''c\nd''')\n", {1: 3, 2: 3}),
        ("x = 1 + \\\n    2\n", {1: 2}),
        ("x = 1 + \\\n    2 + \\\n    3\n", {1: 3, 2: 3}),
        ("x = 'a\\\nb'\n", {1: 2}),
        ("if x:\n    y = '''\n'''\n", {2: 3}),
        ("f(  # a\n    '''b\n''',\n)\n", {2: 3}),
        ("x = '''a\r\nb'''\r\n", {1: 2}),
        ("x = '''a\rb'''\r", {1: 2}),
        ("x = '''a\nb'''", {1: 2}),
    ],
)
def test_rows_are_joined_by_strings_and_backslashes(text, expected):
    assert Continuations(text).joined == expected


def test_what_follows_a_fault_is_not_known():
    assert Continuations("x = '''a\nb'''\ny = '''\n").joined == {1: 2}


@pytest.mark.parametrize(
    ("line", "may"), [('x = """', True), ("x = '''a'''", True), ("x = 1 \\\r\n", True), ("x", False)]
)
def test_a_line_tells_whether_it_is_worth_looking(line, may):
    assert may_be_joined(line) is may


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("f(a)\nx = [\n]\n", 1, set()),
        ("f(\n    a,\n)\n", 1, {3}),
        ("f(\n    a,\n)\n", 2, {3}),
        ("f(\n    a,\n)\n", 3, set()),
        ("m([\n    f(\n        a\n    ),\n    b,\n])\n", 3, {4, 6}),
        ("m([\n    f(\n        a\n    ),\n    b,\n])\n", 2, {4, 6}),
        ("m([\n    f(\n        a\n    ),\n    b,\n])\n", 5, {6}),
        ("f(\n    a\n)(\n    b\n)\n", 2, {3, 5}),
        ("f(\n    a\n) + \\\n  g(1) + \\\n  g(\n)\n", 2, {3, 5, 6}),
        ("f(\n    a\n) + '''\n''' + g(\n    b\n)\n", 2, {3, 4, 6}),
        ("if f(\n    a\n):\n    g(\n        b\n    )\n", 2, {3}),
        ("if f(\n    a\n):\n    g(\n        b\n    )\n", 5, {6}),
        ("f(\n    # )\n    ')', a,\n    '''\n)''',\n)\n", 3, {6}),
        ("f(\r\n    a\r\n)\r\n", 2, {3}),
    ],
)
def test_what_a_row_opens_or_stands_in_ends_on_later_rows_up_to_the_last_of_its_statement(text, row, expected):
    assert Continuations(text).last_rows(row) == expected
