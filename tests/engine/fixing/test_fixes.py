"""Every fix of every rule, applied to its examples and to programs grown around them."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Location
from kreglint.engine.api import check_source, fix_source
from kreglint.rules import RULES
from kreglint.rules.base import Bad
from kreglint.rules.prelude import PRELUDE, program, shown
from kreglint.settings.schema import Settings
from tests.engine.fixing.growing import grown

FIXED = [
    pytest.param(example, major, id=f"{rule.code}-bad{index}-keras{major}")
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples if isinstance(e, Bad))
    for major in example.majors
    if example.fixed is not None
]
GROWN = [
    pytest.param(example, id=f"{rule.code}-bad{index}")
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples if isinstance(e, Bad))
    if example.fixed is not None and "#" not in example.code  # a comment ends a line, so nothing grows around it
]
UNFIXED = [
    pytest.param(example, major, id=f"{rule.code}-bad{index}-keras{major}")
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples if isinstance(e, Bad))
    for major in example.majors
    if example.fixed is None
]


def settings_for(major: int) -> Settings:
    return Settings(keras_version=str(major), extend_select=("KRG902",))


def fixed(text: str, major: int, *, unsafe: bool = True):
    return fix_source(text, "example.py", settings_for(major), unsafe=unsafe)


@pytest.mark.parametrize(("example", "major"), FIXED)
def test_the_fix_of_an_example_gives_its_fixed_code_and_leaves_no_finding(example, major):
    assert fixed(program(example.code).text, major) == (program(example.fixed).text, [])


@pytest.mark.parametrize(("example", "major"), UNFIXED)
def test_an_example_without_a_fix_stays_as_it_is(example, major):
    text = program(example.code).text
    after, remaining = fixed(text, major)
    assert (after, bool(remaining)) == (text, True)


@pytest.mark.parametrize(("example", "major"), FIXED)
def test_an_unsafe_fix_is_held_back(example, major):
    text = program(example.code).text
    (found,) = check_source(text, "example.py", settings_for(major))
    after, remaining = fixed(text, major, unsafe=False)
    assert (after != text) == (found.fix.safety.value == "safe") == (remaining == [])


@pytest.mark.parametrize("example", GROWN)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_fix_does_the_same_in_any_layout_and_leaves_the_rest_alone(example, data):
    major = data.draw(st.sampled_from(example.majors))
    before, same = data.draw(grown(shown(example.code), shown(example.fixed)))
    text = f"{PRELUDE}above = 'é'  # first\n{before}\nbelow  =  [1,2]  # last"
    after, remaining = fixed(text, major)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(f"{PRELUDE}above = 'é'\n{same}\nbelow = [1, 2]"))
    assert remaining == []
    assert after.startswith(f"{PRELUDE}above = 'é'  # first\n")
    assert after.endswith("\nbelow  =  [1,2]  # last")
    assert comments(after) == [comment for comment in comments(text) if comment in comments(after)]
    assert comments_outside(text, major) <= set(comments(after))
    assert fixed(after, major) == (after, [])


def comments(text: str) -> list[str]:
    return re.findall(r"# \w+(?: \d+)?", text)


def comments_outside(text: str, major: int) -> set[str]:
    """The comments that stand outside the arguments and calls in which something is found."""
    return set(comments(text)) - inside_arguments(text, major)


def inside_arguments(text: str, major: int) -> set[str]:
    places = [found.location for found in check_source(text, "example.py", Settings(keras_version=str(major)))]
    lines = text.splitlines()
    inside: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for part in (*node.args, *node.keywords):
                if any(holds(part, place, lines) for place in places):
                    inside |= set(comments(ast.get_source_segment(text, part) or ""))
    return inside


def holds(node: ast.expr | ast.keyword, place: Location, lines: list[str]) -> bool:
    column = len(lines[place.row - 1][: place.column - 1].encode())
    return (node.lineno, node.col_offset) <= (place.row, column) < (node.end_lineno, node.end_col_offset)
