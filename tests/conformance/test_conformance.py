"""What Keras 2 and 3 were seen to do with several hundred programs, and what the linter says of them."""

import re
from collections import Counter

import pytest

from tests.conformance.expected import ASKS_SOMETHING_ELSE, MISSING
from tests.conformance.judge import Case, cases

CASES = cases()
GROUPS = sorted({case.group for case in CASES})


def entry_of(case: Case) -> tuple[str, str, str] | None:
    return next((entry for entry in MISSING if case.is_fault and re.match(entry[1], case.id)), None)


@pytest.fixture(scope="module")
def not_held() -> list[Case]:
    return [case for case in CASES if not case.is_held()]


@pytest.mark.parametrize("group", GROUPS)
def test_what_keras_refuses_or_distorts_is_flagged(group, not_held):
    missed = [str(case) for case in not_held if case.group == group and case.is_fault and entry_of(case) is None]
    assert missed == []


@pytest.mark.parametrize("group", GROUPS)
def test_what_keras_does_as_asked_is_no_error(group, not_held):
    alarms = [str(case) for case in not_held if case.group == group and not case.is_fault]
    assert [name for name in alarms if name not in ASKS_SOMETHING_ELSE] == []


@pytest.mark.parametrize(("rule", "pattern", "why"), MISSING, ids=[pattern for _, pattern, _ in MISSING])
def test_what_is_missing_is_still_missing(rule, pattern, why, not_held):
    matched = [case for case in CASES if case.is_fault and re.match(pattern, case.id)]
    assert matched, "no case is like this: take the entry off the list"
    held = [str(case) for case in matched if case not in not_held]
    assert held == [], "held now: narrow the entry or take it off the list"


def test_what_asks_something_else_still_does(not_held):
    assert set(ASKS_SOMETHING_ELSE) == {str(case) for case in not_held if not case.is_fault}


def test_the_shares_are_told(not_held, record_property):
    total = Counter(case.is_fault for case in CASES)
    failed = Counter(case.is_fault for case in not_held)
    for is_fault, what in ((True, "faults are flagged"), (False, "programs that work have no error")):
        held = total[is_fault] - failed[is_fault]
        record_property("conformance", f"{held} of {total[is_fault]} {what} ({held / total[is_fault]:.1%})")
    assert total[True] > failed[True]
