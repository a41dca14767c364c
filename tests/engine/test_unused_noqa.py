"""Comments that suppress nothing, and what is left when they go."""

from __future__ import annotations

import pytest

from kreglint.diagnostics import Safety, Suppression
from kreglint.engine.check import check, judged
from kreglint.rules.inert.inert_identifier import InertIdentifier
from kreglint.settings.schema import Settings
from kreglint.source.text import from_text

IMPORT = "from keras import layers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")'
FINE = 'layers.Dense(4, kernel_regularizer="l2")'
ONLY = Settings(select=("KRG902",))


def messages(text, settings=ONLY):
    return [diagnostic.message for diagnostic in check(IMPORT + text, "a.py", settings)]


def fixed(text):
    source = from_text(IMPORT + text, "a.py")
    for diagnostic in reversed(check(source.text, "a.py", ONLY)):
        assert diagnostic.fix is not None
        assert diagnostic.fix.safety is Safety.SAFE
        [edit] = diagnostic.fix.edits
        start, end = source.offset(edit.location), source.offset(edit.end_location)
        source = from_text(source.text[:start] + edit.content + source.text[end:], "a.py")
    return source.text.removeprefix(IMPORT)


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("# noqa: KRG302", ["KRG302 suppresses nothing here"]),
        ("# noqa: krg302", ["krg302 suppresses nothing here"]),
        ("# noqa: KRG302,KRG201", ["KRG302, KRG201 suppress nothing here"]),
        ("# noqa: KRG3", ["KRG3 suppresses nothing here"]),
        ("# noqa: KRG999", ["KRG999 suppresses nothing here"]),
        ("# noqa: E501,KRG302", ["KRG302 suppresses nothing here"]),
        ("# noqa", []),
        ("# noqa: E501", []),
        ("# noqa: E501, W291", []),
        ("# noqa: KRG902", []),
        ("# noqa: KRG302, KRG902", []),
    ],
)
def test_codes_of_ours_that_suppress_nothing_are_told(comment, told):
    assert messages(f"{FINE}  {comment}\n") == told


@pytest.mark.parametrize("comment", ["# noqa: KRG302", "# noqa: KRG3", "# noqa: E501,krg302", "# noqa"])
def test_codes_that_suppress_something_are_not(comment):
    assert messages(f"{INERT}  {comment}\n") == []


def test_only_the_codes_that_suppress_nothing_are_told():
    assert messages(f"{INERT}  # noqa: KRG302, KRG201\n") == ["KRG201 suppresses nothing here"]


def test_a_comment_for_a_rule_that_is_not_on_is_judged_by_what_the_rule_would_find():
    settings = Settings(extend_select=("KRG902",), ignore=("KRG302",))
    assert messages(f"{INERT}  # noqa: KRG302\n", settings) == []
    assert messages(f"{FINE}  # noqa: KRG302\n", settings) == ["KRG302 suppresses nothing here"]


def test_it_is_opt_in():
    assert messages(f"{FINE}  # noqa: KRG302\n", Settings()) == []


def test_the_first_and_the_last_row_of_a_statement_and_the_rows_of_a_finding_count_and_no_others():
    call = 'layers.Dense(  {}\n    4,  {}\n    kernel_regularizer="L1L2",  {}\n)  {}\n'
    noqa = "# noqa: KRG302"
    for rows, expected in ((0, 0), (1, 1), (2, 0), (3, 0)):
        comments = [noqa if row == rows else "# here" for row in range(4)]
        assert len(messages(call.format(*comments))) == expected


def test_where_a_rule_crashed_nothing_is_judged(monkeypatch):
    def crash(self, context):
        raise ZeroDivisionError

    monkeypatch.setattr(InertIdentifier, "check_file", crash)
    assert messages(f"{FINE}  # noqa: KRG201\n", Settings(select=("KRG902",), ignore=("KRG901",))) == []


def test_of_a_file_that_cannot_be_parsed_nothing_is_said_of_its_comments():
    settings = Settings(extend_select=("KRG902",))
    for name in ("a.py", "a.ipy"):
        found = check(f"{IMPORT}{FINE}  # noqa: KRG302\nprint 'x'\n", name, settings)
        assert [diagnostic.code for diagnostic in found] == ["KRG900"]


def test_a_comment_may_keep_it():
    found, _ = judged(f"{IMPORT}{FINE}  # noqa: KRG302, KRG902\n", "a.py", ONLY)
    assert [(d.code, d.suppressed) for d in found] == [("KRG902", Suppression.NOQA)]


def test_it_is_told_at_its_place_among_the_others():
    text = f"{FINE}  # noqa: KRG302\n{INERT}\n"
    found = check(IMPORT + text, "a.py", Settings(extend_select=("KRG902",)))
    assert [(d.code, d.location.row) for d in found] == [("KRG902", 2), ("KRG302", 3)]


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("  # noqa: KRG302", ""),
        ("  # noqa: KRG302  ", ""),
        ("  # noqa: E501,KRG302", "  # noqa: E501"),
        ("  # noqa: KRG302 E501 KRG201", "  # noqa: E501"),
        ("  # noqa:E501, KRG302, W291", "  # noqa:E501, W291"),
        ("  # noqa: KRG302 as in the paper", "  # as in the paper"),
        ("  # noqa: KRG302 # type: ignore", "  # type: ignore"),
        ("  # type: ignore # noqa: KRG302", "  # type: ignore"),
        ("  # the paper  # noqa: KRG302", "  # the paper"),
        ("  # noqa: E501  # noqa: KRG302", "  # noqa: E501"),
        ("  # noqa: E501  # noqa: KRG302 as in the paper", "  # noqa: E501  # as in the paper"),
        ("  # noqa: KRG302  # noqa: E501", "  # noqa: E501"),
    ],
)
def test_the_fix_takes_away_the_code_and_no_more(comment, left):
    assert fixed(f"{FINE}{comment}\nx = 1\n") == f"{FINE}{left}\nx = 1\n"


def test_a_comment_that_stood_alone_goes_with_its_line():
    assert fixed(f"layers.Dense(\n    # noqa: KRG302\n    4)\n{FINE}\n") == f"layers.Dense(\n    4)\n{FINE}\n"
    assert fixed(f"{FINE}\n# noqa: KRG302") == f"{FINE}\n"


def test_each_rule_is_asked_once(monkeypatch):
    asked = []
    real = InertIdentifier.check_file

    def noted(rule, context):
        asked.append(context.version)
        return real(rule, context)

    monkeypatch.setattr(InertIdentifier, "check_file", noted)
    settings = Settings(extend_select=("KRG902",))
    assert [d.code for d in check(f"{IMPORT}{INERT}\n{FINE}  # noqa: KRG101\n", "a.py", settings)] == [
        "KRG302",
        "KRG902",
    ]
    assert len(asked) == len(set(asked))


def test_a_rule_that_is_asked_only_for_the_comments_says_nothing_itself(monkeypatch):
    text = f"{IMPORT}{INERT}\n{FINE}  # noqa: KRG101\n"
    settings = Settings(select=("KRG101", "KRG902"))
    assert [d.code for d in check(text, "a.py", settings)] == ["KRG902"]

    def crash(*_):
        raise LookupError

    monkeypatch.setattr(InertIdentifier, "check_file", crash)
    assert check(text, "a.py", settings) == []


@pytest.mark.parametrize("comment", ["", "# noqa: E501, KRG902"])
def test_a_comment_changes_no_order(comment):
    text = f"{IMPORT}layers.Dense(4, bias_regularizer='l2', kernel_regularizer=layers.l2(5.0))\n{INERT}\n{comment}\n"
    found = check(text, "a.py", Settings(select=("ALL",)))
    places = [(d.location, d.end_location, d.code) for d in found]
    assert places == sorted(places)
