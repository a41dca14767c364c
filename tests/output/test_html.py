"""Read by html5lib as browsers read pages, and strictly: a page with a parse error fails."""

from __future__ import annotations

import html5lib

from kreglint.diagnostics import Location, PlacedFix, Related, Safety, Severity
from kreglint.output.html import render

_X = "{http://www.w3.org/1999/xhtml}"


def read(*diagnostics):
    return html5lib.HTMLParser(strict=True).parse("".join(render(diagnostics, "0.1.0")))


def text(element):
    return "".join(element.itertext())


def test_a_page_without_findings_says_so():
    assert "Nothing to report. kreglint 0.1.0." in text(read())


def test_findings_stand_under_their_file_with_the_span_marked(diagnostic):
    page = read(diagnostic(location=Location(12, 37), end_location=Location(12, 43)))
    assert [text(heading) for heading in page.iter(f"{_X}h2")] == ["nets/vgg.py"]
    assert [text(mark) for mark in page.iter(f"{_X}mark")] == ['"L1L2"']
    assert [text(quoted) for quoted in page.iter(f"{_X}pre")] == ['    x = Dense(4, kernel_regularizer="L1L2")(x)']
    assert "1 finding (1 error) in 1 file." in text(page)


def test_the_rules_are_counted_and_linked(diagnostic):
    page = read(diagnostic(), diagnostic(severity=Severity.WARNING), diagnostic(code="KRG101"))
    rows = [[text(cell) for cell in row] for row in page.iter(f"{_X}tr")][1:]
    assert [(row[0], row[2]) for row in rows] == [("KRG101", "1"), ("KRG302", "2")]
    assert all(link.get("href", "").endswith(f"/{text(link)}.md") for link in page.iter(f"{_X}a"))


def test_text_is_never_markup(diagnostic):
    hostile = "<script>alert('λ')</script>&amp;"
    related = Related(hostile, hostile, Location(3, 1), Location(3, 12))
    fix = PlacedFix(hostile, Safety.DISPLAY, ())
    page = read(diagnostic(filename=hostile, message=hostile, source_lines=(hostile,), related=(related,), fix=fix))
    assert list(page.iter(f"{_X}script")) == []
    assert text(page).count(hostile) == 6


def test_a_span_over_several_lines_is_marked_whole(diagnostic):
    lines = ("x = Dense(", "    4)  # four")
    page = read(diagnostic(source_lines=lines, location=Location(8, 5), end_location=Location(9, 7)))
    assert [text(mark) for mark in page.iter(f"{_X}mark")] == ["Dense(\n    4)"]


def test_a_long_span_is_shortened(diagnostic):
    lines = ("f(", *(f"    {number}," for number in range(40)), ")")
    [quoted] = read(diagnostic(source_lines=lines, location=Location(1, 1), end_location=Location(42, 2))).iter(
        f"{_X}pre"
    )
    assert text(quoted).splitlines()[-2:] == ["    10,", "…"]


def test_nothing_is_loaded_from_elsewhere(diagnostic):
    page = "".join(render([diagnostic()], "0.1.0"))
    assert "src=" not in page
    assert "@import" not in page
    assert "<link" not in page
