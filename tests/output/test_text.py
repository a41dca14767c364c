from __future__ import annotations

import re

from kreglint.diagnostics import Location, PlacedFix, Related, Safety, Severity
from kreglint.output.colour import Palette
from kreglint.output.text import render

PLAIN = Palette(False)


def shown(*diagnostics):
    return "".join(render(diagnostics, PLAIN))


def test_a_finding_is_quoted_with_carets_under_its_span(diagnostic):
    assert shown(diagnostic(location=Location(12, 38), end_location=Location(12, 44))) == (
        "nets/vgg.py:12:38: KRG302 [error] 'L1L2' adds no penalty\n"
        "   |\n"
        '12 |     x = Dense(4, kernel_regularizer="L1L2")(x)\n'
        "   |                                      ^^^^^^\n"
        "\n"
    )


def test_related_places_and_the_fix_follow_as_notes(diagnostic):
    related = Related("λ is set here", "nets/vgg.py", Location(3, 1), Location(3, 12))
    fix = PlacedFix("Name both factors", Safety.UNSAFE, ())
    finding = diagnostic(
        location=Location(9, 1), end_location=Location(9, 2), source_lines=("x",), related=(related,), fix=fix
    )
    assert shown(finding).splitlines()[1:] == [
        "  |",
        "9 | x",
        "  | ^",
        "  = λ is set here: nets/vgg.py:3:1",
        "  = help: Name both factors",
        "",
    ]


def test_a_finding_without_known_source_is_a_heading_alone(diagnostic):
    assert shown(diagnostic(source_lines=())) == ("nets/vgg.py:12:34: KRG302 [error] 'L1L2' adds no penalty\n\n")


def test_severity_is_named(diagnostic):
    assert "KRG302 [warning]" in shown(diagnostic(severity=Severity.WARNING))


def test_a_place_in_a_notebook_names_its_cell(diagnostic):
    assert shown(diagnostic(filename="a.ipynb", cell=3)).startswith("a.ipynb:cell 3:12:34: KRG302")


def test_a_tab_is_four_spaces_in_the_quotation_and_under_it(diagnostic):
    finding = diagnostic(source_lines=("\tx =\tl2()",), location=Location(7, 6), end_location=Location(7, 10))
    assert shown(finding).splitlines()[1:4] == [
        "  |",
        "7 |     x =    l2()",
        "  |            ^^^^",
    ]


def test_carets_count_terminal_columns_for_wide_characters(diagnostic):
    finding = diagnostic(source_lines=("层('正则') # e\u0301",), location=Location(7, 3), end_location=Location(7, 7))
    assert shown(finding).splitlines()[3] == "  |    ^^^^^^"


def test_combining_marks_take_no_column(diagnostic):
    finding = diagnostic(source_lines=("e\u0301 = l2()",), location=Location(7, 6), end_location=Location(7, 10))
    assert shown(finding).splitlines()[3] == "  |     ^^^^"


def test_an_empty_span_has_one_caret(diagnostic):
    finding = diagnostic(source_lines=("x = (",), location=Location(7, 6), end_location=Location(7, 6))
    assert shown(finding).splitlines()[2:4] == ["7 | x = (", "  |      ^"]


def test_control_characters_of_the_source_do_not_reach_the_terminal(diagnostic):
    finding = diagnostic(source_lines=("\x0cx\x1b[31m",), location=Location(7, 2), end_location=Location(7, 3))
    assert shown(finding).splitlines()[2:4] == ["7 | ␌x␛[31m", "  |  ^"]


def test_a_span_over_several_lines_has_a_bar_at_its_left(diagnostic):
    finding = diagnostic(
        source_lines=("    Dense(", "        4,", "    )"),
        location=Location(8, 5),
        end_location=Location(10, 6),
    )
    assert shown(finding).splitlines()[1:] == [
        "   |",
        " 8 | /     Dense(",
        " 9 | |         4,",
        "10 | |     )",
        "   | |_____^",
        "",
    ]


def test_a_span_that_starts_within_a_line_is_led_from_there(diagnostic):
    finding = diagnostic(source_lines=("x = Dense(", "    4)"), location=Location(8, 5), end_location=Location(9, 7))
    assert shown(finding).splitlines()[1:] == [
        "  |",
        "8 |   x = Dense(",
        "  |  _____^",
        "9 | |     4)",
        "  | |______^",
        "",
    ]


def test_a_long_span_is_shortened_in_its_middle(diagnostic):
    lines = ("f(", *(f"    {number}," for number in range(20)), ")")
    finding = diagnostic(source_lines=lines, location=Location(1, 1), end_location=Location(22, 2))
    assert shown(finding).splitlines()[1:] == [
        "   |",
        " 1 | / f(",
        " 2 | |     0,",
        " 3 | |     1,",
        "...",
        "22 | | )",
        "   | |_^",
        "",
    ]


def test_each_finding_ends_with_an_empty_line(diagnostic):
    assert shown(diagnostic(), diagnostic()) == shown(diagnostic()) * 2


def test_colour_adds_only_escape_sequences(diagnostic):
    related = Related("λ is set here", "nets/vgg.py", Location(3, 1), Location(3, 12))
    finding = diagnostic(related=(related,), fix=PlacedFix("Name both", Safety.UNSAFE, ()))
    painted = "".join(render([finding], Palette(True)))
    assert "\x1b[1;31mKRG302\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == shown(finding)
