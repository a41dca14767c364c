"""Every example of every rule, held by the linter alone; what real Keras does with them is tests/oracle's to prove."""

from itertools import pairwise

import pytest

from kreglint.diagnostics import Diagnostic, Span
from kreglint.engine.api import check_source
from kreglint.engine.targets import newest_within
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad, Good
from kreglint.rules.prelude import program
from kreglint.settings.schema import Settings
from kreglint.source.text import from_text
from kreglint.versions import MAJORS, PREVIEW, Version, newest


def versions(rule: type[Rule]) -> list[Version]:
    """The newest of each major, of each range in which the rule says something else, and those to come."""
    return sorted({*map(newest, MAJORS), *(found for each in rule.ranges for found in newest_within(each)), *PREVIEW})


BAD = [
    pytest.param(rule, example, version, id=f"{rule.code}-bad{index}-keras{version}")
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples() if isinstance(e, Bad))
    for version in versions(rule)
]
GOOD = [
    pytest.param(rule, example, version, id=f"{rule.code}-good{index}-keras{version}")
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples() if isinstance(e, Good))
    for version in versions(rule)
    if version.major in example.majors
]


def findings(text: str, version: Version, rule: type[Rule] | None = None) -> list[Diagnostic]:
    select = (rule.code,) if rule is not None else None
    return check_source(text, "example.py", Settings(select=select, keras_version=str(version)))


def spans(found: list[Diagnostic], text: str) -> list[Span]:
    source = from_text(text, "example.py")
    return [Span(source.offset(d.location), source.offset(d.end_location)) for d in found]


def applied(text: str, diagnostics: list[Diagnostic]) -> str:
    source = from_text(text, "example.py")
    edits = {edit for d in diagnostics if d.fix is not None for edit in d.fix.edits}
    ordered = sorted((source.offset(e.location), source.offset(e.end_location), e.content) for e in edits)
    assert all(first[1] <= second[0] for first, second in pairwise(ordered)), "edits overlap"
    for start, end, content in reversed(ordered):
        text = text[:start] + content + text[end:]
    return text


@pytest.mark.parametrize(("rule", "example", "version"), BAD)
def test_a_rule_finds_exactly_the_marked_places(rule, example, version):
    made = program(example.code)
    found = findings(made.text, version, rule)
    expected = list(made.spans) if example.fires(version) else []
    assert spans(found, made.text) == expected


@pytest.mark.parametrize(("rule", "example", "version"), BAD)
def test_the_fix_of_a_bad_example_gives_the_fixed_code(rule, example, version):
    made = program(example.code)
    found = findings(made.text, version, rule)
    expected = example.after_fix(version)
    if expected is None:
        assert not any(diagnostic.fix for diagnostic in found)
        return
    fixed = applied(made.text, found)
    assert fixed == program(expected).text
    assert findings(fixed, version, rule) == []
    assert findings(fixed, version) == [], "the fix brings a new finding"


@pytest.mark.parametrize(("rule", "example", "version"), GOOD)
def test_neither_the_rule_nor_a_default_one_fires_on_a_good_example(rule, example, version):
    text = program(example.code).text
    found = [*findings(text, version, rule), *findings(text, version)]
    assert [f"{d.code} {d.message}" for d in found] == []


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.default and rule.examples()], ids=lambda rule: rule.code
)
def test_a_rule_that_is_on_by_default_has_six_good_examples(rule):
    assert sum(isinstance(example, Good) for example in rule.examples()) >= 6
