"""Code that a program does not reach, or reaches with other values than the defaults, is not judged by them."""

from __future__ import annotations

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.engine.api import check_source

HEAD = "from keras.layers import Dense\nfrom keras.regularizers import l2\n"
NEVER = {
    "the body of a conditional expression": "DECAY = None\nDense(4, kernel_regularizer=l2(DECAY) if DECAY else None)",
    "its alternative": "DECAY = None\nDense(4, kernel_regularizer=None if DECAY is None else l2(DECAY))",
    "a chain of them": "KIND = 'a'\nr = None if KIND == 'a' else None if KIND == 'b' else l2('x')",
    "the right of and": "DECAY = None\nreg = DECAY and l2(DECAY)",
    "the right of or": "READY = True\nreg = READY or l2(None)",
    "the end of a chain": "A, B = True, None\nreg = A and B and l2(None)",
    "a statement": "DECAY = None\nif DECAY is not None:\n    Dense(4, kernel_regularizer=l2(DECAY))",
    "a call that no caller makes": "def f(decay=None):\n    return decay and l2(decay)\n\n\nf()\nf(None)",
    "a default that is told apart": "def f(reg=''):\n    if reg:\n        return Dense(4, kernel_regularizer=reg)",
    "a factor that is told apart": "def f(lam='x'):\n    return l2(lam) if lam != 'x' else None",
}
REACHED = {
    "below a condition that holds": "DECAY = -1.0\nreg = l2(DECAY) if DECAY else None",
    "below one that nobody knows": "import sys\nreg = l2(-1.0) if sys.argv else None",
    "below a parameter that is off by default": "def f(on=False):\n    return l2(-1.0) if on else None",
    "the left of and": "reg = l2(-1.0) and None",
    "in the test itself": "reg = 1 if l2(-1.0) else 2",
    "after one that may have changed": "on = False\nfor each in 'ab':\n    reg = l2(-1.0) if on else 0\n    on = 1",
}


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER)
def test_nothing_is_said_of_what_is_not_reached(text):
    assert check_source(HEAD + text) == []


@pytest.mark.parametrize("text", REACHED.values(), ids=REACHED)
def test_what_may_be_reached_is_judged(text):
    assert [found.code for found in check_source(HEAD + text)] == ["KRG201"]


@pytest.mark.parametrize("chain", [" or ".join(["x"] * 1500), "1 if x else " * 300 + "2"], ids=["or", "if"])
def test_a_long_chain_ends(chain):
    assert analyse(f"{HEAD}x = 0\nDense(4, kernel_regularizer=l2({chain}))\n").layers
