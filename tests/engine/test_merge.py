import pytest

from kreglint.diagnostics import Edit, Finding, Fix, Note, Safety, Severity, Span
from kreglint.engine.merge import Merged, merge
from kreglint.outcomes import Effect, Fails
from kreglint.versions import Version, newest

SPAN, ELSEWHERE = Span(10, 14), Span(20, 24)
RAISES, IGNORES = Fails("ValueError"), Effect.IGNORED


def merged(*found: tuple[int | Version, Finding], targets=(2, 3), severity=Severity.ERROR, ranges=()) -> list[Merged]:
    asked = tuple(version(each) for each in targets)
    return merge([(version(each), finding) for each, finding in found], asked, severity, ranges)


def version(named: int | Version) -> Version:
    return newest(named) if isinstance(named, int) else named


def finding(message="'l3' is unknown", outcome=None, span=SPAN, **more) -> Finding:
    return Finding(span, message, outcome, **more)


def fix(content="'l2'", safety=Safety.SAFE) -> Fix:
    return Fix("Write 'l2'", (Edit(SPAN, content),), safety)


class TestGroups:
    def test_the_same_finding_of_both_majors_is_one(self):
        [one] = merged((2, finding()), (3, finding()))
        assert (one.finding.message, one.majors) == ("'l3' is unknown", (2, 3))

    def test_two_of_one_version_are_one_with_the_second_places_of_both(self):
        here, there = Note(SPAN, "given to this Dense"), Note(ELSEWHERE, "given to this Dense")
        [one] = merged(*((2, finding(related=(note,))) for note in (here, there, here)), targets=(2,))
        assert one.finding.related == (here, there)

    def test_two_of_one_version_have_a_fix_only_where_it_is_the_same(self):
        for second, kept in ((fix(), fix()), (fix("'l1'"), None), (None, None)):
            [one] = merged((2, finding(fix=fix())), (2, finding(fix=second)), targets=(2,))
            assert one.finding.fix == kept

    def test_another_place_is_another_finding(self):
        found = merged((2, finding()), (3, finding(span=ELSEWHERE)))
        assert [(one.finding.span, one.majors) for one in found] == [(SPAN, (2,)), (ELSEWHERE, (3,))]

    def test_another_message_is_another_finding(self):
        found = merged((2, finding("a")), (3, finding("b")))
        assert [(one.finding.message, one.majors) for one in found] == [("a", (2,)), ("b", (3,))]

    def test_what_is_meant_in_one_version_alone_is_another_finding(self):
        found = merged((2, finding(meant="'l2'")), (3, finding(meant="'l1'")))
        assert [(one.finding.message, one.majors) for one in found] == [
            ("'l3' is unknown; did you mean 'l2'?", (2,)),
            ("'l3' is unknown; did you mean 'l1'?", (3,)),
        ]

    def test_nothing_found_is_nothing_merged(self):
        assert merged() == []


class TestTargets:
    def test_what_holds_in_no_target_is_left_out(self):
        assert merged((3, finding()), targets=(2,)) == []

    def test_a_finding_lists_majors_beyond_its_target(self):
        [one] = merged((2, finding()), (3, finding()), targets=(3,))
        assert one.majors == (2, 3)

    def test_the_message_tells_only_what_the_targets_do(self):
        [one] = merged((2, finding(outcome=IGNORES)), (3, finding(outcome=RAISES)), targets=(3,))
        assert one.finding.message == "'l3' is unknown: Keras 3 raises ValueError"


class TestSeverity:
    def test_it_is_the_rules_own_where_the_finding_names_none(self):
        assert merged((3, finding()), severity=Severity.INFO, targets=(3,))[0].severity is Severity.INFO

    def test_an_error_that_is_a_warning_in_another_target_is_a_warning(self):
        [one] = merged((2, finding()), (3, finding(severity=Severity.WARNING)))
        assert one.severity is Severity.WARNING

    def test_a_warning_that_is_an_info_in_another_target_is_a_warning(self):
        [one] = merged((2, finding()), (3, finding(severity=Severity.INFO)), severity=Severity.WARNING)
        assert one.severity is Severity.WARNING

    def test_what_a_major_beyond_the_target_would_say_does_not_count(self):
        [one] = merged((2, finding()), (3, finding(severity=Severity.WARNING)), targets=(3,))
        assert one.severity is Severity.WARNING

    def test_an_error_in_one_of_two_possible_majors_is_a_warning(self):
        assert merged((3, finding()))[0].severity is Severity.WARNING

    def test_an_error_in_both_possible_majors_stays_one(self):
        assert merged((2, finding()), (3, finding()))[0].severity is Severity.ERROR

    def test_an_info_in_one_of_two_possible_majors_stays_one(self):
        assert merged((3, finding()), severity=Severity.INFO)[0].severity is Severity.INFO


class TestMessage:
    @pytest.mark.parametrize(
        ("outcomes", "message"),
        [
            ((RAISES, RAISES), "'l3' is unknown: Keras raises ValueError"),
            ((IGNORES, RAISES), "'l3' is unknown: Keras 2 ignores it; Keras 3 raises ValueError"),
            ((None, RAISES), "'l3' is unknown: Keras 3 raises ValueError"),
            ((None, None), "'l3' is unknown"),
        ],
    )
    def test_it_says_what_each_target_does(self, outcomes, message):
        found = [(major, finding(outcome=outcome)) for major, outcome in zip((2, 3), outcomes, strict=True)]
        assert [one.finding.message for one in merged(*found)] == [message]

    def test_the_majors_are_in_order_whatever_the_order_of_the_findings(self):
        [one] = merged((3, finding(outcome=RAISES)), (2, finding(outcome=IGNORES)))
        assert one.finding.message == "'l3' is unknown: Keras 2 ignores it; Keras 3 raises ValueError"

    def test_what_was_probably_meant_is_asked_before(self):
        [one] = merged((3, finding(outcome=RAISES, meant="'l2'")), targets=(3,))
        assert one.finding.message == "'l3' is unknown; did you mean 'l2'? Keras 3 raises ValueError"

    def test_a_message_that_ends_as_a_question_is_told_as_any_other(self):
        [one] = merged((3, finding("what is 'l3'?", RAISES)), targets=(3,))
        assert one.finding.message == "what is 'l3'?: Keras 3 raises ValueError"

    def test_versions_of_a_major_that_differ_are_named(self):
        versions = (Version(3, 0), Version(3, 14), Version(3, 15))
        found = [(each, finding(outcome=RAISES if each.minor == 14 else IGNORES)) for each in versions]
        [one] = merged(*found, targets=versions, ranges=(">=3.1,<3.15",))
        assert (
            one.finding.message == "'l3' is unknown: Keras 3.0 or 3.15 ignores it; Keras 3.1 to 3.14 raises ValueError"
        )


class TestFix:
    def test_what_all_targets_agree_on_is_kept(self):
        assert merged((2, finding(fix=fix())), (3, finding(fix=fix())))[0].finding.fix == fix()

    def test_it_is_as_safe_as_its_least_safe(self):
        [one] = merged((2, finding(fix=fix())), (3, finding(fix=fix(safety=Safety.UNSAFE))))
        assert one.finding.fix == fix(safety=Safety.UNSAFE)

    @pytest.mark.parametrize("other", [None, fix("None")])
    @pytest.mark.parametrize("order", [(2, 3), (3, 2)])
    def test_there_is_none_where_the_targets_differ(self, other, order):
        first, second = order
        [one] = merged((first, finding(fix=fix())), (second, finding(fix=other)))
        assert one.finding.fix is None

    def test_only_the_targets_are_asked(self):
        [one] = merged((2, finding(fix=None)), (3, finding(fix=fix())), targets=(3,))
        assert one.finding.fix == fix()


def test_related_places_are_kept():
    note = Note(ELSEWHERE, "λ is set here")
    [one] = merged((2, finding(related=(note,))), (3, finding(related=(note,))))
    assert one.finding.related == (note,)
