"""What a rule says of a program does not come from its layout."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from kreglint.engine.api import check_source
from kreglint.rules import RULES
from kreglint.rules.examples import Bad, Good
from kreglint.rules.prelude import program, shown
from kreglint.settings.schema import Settings
from kreglint.versions import MAJORS
from tests.engine.fixing.growing import dressed
from tests.laws import examples

ON_OBJECTS = frozenset(  # what is done to models, layers and classes, over many statements
    """KRG305 KRG308 KRG310 KRG311 KRG312 KRG403 KRG601 KRG602 KRG603 KRG604 KRG606 KRG610 KRG614 KRG619 KRG621 KRG622
    KRG623 KRG624 KRG703""".split()
)
GOOD = [
    pytest.param(rule.code, example, id=f"{rule.code}-good{index}")
    for rule in RULES
    for index, example in enumerate(each for each in rule.examples() if isinstance(each, Good))
    if "#" not in example.code
]
BAD = [
    pytest.param(rule.code, example, id=f"{rule.code}-bad{index}")
    for rule in RULES
    for index, example in enumerate(each for each in rule.examples() if isinstance(each, Bad))
    if rule.code in ON_OBJECTS and "#" not in example.code
]


def said(code: str, text: str, major: int) -> Counter[str]:
    found = check_source(program(text).text, "example.py", Settings(select=(code,), keras_version=str(major)))
    return Counter(diagnostic.message for diagnostic in found)


@pytest.mark.parametrize("seed", range(examples(1)))
@pytest.mark.parametrize(("code", "example"), GOOD)
def test_no_layout_makes_a_fault_of_a_good_program(code, example, seed):
    text = dressed(shown(example.code), Random(f"{code} {example.code} {seed}"))
    for major in MAJORS:
        assert not said(code, text, major) - said(code, shown(example.code), major), text


@pytest.mark.parametrize("seed", range(examples(1)))
@pytest.mark.parametrize(("code", "example"), BAD)
def test_no_layout_hides_a_fault_of_a_program(code, example, seed):
    text = dressed(shown(example.code), Random(f"{code} {example.code} {seed}"))
    for major in MAJORS:
        assert not said(code, shown(example.code), major) - said(code, text, major), text
