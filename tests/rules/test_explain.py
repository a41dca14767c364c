import pytest

from kreglint.diagnostics import Safety, Severity
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad, Good, Penalty
from kreglint.rules.explain import fix, listing, page, summary
from kreglint.rules.record import Quoted, Record

BAD = "Dense(4, kernel_regularizer='L1L2')"
FIXED = "Dense(4, kernel_regularizer='l2')"
NOTHING = {"outcome": "penalty 0: nothing is added", "penalty": "0", "terms": 1}


class Inert(Rule):
    """A string names a regularizer
    whose default factors are all zero.

    ## Why is this bad?
    The layer looks regularized but is not.
    """

    code, name, severity = "KRG302", "inert-identifier", Severity.ERROR

    @staticmethod
    def examples():
        return (
            Bad("Dense(4, kernel_regularizer=«'L1L2'»)", both=Penalty("0"), fixed=FIXED),
            Good("Dense(4)"),
        )


class Full(Rule):
    """λ is 1."""

    code, name, severity, default = "KRG206", "full-lambda", Severity.INFO, False


RECORD = Record(
    {
        "keras": {"2": "2.21.0", "3": "3.15.1"},
        "rules": {
            "KRG302": {
                BAD: {"2": NOTHING | {"fix": "unsafe"}, "3": NOTHING | {"fix": "safe"}},
                FIXED: {"3": {"outcome": "penalty 0.2", "penalty": "0.2", "terms": 1}},
            }
        },
    }
)
UNKNOWN = Record({"keras": {"2": "2.21.0", "3": "3.15.1"}, "rules": {}})

PAGE = """\
# inert-identifier (KRG302)

Error · on by default · safe or unsafe fix · since 0.1

A string names a regularizer
whose default factors are all zero.

## Why is this bad?
The layer looks regularized but is not.

## Bad

```python
Dense(4, kernel_regularizer='L1L2')
```

- Keras 2.21.0 (tf_keras): `penalty 0: nothing is added`
- Keras 3.15.1: `penalty 0: nothing is added`

After the fix:

```python
Dense(4, kernel_regularizer='l2')
```

- Keras 3.15.1: `penalty 0.2`

## Good

```python
Dense(4)
```
"""


def test_a_page_quotes_what_keras_did():
    assert page(Inert, RECORD) == PAGE


def test_a_rule_without_examples_has_its_text_alone():
    assert page(Full, UNKNOWN) == "# full-lambda (KRG206)\n\nInfo · opt-in · no fix · since 0.1\n\nλ is 1.\n"


def test_backticks_of_keras_do_not_end_the_quotation():
    said = Record({"keras": {"3": "3.15.1"}, "rules": {"KRG302": {BAD: {"3": {"outcome": "Unknown `config`"}}}}})
    assert "- Keras 3.15.1: `` Unknown `config` ``\n" in page(Inert, said)


def test_the_listing_has_a_line_for_each_rule():
    assert listing([Inert, Full]) == (
        "KRG302  inert-identifier  error  on      "
        "A string names a regularizer whose default factors are all zero.\n"
        "KRG206  full-lambda       info   opt-in  λ is 1.\n"
    )


def test_the_listing_of_no_rules_is_empty():
    assert listing([]) == ""


def test_the_summary_is_the_first_paragraph_on_one_line():
    assert summary(Inert) == "A string names a regularizer whose default factors are all zero."


@pytest.mark.parametrize(
    ("rule", "record", "said"),
    [(Inert, RECORD, "safe or unsafe fix"), (Inert, UNKNOWN, "fix"), (Full, UNKNOWN, "no fix")],
)
def test_a_fix_is_as_safe_as_it_was_seen_to_be(rule, record, said):
    assert fix(rule, record) == said


def test_the_record_knows_an_example_by_its_text():
    assert RECORD.outcomes("KRG302", FIXED) == (Quoted(3, "Keras 3.15.1", "penalty 0.2"),)
    assert RECORD.entry("KRG302", BAD, 2) == NOTHING | {"fix": "unsafe"}


def test_the_record_says_nothing_of_what_was_not_asked():
    assert RECORD.outcomes("KRG302", "Dense(5)") == ()
    assert RECORD.entry("KRG302", FIXED, 2) is None


def test_the_record_lists_the_safeties_the_mildest_first():
    assert RECORD.fixes("KRG302") == (Safety.SAFE, Safety.UNSAFE)
