"""Which known word is suggested for one that is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.likeness import alike, closest

KEYS = ("select", "extend-select", "ignore", "exclude", "extend-exclude")
WORDS = st.text("abc-", max_size=6)


@pytest.mark.parametrize(("word", "meant"), [("selct", "select"), ("extend-exlude", "extend-exclude"), ("jobs", None)])
def test_the_closest_word_is_the_one_that_is_meant(word, meant):
    assert closest(word, KEYS) == meant


def test_how_alike_words_must_be_can_be_said():
    assert closest("lasso", ["l1"]) is None
    assert closest("l1_", ["l1"], 0.9) is None
    assert closest("l1_", ["l1"], 0.5) == "l1"


@given(word=WORDS, known=st.lists(WORDS, max_size=8), count=st.integers(1, 4))
def test_what_is_alike_is_known_and_no_more_than_asked_for(word, known, count):
    found = alike(word, known, count)
    assert set(found) <= set(known)
    assert len(found) <= count
    assert closest(word, known) == (found[0] if found else None)


@given(word=WORDS.filter(bool), known=st.lists(WORDS, max_size=8))
def test_a_known_word_is_closest_to_itself(word, known):
    assert closest(word, [*known, word]) == word
