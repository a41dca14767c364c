from __future__ import annotations

import pytest

from kreglint.output.width import display_width, padded, visible


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("Dense", 5), ("λ", 1), ("正则", 4), ("Ａ", 2), ("e\u0301", 1), ("a\u200db", 2)],
)
def test_the_width_is_in_terminal_columns(text, columns):
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "seen"),
    [("λ = 正则", "λ = 正则"), ("\t", "    "), ("\x1b[0m", "␛[0m"), ("\x7f\x9b", "\ufffd\ufffd"), ("\x00", "␀")],
)
def test_what_a_terminal_would_obey_becomes_visible(text, seen):
    assert visible(text) == seen


def test_padding_fills_up_to_a_width_in_columns():
    assert padded("正", 4) == "正  "
