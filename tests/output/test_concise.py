from __future__ import annotations

from kreglint.output.colour import Palette
from kreglint.output.concise import render


def test_a_finding_is_one_line(diagnostic):
    assert list(render([diagnostic()], Palette())) == ["nets/vgg.py:12:34: KRG302 'L1L2' adds no penalty\n"]


def test_a_place_in_a_notebook_names_its_cell(diagnostic):
    [line] = render([diagnostic(filename="a.ipynb", cell=2)], Palette())
    assert line == "a.ipynb:cell 2:12:34: KRG302 'L1L2' adds no penalty\n"


def test_a_message_stays_on_its_line(diagnostic):
    [line] = render([diagnostic(message="first\nsecond")], Palette())
    assert line == "nets/vgg.py:12:34: KRG302 first␊second\n"


def test_findings_are_printed_as_they_come(diagnostic):
    def endless():
        while True:
            yield diagnostic()

    assert next(render(endless(), Palette())).startswith("nets/vgg.py")


def test_colour_marks_the_place_and_the_code(diagnostic):
    [line] = render([diagnostic()], Palette(True))
    assert line == "\x1b[1mnets/vgg.py:12:34\x1b[0m: \x1b[1;31mKRG302\x1b[0m 'L1L2' adds no penalty\n"
