"""How a call or an import is written: each part with its comma, and the comments and line ends around it."""

import subprocess
import sys

import pytest

from kreglint.analysis.syntax.writing.read import written_call, written_import
from kreglint.diagnostics import Span

CALL = "Dense(4, gone=l2(0.0))"


def call_in(text, call=CALL):
    start = text.index(call)
    return written_call(text, Span(start, start + len(call)))


def shown(text, item):
    """An item and its comma as they stand in the text."""
    return text[item.place.start : item.place.end], item.comma and text[item.comma.start : item.comma.end]


def comments(text, gap):
    return [text[comment.start : comment.end] for comment in gap.comments]


@pytest.mark.parametrize(
    "statement",
    [
        f"x = {CALL}",
        f"@wrapped({CALL})\ndef f(): pass",
        f"class Net(made_by({CALL})): pass",
        f"def f(layer={CALL}): pass",
        f"f = lambda: {CALL}",
        f"f = lambda layer={CALL}: layer",
        f"if {CALL}: pass",
        f"if a: pass\nelif {CALL}: pass",
        f"while {CALL}: pass",
        f"with {CALL} as layer: pass",
        f"for x in {CALL}: pass",
        f"[{CALL} for n in ns]",
        f"x = [y for y in z if {CALL}]",
        f"return_ = yield_({CALL})",
        f"match {CALL}:\n    case _: pass",
        f"def f():\n    yield {CALL}",
        f"async def f():\n    await {CALL}",
        f"try: pass\nexcept {CALL}: pass",
        f"except_ = 1\nx = f'{{{CALL}}}'",
        f"λ = 'é'; x = {CALL}",
        f"(a\n  .b({CALL}\n))",
        f"x = {CALL}.call(y)",
    ],
)
def test_a_call_stands_anywhere(statement):
    items = call_in(statement)
    assert [shown(statement, item) for item in items] == [("4", ","), ("gone=l2(0.0)", None)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("f()", []),
        ("f((a))", [("(a)", None)]),
        ("(f)((a), b=((c)) ,)", [("(a)", ","), ("b=((c))", ",")]),
        ("f(*a, * b, **c, ** d)", [("*a", ","), ("* b", ","), ("**c", ","), ("** d", None)]),
        ("f(b := 4, lambda x, y: (x, y))", [("b := 4", ","), ("lambda x, y: (x, y)", None)]),
        ("f(x for x in y)", [("x for x in y", None)]),
        ("f((x for x in y), b=1)", [("(x for x in y)", ","), ("b=1", None)]),
        ("f(g(a, b=1), c={'d': [1,\n2]})", [("g(a, b=1)", ","), ("c={'d': [1,\n2]}", None)]),
        ("a\\\n.f('''\n''' \"b\", 'é' \\\r\n, c\\\r\n= 1 \\\n, λ=2)", [
            ("'''\n''' \"b\"", ","), ("'é'", ","), ("c\\\r\n= 1", ","), ("λ=2", None)]),
        ("f(a,\r b=1,\r\n\f c=2\f)", [("a", ","), ("b=1", ","), ("c=2", None)]),
    ],
)  # fmt: skip
def test_an_argument_is_with_its_keyword_stars_and_parentheses(text, items):
    assert [shown(text, item) for item in call_in(text, text)] == items


def test_comments_stand_in_the_gaps_between_the_parts():
    text = "f(  # 1\n  a  # 2\n  # 3\n  , # 4\n  b=(  # none\n 5), # 6\n  # 7\n)"
    a, b = call_in(text, text)
    assert [comments(text, gap) for gap in (a.before, a.after, a.behind)] == [["# 1"], ["# 2", "# 3"], ["# 4"]]
    assert [comments(text, gap) for gap in (b.before, b.after, b.behind)] == [["# 4"], [], ["# 6", "# 7"]]
    assert [len(gap.line_ends) for gap in (a.before, a.after, a.behind, b.after, b.behind)] == [1, 2, 1, 0, 2]


def test_the_comment_of_a_gap_is_that_on_its_first_line():
    text = "f(a  # 1\n  , \n  # 2\n  b)"
    a, _ = call_in(text, text)
    assert (text[a.after.comment.start : a.after.comment.end], a.behind.comment) == ("# 1", None)
    assert a.line_end == a.after


@pytest.mark.parametrize("text", ["(4 x 5)", "f(a)(b", "x + f(a)", "f(a b)", "f"])
def test_what_is_no_call_is_none(text):
    assert written_call(text, Span(0, len(text))) is None


@pytest.mark.parametrize(
    "value", [" + ".join(["1"] * 3_000), "x" + ".y" * 3_000, "(" * 150 + "1" + ")" * 150, f"[{'1, ' * 50_000}]"]
)
def test_a_deep_or_long_value_costs_nothing(value):
    text = f"Dense(a={value}, gone=l2(0.0))"
    assert [shown(text, item)[0][:6] for item in call_in(text, text)] == [f"a={value}"[:6], "gone=l"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from keras import layers", [("layers", None)]),
        ("from keras import layers as L , models", [("layers as L", ","), ("models", None)]),
        ("from keras import \\\n  a, \\\n  b", [("a", ","), ("b", None)]),
        ("from keras import (a)", [("a", None)]),
        ("from keras import ( # why\n  a, # a\n  b as c\n  ,\n)", [("a", ","), ("b as c", ",")]),
    ],
)
def test_the_names_of_an_import(text, names):
    program = f"λ = 1; {text}; x = 2\n"
    found = written_import(program, Span(7, 7 + len(text)))
    assert [shown(program, item) for item in found] == names


@pytest.mark.parametrize("text", ["from keras import *", "import keras", "from keras import"])
def test_what_has_no_names_to_join_is_none(text):
    assert written_import(text, Span(0, len(text))) is None


def test_libcst_is_imported_only_when_it_is_asked_for():
    code = "import sys; import kreglint.engine.fixing.removal, kreglint.engine.api; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
