"""The words that a rule names: a file without them has nothing that the rule could find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kreglint.catalog.model import load
from kreglint.engine.api import check_source
from kreglint.engine.concern import needs_of
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad
from kreglint.rules.prelude import program
from kreglint.settings.schema import Settings
from kreglint.versions import MAJORS
from tests.rules.needed import with_needed_imports

BAD = [
    pytest.param(rule, example, id=f"{rule.code}-bad{index}")
    for rule in RULES
    for index, example in enumerate(example for example in rule.examples() if isinstance(example, Bad))
    if rule.triggers
]
KEYWORDS = sorted({keyword for major in MAJORS for keyword in load(major).regularizer_keywords})


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_each_bad_example_has_one(rule: type[Rule], example: Bad):
    text = with_needed_imports(program(example.code).text)
    words = needs_of(Settings(select=(rule.code,)))
    assert words.within(text)
    assert words.within(text.encode())


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_a_keyword_with_any_one_mistyped_letter_is_found(keyword: str):
    settings = Settings(select=("KRG402",))
    wrong = [name for name in one_letter_off(keyword) if name not in KEYWORDS]
    program = "from keras.layers import Dense\n" + "".join(f"Dense(4, {name}='l2')\n" for name in wrong)
    alone = [name for name in wrong if not needs_of(settings).within(f"Dense(4, {name}='l2')")]
    assert alone == []
    assert len(check_source(program, "example.py", settings)) == len(wrong)


def one_letter_off(name: str) -> list[str]:
    """The name without a letter, with two letters swapped, with another letter and with one more, at each place."""
    found = set()
    for place in range(len(name)):
        before, letter, after = name[:place], name[place], name[place + 1 :]
        found |= {before + after, f"{before}{letter}{letter}{after}", f"{before}x{after}", f"{before}x{letter}{after}"}
        if after:
            found.add(f"{before}{after[0]}{letter}{after[1:]}")
    return sorted(found - {name})


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_each_bad_example_is_found_with_no_other_rule_selected(rule: type[Rule], example: Bad):
    """So a rule names all facts that it reads and that are worked out only for those who do."""
    text = with_needed_imports(program(example.code).text)
    for major in example.majors:
        settings = Settings(select=(rule.code,), keras_version=str(major))
        every = check_source(text, settings=replace(settings, select=("ALL",)))
        assert check_source(text, settings=settings) == [each for each in every if each.code == rule.code]


def test_no_rule_that_judges_programs_is_without():
    assert [rule.code for rule in RULES if not rule.triggers] == ["KRG900", "KRG901"]
