from __future__ import annotations

from kreglint.diagnostics import Location
from kreglint.output.colour import Palette
from kreglint.output.grouped import render


def shown(*diagnostics):
    return "".join(render(diagnostics, Palette()))


def test_the_findings_of_a_file_stand_under_its_name_in_columns(diagnostic):
    assert shown(diagnostic(), diagnostic(location=Location(101, 9)), diagnostic(filename="b.py")) == (
        "nets/vgg.py:\n"
        "  12:34  KRG302 'L1L2' adds no penalty\n"
        "  101:9  KRG302 'L1L2' adds no penalty\n"
        "\n"
        "b.py:\n"
        "  12:34  KRG302 'L1L2' adds no penalty\n"
        "\n"
    )


def test_a_place_in_a_notebook_names_its_cell(diagnostic):
    assert "  cell 2:12:34  KRG302 " in shown(diagnostic(filename="a.ipynb", cell=2))


def test_nothing_is_printed_without_findings():
    assert shown() == ""
