from __future__ import annotations

import json

from kreglint.diagnostics import Location, PlacedEdit, PlacedFix, Related, Safety
from kreglint.output.json import render


def test_a_finding_has_the_documented_shape(diagnostic):
    finding = diagnostic(
        related=(Related("λ is set here", "nets/vgg.py", Location(3, 1), Location(3, 12)),),
        fix=PlacedFix(
            "Name both factors",
            Safety.UNSAFE,
            (PlacedEdit("L1L2(l1=0.01, l2=0.01)", Location(12, 34), Location(12, 40)),),
        ),
    )
    assert json.loads("".join(render([finding]))) == [
        {
            "code": "KRG302",
            "name": "inert-identifier",
            "severity": "error",
            "message": "'L1L2' adds no penalty",
            "filename": "nets/vgg.py",
            "cell": None,
            "location": {"row": 12, "column": 34},
            "end_location": {"row": 12, "column": 40},
            "related": [
                {
                    "message": "λ is set here",
                    "filename": "nets/vgg.py",
                    "location": {"row": 3, "column": 1},
                    "end_location": {"row": 3, "column": 12},
                }
            ],
            "fix": {
                "applicability": "unsafe",
                "message": "Name both factors",
                "edits": [
                    {
                        "content": "L1L2(l1=0.01, l2=0.01)",
                        "location": {"row": 12, "column": 34},
                        "end_location": {"row": 12, "column": 40},
                    }
                ],
            },
            "noqa_row": 12,
            "url": "https://github.com/kreglint/kreglint/blob/main/docs/rules/KRG302.md",
            "keras": ["2", "3"],
            "fingerprint": "f00d",
        }
    ]


def test_the_keys_stand_in_the_documented_order(diagnostic):
    [found] = json.loads("".join(render([diagnostic()])))
    assert list(found) == [
        "code",
        "name",
        "severity",
        "message",
        "filename",
        "cell",
        "location",
        "end_location",
        "related",
        "fix",
        "noqa_row",
        "url",
        "keras",
        "fingerprint",
    ]


def test_a_finding_without_a_fix_has_null(diagnostic):
    [found] = json.loads("".join(render([diagnostic()])))
    assert found["fix"] is None


def test_no_findings_are_an_empty_array():
    assert "".join(render([])) == "[]\n"


def test_characters_beyond_ascii_are_kept_and_a_line_end_closes_the_text(diagnostic):
    text = "".join(render([diagnostic(message="λ = −0.1")]))
    assert '"message": "λ = −0.1"' in text
    assert text.endswith("]\n")
