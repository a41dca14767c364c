"""Every fix of every rule, applied to its examples and to programs grown around them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Diagnostic, Location, Safety
from kreglint.engine.api import check_source, fix_source
from kreglint.rules import RULES
from kreglint.rules.examples import Bad
from kreglint.rules.prelude import PRELUDE, program, shown
from kreglint.settings.schema import Settings
from kreglint.versions import KNOWN, MAJORS, Version, newest
from tests.engine.fixing.growing import grown
from tests.laws import examples

BAD = [
    (rule.code, index, example)
    for rule in RULES
    for index, example in enumerate(e for e in rule.examples() if isinstance(e, Bad))
]


def firing(example: Bad) -> list[Version]:
    """The newest version of each major in which the example is a fault."""
    allowed = [version for version in KNOWN if example.fires(version) and version.major in MAJORS]
    return sorted({max(v for v in allowed if v.major == version.major) for version in allowed})


def settings_for(code: str, version: Version) -> Settings:
    return Settings(keras_version=str(version), extend_select=(code, "KRG902"))


@lru_cache(maxsize=1024)
def found(text: str, code: str, version: Version) -> list[Diagnostic]:
    return check_source(text, "example.py", settings_for(code, version))


def is_applied(code: str, example: Bad, version: Version) -> bool:
    """Whether the rule has a fix for the example, and not for display alone."""
    if example.after_fix(version) is None:
        return False
    diagnostics = found(program(example.code).text, code, version)
    return all(each.fix is None or each.fix.safety is not Safety.DISPLAY for each in diagnostics)


def applying(code: str, example: Bad) -> list[Version]:
    return [version for version in firing(example) if is_applied(code, example, version)]


FIXED = [
    pytest.param(code, example, version, id=f"{code}-bad{index}-keras{version}")
    for code, index, example in BAD
    for version in firing(example)
    if is_applied(code, example, version)
]
GROWN = [
    pytest.param(code, example, id=f"{code}-bad{index}")
    for code, index, example in BAD
    if "#" not in example.code  # a comment ends a line, so nothing grows around it
    if applying(code, example)
]
UNFIXED = [
    pytest.param(code, example, version, id=f"{code}-bad{index}-keras{version}")
    for code, index, example in BAD
    for version in firing(example)
    if not is_applied(code, example, version)
]


def fixed(text: str, code: str, version: Version, *, unsafe: bool = True):
    return fix_source(text, "example.py", settings_for(code, version), unsafe=unsafe)


@pytest.mark.parametrize(("code", "example", "version"), FIXED)
def test_the_fix_of_an_example_gives_its_fixed_code_and_leaves_no_finding(code, example, version):
    assert fixed(program(example.code).text, code, version) == (program(example.after_fix(version)).text, [])


@pytest.mark.parametrize(("code", "example", "version"), UNFIXED)
def test_an_example_with_no_fix_or_one_for_display_stays_as_it_is(code, example, version):
    text = program(example.code).text
    after, remaining = fixed(text, code, version)
    assert (after, bool(remaining)) == (text, True)


@pytest.mark.parametrize(("code", "example", "version"), FIXED)
def test_an_unsafe_fix_is_held_back(code, example, version):
    text = program(example.code).text
    (one,) = found(text, code, version)
    after, remaining = fixed(text, code, version, unsafe=False)
    assert (after != text) == (one.fix.safety.value == "safe") == (remaining == [])


@pytest.mark.parametrize(("code", "example"), GROWN)
@settings(max_examples=examples(4))
@given(data=st.data())
def test_a_fix_does_the_same_in_any_layout_and_leaves_the_rest_alone(code, example, data):
    version = data.draw(st.sampled_from(applying(code, example)))
    before, plain, same = data.draw(grown(shown(example.code), shown(example.after_fix(version))))
    if code not in codes(found(f"{PRELUDE}{plain}", code, version)):
        same = plain  # in these surroundings nobody knows that it is a fault, in whatever layout
    text = f"{PRELUDE}above = 'é'  # first\n{before}\nbelow  =  [1,2]  # last"
    after, remaining = fixed(text, code, version)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(f"{PRELUDE}above = 'é'\n{same}\nbelow = [1, 2]"))
    assert codes(remaining) == codes(found(text, code, version)) - {code}
    assert after.startswith(f"{PRELUDE}above = 'é'  # first\n")
    assert after.endswith("\nbelow  =  [1,2]  # last")
    assert comments(after) == [comment for comment in comments(text) if comment in comments(after)]
    assert comments_outside(text, code, version) <= set(comments(after))
    assert fixed(after, code, version) == (after, [])


def codes(diagnostics: list[Diagnostic]) -> set[str]:
    return {diagnostic.code for diagnostic in diagnostics}


def comments(text: str) -> list[str]:
    return re.findall(r"# \w+(?: \d+)?", text)


def comments_outside(text: str, code: str, version: Version) -> set[str]:
    """The comments that stand outside what is found, and outside the arguments of calls in which it is."""
    return set(comments(text)) - inside_arguments(text, code, version) - inside_findings(text, code, version)


def inside_arguments(text: str, code: str, version: Version) -> set[str]:
    places = [diagnostic.location for diagnostic in found(text, code, version)]
    lines = text.splitlines()
    inside: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for part in (*node.args, *node.keywords):
                if any(holds(part, place, lines) for place in places):
                    inside |= set(comments(ast.get_source_segment(text, part) or ""))
    return inside


def inside_findings(text: str, code: str, version: Version) -> set[str]:
    rows = text.splitlines(keepends=True)

    def offset(place: Location) -> int:
        return sum(map(len, rows[: place.row - 1])) + place.column - 1

    places = ((offset(each.location), offset(each.end_location)) for each in found(text, code, version))
    return {comment for start, end in places for comment in comments(text[start:end])}


def holds(node: ast.expr | ast.keyword, place: Location, lines: list[str]) -> bool:
    column = len(lines[place.row - 1][: place.column - 1].encode())
    return (node.lineno, node.col_offset) <= (place.row, column) < (node.end_lineno, node.end_col_offset)


@settings(max_examples=examples(25), derandomize=True)
@given(data=st.data(), version=st.sampled_from([newest(major) for major in MAJORS]))
def test_fixes_of_several_rules_in_one_file_come_to_an_end_that_stays(data, version):
    chosen = data.draw(st.lists(st.sampled_from([param.values[1] for param in GROWN]), min_size=2, max_size=5))
    pieces = [data.draw(grown(shown(example.code), "pass"))[0] for example in chosen]
    text = PRELUDE + "\n".join(pieces)
    every = Settings(keras_version=str(version), select=("ALL",))
    after, remaining = fix_source(text, "example.py", every, unsafe=True)
    ast.parse(after)
    assert not [each for each in remaining if each.fix and each.fix.safety is not Safety.DISPLAY]
    assert fix_source(after, "example.py", every, unsafe=True) == (after, remaining)
    assert not Counter(comments(after)) - Counter(comments(text))
