"""What a formatter may change, and what it may not."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.source.layout import without_layout


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l2(0.1)", "l2( 0.1 )"),
        ("l2(0.1)", "l2(\n    0.1,\n)"),
        ("l2(0.1)", "l2(  # λ of the paper\n    0.1\n)"),
        ("a + b", "a \\\n    + b"),
        ("a + b", "a \\\r\n+ b"),
        ("'L1L2'", '"L1L2"'),
        ("'''L1L2'''", '"""L1L2"""'),
        (r"'it\'s'", '"it\'s"'),
        ("U'l2'", '"l2"'),
        ("F'{x}'", 'f"{x}"'),
        ("l2(1E-4)", "l2(1e-4)"),
        ("0XFF", "0xff"),
        ("[1, 2,]", "[1, 2]"),
    ],
)
def test_layout_does_not_count(one, other):
    assert without_layout(one) == without_layout(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'l1'", "'l2'"),
        ("'l 2'", "'l2'"),
        ("'#a'", "'#b'"),
        ("b'l2'", "'l2'"),
        ("a b", "ab"),
        ("not x", "notx"),
        ("L2", "l2"),
        ("1, 2", "1 2"),
        (r"r'\"'", "r'\"'"),
        ("1e-4", "1e-5"),
    ],
)
def test_everything_else_does(one, other):
    assert without_layout(one) != without_layout(other)


@given(st.text(max_size=60))
def test_any_text_has_a_form_and_blanks_around_it_do_not_count(text):
    assert without_layout(f"\n  {text}") == without_layout(text)


def _expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["x", "1E-4", "0.10", "'l2'", '"it\'s"', "None", "u'a'", "0XAB", "*args"[1:]])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"f( {' ,'.join(parts)},)"),
            st.tuples(inner, inner).map(lambda pair: f"{pair[0]}+  {pair[1]}"),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
            inner.map(lambda part: f"l2(l2={part})"),
        ),
        max_leaves=8,
    )


@settings(max_examples=20)
@given(st.lists(_expressions(), min_size=1, max_size=5))
def test_a_formatter_leaves_the_form_as_it_is(expressions):
    text = "".join(f"call({expression})\n" for expression in expressions)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=20", "-"]
    formatted = subprocess.run(command, input=text, capture_output=True, check=True, encoding="utf-8").stdout
    assert without_layout(formatted) == without_layout(text)
