"""Tokens of programs, of pieces of them, and of what is not quite Python."""

import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.source.tokens import python_tokens, token_at, tokens


def kinds(text):
    return [(token.lastgroup, token.group()) for token in tokens(text) if token.lastgroup != "blank"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x1 = .5E3", [("word", "x1"), ("sign", "="), ("number", ".5E3")]),
        ("f(a) # (", [("word", "f"), ("open", "("), ("word", "a"), ("close", ")"), ("comment", "# (")]),
        ("Rb'\\' #'+''", [("string", "Rb'\\' #'"), ("sign", "+"), ("string", "''")]),
        ("'''a\n'\\''''", [("string", "'''a\n'\\''''")]),
        ("'a\\\r\nb'", [("string", "'a\\\r\nb'")]),
        ("'a\r\n", [("sign", "'"), ("word", "a"), ("newline", "\r\n")]),
        ("'''a", [("string", "''"), ("sign", "'"), ("word", "a")]),
        ("\\\r\n\f\r\\", [("join", "\\\r\n"), ("newline", "\r"), ("sign", "\\")]),
    ],
)
def test_each_token_has_its_kind(text, expected):
    assert kinds(text) == expected


@given(st.text(st.sampled_from("'\"\\\n\r\f #([)]%!rbx1.λ\u2028"), max_size=30))
def test_no_character_is_in_none_or_in_two(text):
    assert "".join(token.group() for token in tokens(text)) == text
    assert [token_at(text, token.start()).span() for token in tokens(text)] == [token.span() for token in tokens(text)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_pythons_tokens_have_the_same_rows_whatever_the_line_ends(newline):
    text = "x = 1  # one\n\nif x:\n    '''a\nb'''\n\fy\n"
    found = [(token.type, token.start, token.end) for token in python_tokens(text.replace("\n", newline))]
    assert found == [(t.type, t.start, t.end) for t in tokenize.generate_tokens(io.StringIO(text).readline)]


@pytest.mark.parametrize("broken", ["(\n", "'''\n", "  x\n y\n", "\0\n"])
def test_where_python_reads_no_more_there_are_no_more(broken):
    assert next(iter(python_tokens(f"x = 1\n{broken}"))).string == "x"
    assert len(list(python_tokens(f"x = 1\n{broken}"))) < 20
