from __future__ import annotations

import json

from kreglint.output.statistics import render, render_json


def findings(diagnostic):
    inert, negative = diagnostic(), diagnostic(code="KRG201", name="negative-lambda")
    return [negative, *[inert] * 11, diagnostic(code="KRG101", name="unknown-identifier")]


def test_the_most_frequent_rule_comes_first_and_ties_go_by_code(diagnostic):
    assert "".join(render(findings(diagnostic))) == (
        "11  KRG302  inert-identifier\n 1  KRG101  unknown-identifier\n 1  KRG201  negative-lambda\n"
    )


def test_no_findings_print_nothing():
    assert "".join(render([])) == ""


def test_the_json_form_has_the_same_counts(diagnostic):
    assert json.loads("".join(render_json(findings(diagnostic)))) == [
        {"code": "KRG302", "name": "inert-identifier", "count": 11},
        {"code": "KRG101", "name": "unknown-identifier", "count": 1},
        {"code": "KRG201", "name": "negative-lambda", "count": 1},
    ]
