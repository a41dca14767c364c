from __future__ import annotations

import json

import pytest
from jsonschema import Draft7Validator

from kreglint.diagnostics import Severity
from kreglint.output.gitlab import render

# What GitLab reads of a code quality report, as its documentation has it.
_PLACE = {
    "type": "object",
    "required": ["line", "column"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}
_REPORT = Draft7Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string"},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "minLength": 1},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "positions"],
                    "properties": {
                        "path": {"type": "string"},
                        "positions": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": _PLACE, "end": _PLACE},
                        },
                    },
                },
            },
        },
    }
)


def issues(*diagnostics):
    report = json.loads("".join(render(diagnostics)))
    _REPORT.validate(report)
    return report


def test_no_findings_are_an_empty_report():
    assert issues() == []


def test_a_finding_is_an_issue_with_its_fingerprint(diagnostic):
    [issue] = issues(diagnostic())
    assert (issue["check_name"], issue["fingerprint"]) == ("KRG302", "f00d")
    assert issue["description"] == "KRG302: 'L1L2' adds no penalty"
    assert issue["location"] == {
        "path": "nets/vgg.py",
        "positions": {"begin": {"line": 12, "column": 34}, "end": {"line": 12, "column": 40}},
    }


@pytest.mark.parametrize(
    ("severity", "word"), [(Severity.ERROR, "major"), (Severity.WARNING, "minor"), (Severity.INFO, "info")]
)
def test_severities_have_gitlabs_words(diagnostic, severity, word):
    assert issues(diagnostic(severity=severity))[0]["severity"] == word


def test_a_finding_in_a_notebook_is_placed_at_the_beginning_of_the_file(diagnostic):
    [issue] = issues(diagnostic(filename="a.ipynb", cell=3))
    assert issue["location"]["positions"]["begin"] == {"line": 1, "column": 1}
    assert issue["description"] == "KRG302: cell 3, row 12, column 34: 'L1L2' adds no penalty"


def test_a_finding_in_a_notebook_is_shown_at_the_row_of_the_json(diagnostic):
    [issue] = issues(diagnostic(filename="a.ipynb", cell=3, file_row=40))
    assert issue["location"]["positions"]["begin"] == {"line": 40, "column": 1}
