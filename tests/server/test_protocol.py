"""Texts made of one another by edits of whole lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.server.protocol import line_edits
from kreglint.source.text import Source

TEXTS = st.lists(st.sampled_from(["a", "b", "", "c d"])).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
)


def applied(text, edits):
    source = Source("", text)
    lines = [*source.lines(), ""]
    for edit in sorted(edits, key=lambda edit: edit.range.start.line, reverse=True):
        lines[edit.range.start.line : edit.range.end.line] = [edit.new_text]
    return "".join(lines)


@given(TEXTS, TEXTS)
def test_the_edits_make_the_one_of_the_other(before, after):
    assert applied(before, line_edits(before, after)) == after


@pytest.mark.parametrize("text", ["", "a", "a\nb\n"])
def test_a_text_that_stays_has_no_edits(text):
    assert list(line_edits(text, text)) == []
