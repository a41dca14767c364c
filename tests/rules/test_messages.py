"""What the rules say of their own examples: short, one sentence or two, with the number that matters."""

import re

import pytest

from kreglint.engine.api import check_source
from kreglint.rules import RULES
from kreglint.rules.examples import Bad
from kreglint.rules.prelude import program
from kreglint.settings.schema import Settings

_DECAYED = (
    "model = keras.Sequential([Dense(4, kernel_regularizer=l2(0.25))])\n"
    "model.compile(optimizers.SGD(0.1, weight_decay=0.05), 'mse')"
)
_LONGEST = 180  # characters, with what each version does
_LONGEST_CLAUSE = 100  # characters of what is said before that
BAD = [
    pytest.param(rule.code, example.code, id=f"{rule.code}-bad{index}")
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples() if isinstance(e, Bad))
]


def messages(code: str, example: str) -> set[str]:
    """What is said where nothing tells the version, and in each major."""
    text = program(example).text
    told = [Settings(select=(code,), keras_version=version) for version in (None, "2", "3")]
    return {found.message for settings in told for found in check_source(text, "example.py", settings)}


@pytest.mark.parametrize(("code", "example"), BAD)
def test_a_message_is_two_short_sentences_at_most(code, example):
    for message in messages(code, example):
        sentences = re.split(r"[.?!:](?=\s|$)", message.removesuffix("?"))
        assert 1 <= len(sentences) <= 2, message
        assert len(message) <= _LONGEST, message
        assert len(sentences[0]) <= _LONGEST_CLAUSE, message


@pytest.mark.parametrize(("code", "example"), BAD)
def test_a_message_is_one_line_without_blanks_around_it(code, example):
    for message in messages(code, example):
        assert message == " ".join(message.split())


@pytest.mark.parametrize(
    ("code", "example", "numbers"),
    [
        (
            "KRG701",
            "keras.Sequential([keras.Input((784,)), Dense(512, kernel_regularizer=l2(0.1))])",
            ("61.9", "784×512"),
        ),
        ("KRG703", _DECAYED, ("0.05", "0.25")),
        ("KRG202", "Dense(4, kernel_regularizer=l2(3.5))", ("3.5", "1")),
        ("KRG201", "Dense(4, kernel_regularizer=l2(-0.125))", ("-0.125",)),
        (
            "KRG709",
            "keras.Sequential([Dense(1024, kernel_regularizer='l2')] + [Dense(512, kernel_regularizer='l2')])",
            ("2", "512"),
        ),
        ("KRG311", "layer = Dense(4, kernel_regularizer='l2')\nlayer.trainable = False", ("a regularized layer",)),
    ],
)
def test_a_message_has_the_numbers_that_matter(code, example, numbers):
    [found] = check_source(program(example).text, "example.py", Settings(select=(code,)))
    assert all(number in found.message for number in numbers)
