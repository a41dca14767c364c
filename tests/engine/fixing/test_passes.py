import pickle

import pytest

from kreglint.diagnostics import Diagnostic, Location, PlacedEdit, PlacedFix, Safety, Severity
from kreglint.engine.fixing.document import NotReversibleError
from kreglint.engine.fixing.passes import MOST_PASSES, Checks, EndlessFixesError, fix_until_done
from kreglint.engine.guard import CrashError

MOST = MOST_PASSES


def finding(start, end, content, *, safety=Safety.SAFE, message="wrong", code="KRG101", severity=Severity.ERROR):
    edit = PlacedEdit(content, Location(1, start + 1), Location(1, end + 1))
    return Diagnostic(
        code=code,
        name="test",
        severity=severity,
        message=message,
        filename="a.py",
        location=edit.location,
        end_location=edit.end_location,
        noqa_row=1,
        keras=("3",),
        fingerprint="",
        fix=PlacedFix("mend it", safety, (edit,)),
    )


def each(word, content, **more):
    """Finds every place of a word, with a fix that writes `content` there."""

    def find(text):
        starts = [i for i in range(len(text)) if text.startswith(word, i)]
        return [finding(start, start + len(word), content, **more) for start in starts]

    return find


def fixed(text, find, *, unsafe=False, unreadable=lambda text: 0):
    return fix_until_done(text, Checks("a.py", find, unreadable), unsafe=unsafe)


def test_fixes_that_do_not_touch_are_applied_in_one_pass():
    seen = []

    def find(text):
        seen.append(text)
        return each("x", "y")(text)

    done = fixed("x + x + x", find)
    assert (done.content, len(done.mended), done.remaining) == ("y + y + y", 3, ())
    assert seen == ["x + x + x", "y + y + y"]


def test_fixes_that_touch_wait_for_the_next_pass():
    def find(text):
        return [finding(i, i + 2, "b") for i in range(len(text)) if text[i : i + 2] == "aa"]

    done = fixed("aaa", find)
    assert (done.content, len(done.mended)) == ("ba", 1)


def test_passes_go_on_until_nothing_changes():
    done = fixed("[[[[]]]]", lambda text: each("[]", "", message=f"at depth {len(text)}")(text))
    assert (done.content, len(done.mended)) == ("", 4)


def test_an_unsafe_fix_is_held_back_unless_it_is_asked_for():
    find = each("x", "y", safety=Safety.UNSAFE)
    assert fixed("x", find).content == "x"
    assert fixed("x", find, unsafe=True).content == "y"


def test_a_fix_for_display_is_never_applied():
    done = fixed("x", each("x", "y", safety=Safety.DISPLAY), unsafe=True)
    assert (done.content, len(done.remaining)) == ("x", 1)


def test_a_fix_after_which_something_cannot_be_parsed_is_left_out():
    done = fixed("x", each("x", "("), unreadable=lambda text: text.count("("))
    assert (done.content, done.mended, len(done.remaining)) == ("x", (), 1)


def test_a_fix_that_leaves_its_finding_is_left_out():
    done = fixed("x", each("x", "xx"))
    assert (done.content, done.mended) == ("x", ())


def test_a_fix_that_brings_more_findings_than_it_mends_is_left_out():
    def find(text):
        return each("x", "yy")(text) + each("y", "z", message="other", safety=Safety.DISPLAY)(text)

    done = fixed("x", find)
    assert (done.content, done.mended) == ("x", ())


def test_a_fix_may_bring_to_light_what_it_hid():
    def find(text):
        return each("x", "y")(text) + each("y", "z", message="other", safety=Safety.UNSAFE)(text)

    done = fixed("x", find)
    assert (done.content, [d.message for d in done.remaining]) == ("y", ["other"])


@pytest.mark.parametrize(
    ("severity", "brought", "content"),
    [
        (Severity.ERROR, Severity.INFO, "yy"),
        (Severity.ERROR, Severity.WARNING, "yy"),
        (Severity.WARNING, Severity.INFO, "yy"),
        (Severity.INFO, Severity.INFO, "x"),
        (Severity.INFO, Severity.ERROR, "x"),
        (Severity.WARNING, Severity.ERROR, "x"),
    ],
)
def test_several_lesser_findings_may_come_in_the_place_of_a_worse_one(severity, brought, content):
    def find(text):
        lesser = each("y", "z", message="other", safety=Safety.DISPLAY, severity=brought)
        return each("x", "yy", severity=severity)(text) + lesser(text)

    assert fixed("x", find).content == content


def test_a_fix_that_changes_nothing_is_left_out():
    assert fixed("x", each("x", "x")).mended == ()


def test_one_bad_fix_does_not_hold_up_the_others():
    def find(text):
        return each("x", "(", message="bad")(text) + each("y", "z")(text)

    done = fixed("y x y", find, unreadable=lambda text: text.count("("))
    assert (done.content, len(done.mended)) == ("z x z", 2)
    assert [d.message for d in done.remaining] == ["bad"]


def test_fixes_that_undo_each_other_are_a_bug_report_and_no_loop():
    def find(text):
        return each("x", "y", message="no x")(text) + each("y", "x", message="no y")(text)

    with pytest.raises(
        EndlessFixesError, match=f"a.py: the fixes of KRG101 did not .* in {MOST} passes; .*please report"
    ):
        fixed("x", find)


def test_what_was_found_at_first_is_told_too():
    done = fixed("x", each("x", "y"))
    assert [d.message for d in done.found] == ["wrong"]


@pytest.mark.parametrize(
    "error",
    [EndlessFixesError("a.py", ["KRG101"]), NotReversibleError("a.py", "utf-7"), CrashError("fixing", "KeyError: 3")],
)
def test_what_keeps_a_file_from_being_fixed_can_come_from_another_process(error):
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
