"""How a rule's examples are written: programs in triple quotes, one claim for both majors, built when asked for."""

import subprocess
import sys

import pytest

from kreglint.rules.examples import Bad, Good, Logged, Penalty, Raises, Trained
from kreglint.versions import newest

NOTHING, REFUSED = Penalty("0"), Raises("ValueError", "constructor")


@pytest.mark.parametrize("kind", [Bad, Good])
def test_a_program_in_triple_quotes_has_no_layout_of_the_file_around_it(kind):
    example = kind(
        """
        def build():
            return Dense(4)


        build()
        """
    )
    assert example.code == "def build():\n    return Dense(4)\n\n\nbuild()"


@pytest.mark.parametrize("text", ["Dense(4)", "if x:\n    Dense(4)", "    Dense(4)\n", ""])
def test_any_other_text_stays_as_it_is(text):
    assert Good(text).code == text


def test_what_stands_after_the_fix_is_read_the_same_way():
    example = Bad(
        "«Dense(4)»",
        fixed="""
        layer = Dense(3)
        layer
        """,
        fixed2="""
        layer = Dense(2)
        layer
        """,
    )
    assert example.after_fix(newest(3)) == "layer = Dense(3)\nlayer"
    assert example.after_fix(newest(2)) == "layer = Dense(2)\nlayer"


@pytest.mark.parametrize("kind", [Bad, Good])
def test_one_claim_for_both_majors_is_that_of_each(kind):
    example = kind("Dense(4)", both=NOTHING)
    assert [example.claim(newest(major)) for major in (2, 3)] == [NOTHING, NOTHING]


@pytest.mark.parametrize("kind", [Bad, Good])
@pytest.mark.parametrize("major", ["keras2", "keras3"])
def test_a_claim_for_both_and_another_for_one_contradict_each_other(kind, major):
    with pytest.raises(ValueError, match="one claim for both majors or one for each"):
        kind("Dense(4)", both=NOTHING, **{major: NOTHING})


def test_what_training_does_is_another_claim_than_the_penalty():
    assert len({Penalty("0"), Trained("0"), Logged("0")}) == 3


def test_an_example_that_claims_nothing_says_nothing_of_either():
    assert [Bad("Dense(4)").claim(newest(major)) for major in (2, 3)] == [None, None]


def test_a_range_may_differ_from_what_both_do():
    example = Good("Dense(4)", both=NOTHING, older=((">=3.15", REFUSED),))
    assert [example.claim(newest(major)) for major in (2, 3)] == [NOTHING, REFUSED]


def test_importing_the_rules_builds_no_example():
    counted = (
        "from kreglint.rules.examples import Example\n"
        "built = []\n"
        "Example.__init__ = lambda self, *given, **named: built.append(self)\n"
        "from kreglint.rules import RULES\n"
        "assert not built, len(built)\n"
        "assert RULES[0].examples() and built\n"
    )
    subprocess.run([sys.executable, "-c", counted], check=True)
