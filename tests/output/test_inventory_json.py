from __future__ import annotations

import json

from kreglint.diagnostics import Location
from kreglint.inventory import Alternative, EffectIn
from kreglint.output.inventory_json import render


def report(*layers, files=1):
    return json.loads("".join(render(layers, files, "0.1.0", targets=["3.15"] if layers else ())))


def test_a_report_has_the_documented_shape(layer, entry):
    assert report(layer(entry())) == {
        "schema": 2,
        "kreglint": "0.1.0",
        "targets": ["3.15"],
        "layers": [
            {
                "entry": "layer",
                "filename": "nets/vgg.py",
                "cell": None,
                "location": {"row": 12, "column": 9},
                "end_location": {"row": 12, "column": 80},
                "layer": "Conv2D",
                "canonical": "keras.layers.Conv2D",
                "name": "block1_conv1",
                "scope": "vgg_block",
                "regularizers": [
                    {
                        "argument": "kernel_regularizer",
                        "location": {"row": 12, "column": 60},
                        "end_location": {"row": 12, "column": 76},
                        "source": "l2(weight_decay)",
                        "kind": "L2",
                        "l1": None,
                        "l2": 0.0005,
                        "factor": None,
                        "effect": "applied",
                        "resolution": "exact",
                        "reason": None,
                        "alternatives": [],
                        "origin": [],
                    }
                ],
            }
        ],
        "summary": {
            "files": 1,
            "layers": 1,
            "regularized": 1,
            "by_kind": {"L2": 1},
            "by_lambda": [{"kind": "L2", "l1": None, "l2": 0.0005, "factor": None, "count": 1}],
            "unresolved": 0,
        },
    }


def test_an_effect_that_versions_do_not_share_is_told_for_each(layer, entry):
    effects = (EffectIn("2.21", "ignored"), EffectIn("3.15", "rejected"))
    [found] = report(layer(entry(effects=effects)))["layers"][0]["regularizers"]
    assert found["effect"] == {"2.21": "ignored", "3.15": "rejected"}


def test_calls_that_do_not_count_are_listed_too(layer, entry):
    told = report(layer(entry(), entry="call", layer="dict", canonical=None))
    assert [each["entry"] for each in told["layers"]] == ["call"]
    assert told["summary"]["layers"] == 0


def test_an_alternative_has_its_kind_its_factors_and_its_place(layer, entry):
    small = Alternative(kind="L2", l1=None, l2=0.01, factor=None, location=Location(3, 1))
    [found] = report(layer(entry(alternatives=(small,))))["layers"][0]["regularizers"]
    assert found["alternatives"] == [
        {"kind": "L2", "l1": None, "l2": 0.01, "factor": None, "location": {"row": 3, "column": 1}}
    ]


def test_a_factor_that_is_not_finite_is_null_because_json_has_no_other_word(layer, entry):
    [found] = report(layer(entry(kind="invalid", l2=float("inf"))))["layers"][0]["regularizers"]
    assert found["l2"] is None


def test_no_layers_are_an_empty_report():
    assert report(files=0) == {
        "schema": 2,
        "kreglint": "0.1.0",
        "targets": [],
        "layers": [],
        "summary": {
            "files": 0,
            "layers": 0,
            "regularized": 0,
            "by_kind": {},
            "by_lambda": [],
            "unresolved": 0,
        },
    }


def test_the_text_ends_with_a_line_end_and_keeps_characters_beyond_ascii(layer, entry):
    text = "".join(render([layer(entry(source="l2(λ)"))], 1, "0.1.0"))
    assert '"source": "l2(λ)"' in text
    assert text.endswith("}\n")
