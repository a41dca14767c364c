"""Read by diff-cover, which takes Checkstyle reports, and by an XML parser."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from diff_cover.git_path import GitPathTool
from diff_cover.violationsreporters.java_violations_reporter import CheckstyleXmlDriver

from kreglint.diagnostics import Severity
from kreglint.output.checkstyle import render


def errors(*diagnostics):
    report = ElementTree.fromstring("".join(render(diagnostics)))
    assert report.tag == "checkstyle"
    return [(file.get("name"), error.attrib) for file in report for error in file]


def test_a_finding_is_an_error_in_its_file(diagnostic):
    assert errors(diagnostic()) == [
        (
            "nets/vgg.py",
            {
                "line": "12",
                "column": "34",
                "severity": "error",
                "message": "KRG302 'L1L2' adds no penalty",
                "source": "kreglint.KRG302",
            },
        )
    ]


def test_severities_are_checkstyles_own_words(diagnostic):
    found = errors(*(diagnostic(severity=severity) for severity in Severity))
    assert [attributes["severity"] for _, attributes in found] == ["info", "warning", "error"]


def test_a_finding_in_a_notebook_names_its_cell(diagnostic):
    [(_, attributes)] = errors(diagnostic(filename="a.ipynb", cell=2))
    assert attributes["message"].startswith("KRG302 cell 2, row 12, column 34: ")


def test_any_text_can_be_read_back(diagnostic):
    [(name, attributes)] = errors(diagnostic(filename='a "b" & <c>.py', message='<λ>\n"\t&'))
    assert name == 'a "b" & <c>.py'
    assert attributes["message"] == 'KRG302 <λ>\n"\t&'


def test_what_xml_cannot_hold_is_made_visible(diagnostic):
    [(name, attributes)] = errors(diagnostic(filename="\udcff.py", message="a\x1b\x00"))
    assert (name, attributes["message"]) == ("\\udcff.py", "KRG302 a\\u001b\\u0000")


def test_a_reader_of_checkstyle_reports_finds_it(diagnostic, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(GitPathTool, "_cwd", str(tmp_path))
    monkeypatch.setattr(GitPathTool, "_root", str(tmp_path))
    found = CheckstyleXmlDriver().parse_reports(["".join(render([diagnostic(), diagnostic(filename="b.py")]))])
    assert {name: [(v.line, v.message) for v in violations] for name, violations in found.items()} == {
        "nets/vgg.py": [(12, "error: KRG302 'L1L2' adds no penalty")],
        "b.py": [(12, "error: KRG302 'L1L2' adds no penalty")],
    }


def test_a_finding_in_a_notebook_is_shown_at_the_row_of_the_json(diagnostic):
    [(_, attributes)] = errors(diagnostic(filename="a.ipynb", cell=2, file_row=40))
    assert attributes["line"] == "40"
