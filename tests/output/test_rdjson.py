from __future__ import annotations

import json

from jsonschema import Draft7Validator

from kreglint.diagnostics import Location, PlacedEdit, PlacedFix, Safety, Severity
from kreglint.output.rdjson import render


def closed(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


# The messages of the Reviewdog Diagnostic Format that we write, and nothing besides.
_POSITION = closed(["line"], line={"type": "integer", "minimum": 1}, column={"type": "integer", "minimum": 1})
_RANGE = closed(["start"], start=_POSITION, end=_POSITION)
_DIAGNOSTIC = closed(
    ["message", "location"],
    message={"type": "string"},
    location=closed(["path"], path={"type": "string"}, range=_RANGE),
    severity={"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
    code=closed(["value"], value={"type": "string"}, url={"type": "string"}),
    suggestions={"type": "array", "items": closed(["range", "text"], range=_RANGE, text={"type": "string"})},
)
_RESULT = Draft7Validator(
    closed(
        ["diagnostics"],
        source=closed(["name"], name={"type": "string"}, url={"type": "string"}),
        diagnostics={"type": "array", "items": _DIAGNOSTIC},
    )
)


def read(*diagnostics):
    result = json.loads("".join(render(diagnostics)))
    _RESULT.validate(result)
    return result["diagnostics"]


def test_the_source_is_named():
    assert json.loads("".join(render([])))["source"]["name"] == "kreglint"


def test_a_finding_has_its_code_severity_and_range(diagnostic):
    [one] = read(diagnostic())
    assert (one["message"], one["severity"], one["code"]["value"]) == ("'L1L2' adds no penalty", "ERROR", "KRG302")
    assert one["location"] == {
        "path": "nets/vgg.py",
        "range": {"start": {"line": 12, "column": 34}, "end": {"line": 12, "column": 40}},
    }


def test_severities_are_in_capitals(diagnostic):
    found = read(*(diagnostic(severity=severity) for severity in Severity))
    assert [one["severity"] for one in found] == ["INFO", "WARNING", "ERROR"]


def test_columns_count_bytes(diagnostic):
    finding = diagnostic(source_lines=('λ层 = "é", x',), location=Location(3, 6), end_location=Location(3, 9))
    assert read(finding)[0]["location"]["range"] == {
        "start": {"line": 3, "column": 9},
        "end": {"line": 3, "column": 13},
    }


def test_a_fix_is_a_suggestion(diagnostic):
    edit = PlacedEdit('"l2"', Location(12, 38), Location(12, 44))
    [one] = read(diagnostic(fix=PlacedFix("Write 'l2'", Safety.UNSAFE, (edit,))))
    assert one["suggestions"] == [
        {"range": {"start": {"line": 12, "column": 38}, "end": {"line": 12, "column": 44}}, "text": '"l2"'}
    ]


def test_a_fix_for_display_is_none(diagnostic):
    edit = PlacedEdit("x", Location(12, 38), Location(12, 44))
    assert read(diagnostic(fix=PlacedFix("Write x", Safety.DISPLAY, (edit,))))[0]["suggestions"] == []


def test_a_fix_with_an_edit_in_a_line_that_is_not_known_is_left_out_whole(diagnostic):
    edits = (
        PlacedEdit("x", Location(12, 38), Location(12, 44)),
        PlacedEdit("y", Location(3, 5), Location(3, 6)),
    )
    assert read(diagnostic(fix=PlacedFix("Write x", Safety.SAFE, edits)))[0]["suggestions"] == []


def test_a_finding_in_a_notebook_has_no_range(diagnostic):
    [one] = read(diagnostic(filename="a.ipynb", cell=2))
    assert one["location"] == {"path": "a.ipynb"}
    assert one["message"].startswith("cell 2, row 12, column 34: ")


def test_a_finding_in_a_notebook_is_shown_at_the_row_of_the_json(diagnostic):
    [one] = read(diagnostic(filename="a.ipynb", cell=2, file_row=40))
    assert one["location"]["range"] == {"start": {"line": 40}}
