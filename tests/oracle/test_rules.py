"""Every claim of every rule, held against real Keras."""

import pytest

from kreglint.rules import RULES
from kreglint.rules.record import committed
from tests.oracle.cases import cases, fault_of_case, fault_of_offer
from tests.oracle.fixes import safety
from tests.oracle.record import disagreements, record

pytestmark = pytest.mark.oracle

CASES = cases(RULES)
FIXES = [case for case in CASES if case.fixed is not None]


@pytest.fixture(scope="module")
def now(oracle):
    return record(RULES, oracle, safety)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_keras_does_what_the_example_claims(case, oracle):
    wrong = fault_of_case(case, oracle)
    if wrong:
        pytest.fail(f"{oracle.label(case.major)}: {wrong}\n{case.example.code}", pytrace=False)


@pytest.mark.parametrize("case", FIXES, ids=str)
def test_a_fix_does_what_its_safety_promises(case, oracle):
    offered = safety(case)
    if offered is None:
        pytest.skip("the rule offers no fix in this major")
    wrong = fault_of_offer(case, oracle, offered)
    if wrong:
        text = f"{oracle.label(case.major)}: {wrong}\n{case.example.code}\n→ {case.fixed}"
        pytest.fail(text, pytrace=False)


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_the_record_says_what_keras_does(code, now):
    recorded = committed().content["rules"]
    wrong = disagreements(recorded.get(code, {}), now["rules"].get(code, {}))
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_the_record_has_no_other_rules(now):
    assert list(committed().content["rules"]) == list(now["rules"])


def test_the_record_names_the_keras_that_ran(now):
    assert committed().content["keras"] == now["keras"]
