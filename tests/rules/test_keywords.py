"""What is said of a keyword that a layer does not have: what was observed, and nothing where nothing was."""

import pytest

from kreglint.catalog.model import load
from kreglint.engine.api import check_source
from kreglint.outcomes import Effect, Fails
from kreglint.rules.keywords import effect, refusal
from kreglint.settings.schema import Settings


@pytest.mark.parametrize(("major", "error"), [(2, "TypeError"), (3, "ValueError")])
def test_a_keyword_that_no_layer_has(major, error):
    assert refusal(load(major)) == Fails(error, "constructor")


def test_a_keyword_that_is_ignored():
    assert effect("ignored") is Effect.IGNORED


@pytest.mark.parametrize("major", [2, 3])
def test_nothing_is_said_of_what_could_not_be_tried(major):
    keras = load(major)
    untried = [
        f"{name}({keyword}='l2')\n"
        for name in sorted(keras.layer_names)
        for keyword, observed in keras.layer(name).undeclared.items()
        if observed not in ("ignored", "TypeError", "ValueError")
    ]
    assert untried
    program = "from keras.layers import *\n" + "".join(untried)
    assert check_source(program, "model.py", Settings(select=("KRG401",), keras_version=str(major))) == []
