import json

import pytest

from kreglint.diagnostics import Safety, Severity
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad, Good, Penalty, Raises
from tests.oracle.cases import cases
from tests.oracle.outcomes import Failure, Working
from tests.oracle.record import disagreements, entry_of, faults, record, renewed, write


class Inert(Rule):
    """A string adds nothing."""

    code, name, severity = "KRG999", "inert", Severity.ERROR

    @staticmethod
    def examples():
        return (
            Bad(
                "Dense(4, kernel_regularizer=«'L1L2'»)",
                both=Penalty("0"),
                fixed="Dense(4, kernel_regularizer='l2')",
                majors=(3,),
            ),
            Good("Dense(4, kernel_regularizer='l3')", keras3=Raises("ValueError", "constructor")),
            Good("Dense(4)"),
        )


class Wrong(Inert):
    @staticmethod
    def examples():
        return (Good("Dense(4)", keras3=Penalty("1")),)


def unsafe_fix(case):
    return Safety.UNSAFE if case.fixed else None


def examples(outcome):
    return {"Dense(4)": {"3": entry_of(outcome)}}


def test_there_is_a_case_for_each_claim():
    assert [str(case) for case in cases([Inert])] == [
        "KRG999-bad0-keras2",
        "KRG999-bad0-keras3",
        "KRG999-good0-keras3",
    ]


def test_a_fix_is_asked_for_only_where_the_rule_fires():
    assert [case.fixed for case in cases([Inert])] == [None, "Dense(4, kernel_regularizer='l2')", None]


@pytest.mark.oracle
def test_the_record_tells_what_keras_did(oracle):
    found = record([Inert], oracle, unsafe_fix)
    nothing = {"outcome": "penalty 0: nothing is added", "penalty": "0", "terms": 1}
    mended = oracle.observe(3, "from keras.layers import Dense\nDense(4, kernel_regularizer='l2')\n").penalty
    assert found == {
        "keras": {"2": oracle.version(2), "3": oracle.version(3)},
        "rules": {
            "KRG999": {
                "Dense(4, kernel_regularizer='L1L2')": {"2": nothing, "3": nothing | {"fix": "unsafe"}},
                "Dense(4, kernel_regularizer='l2')": {
                    "3": {"outcome": f"penalty {mended:.4g}", "penalty": f"{mended:.6g}", "terms": 1}
                },
                "Dense(4, kernel_regularizer='l3')": {
                    "3": {
                        "outcome": "ValueError in the constructor: Could not interpret regularizer identifier: l3",
                        "stage": "constructor",
                        "exception": "ValueError",
                    }
                },
            }
        },
    }


@pytest.mark.oracle
def test_a_wrong_claim_is_told_before_anything_is_recorded(oracle):
    assert faults([Inert, Wrong], oracle, unsafe_fix) == [
        "KRG999-good0-keras3: expected a penalty of 1 (1), received 0 in 0 terms"
    ]


@pytest.mark.oracle
def test_a_fix_that_breaks_its_promise_is_told_before_anything_is_recorded(oracle):
    [told] = faults([Inert], oracle, lambda case: Safety.SAFE if case.fixed else None)
    assert told.startswith("KRG999-bad0-keras3: expected the same penalty after a safe fix, received")


def test_the_file_ends_in_a_newline_and_keeps_its_order(tmp_path):
    write(tmp_path / "oracle.json", {"b": "λ", "a": 1})
    text = (tmp_path / "oracle.json").read_text(encoding="utf-8")
    assert text == '{\n "b": "λ",\n "a": 1\n}\n'
    assert list(json.loads(text)) == ["b", "a"]


@pytest.mark.parametrize(
    ("recorded", "now"),
    [
        (Working(0.1234567, 1), Working(0.1234568, 1)),
        (Working(float("nan"), 1), Working(float("nan"), 1)),
        (Working(None), Working(None)),
        (Failure("build", "ValueError", "one"), Failure("build", "ValueError", "another wording")),
    ],
)
def test_a_record_agrees_with_the_same_outcome(recorded, now):
    assert disagreements(examples(recorded), examples(now)) == []


@pytest.mark.parametrize(
    ("recorded", "now"),
    [
        (Working(0.1234, 1), Working(0.1235, 1)),
        (Working(0.0, 1), Working(0.0, 0)),
        (Working(None), Working(0.0)),
        (Working(0.0), Failure("build", "ValueError", "")),
        (Failure("build", "ValueError", ""), Failure("losses", "ValueError", "")),
        (Failure("build", "ValueError", ""), Failure("build", "TypeError", "")),
    ],
)
def test_a_record_disagrees_with_another_outcome(recorded, now):
    assert len(disagreements(examples(recorded), examples(now))) == 1


RENEW = "renew it with: python -m tests.oracle.record"
NOTHING = "'penalty 0: nothing is added'"


def test_an_example_that_is_gone_is_a_disagreement():
    assert disagreements(examples(Working(0.0)), {}) == [
        f"'Dense(4)' on Keras 3: the record says {NOTHING}, now nothing; {RENEW}"
    ]


def test_another_safety_of_a_fix_is_a_disagreement():
    entry = entry_of(Working(0.0))
    recorded, now = entry | {"fix": "safe"}, entry | {"fix": "unsafe"}
    safe, unsafe = f"{NOTHING} with a fix that is safe", f"{NOTHING} with a fix that is unsafe"
    assert disagreements({"Dense(4)": {"3": recorded}}, {"Dense(4)": {"3": now}}) == [
        f"'Dense(4)' on Keras 3: the record says {safe}, now {unsafe}; {RENEW}"
    ]


def test_a_renewed_record_keeps_the_other_rules_in_the_order_of_the_registry():
    before = {"keras": {"3": "3.14"}, "rules": {"KRG206": {"a": {}}, "KRG101": {"b": {}}}}
    now = {"keras": {"3": "3.15"}, "rules": {"KRG206": {"c": {}}}}
    after = renewed(before, now)
    assert after == {"keras": {"3": "3.15"}, "rules": {"KRG101": {"b": {}}, "KRG206": {"c": {}}}}
    assert list(after["rules"]) == ["KRG101", "KRG206"]
