from __future__ import annotations

import pytest

from kreglint.source.joined import joined_rows, may_be_joined


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
    assert joined_rows(text) == expected


def test_what_follows_a_fault_is_not_known():
    assert joined_rows("x = '''a\nb'''\ny = '''\n") == {1: 2}


@pytest.mark.parametrize(
    ("line", "may"), [('x = """', True), ("x = '''a'''", True), ("x = 1 \\\r\n", True), ("x", False)]
)
def test_a_line_tells_whether_it_is_worth_looking(line, may):
    assert may_be_joined(line) is may
