from __future__ import annotations

import csv
import io
import math

from kreglint.diagnostics import Location
from kreglint.inventory import Alternative, EffectIn
from kreglint.output.inventory_csv import render


def read(*layers):
    return list(csv.DictReader(io.StringIO("".join(render(layers, 1)), newline="")))


def test_an_argument_is_a_line(layer, entry):
    assert read(layer(entry())) == [
        {
            "filename": "nets/vgg.py",
            "cell": "",
            "row": "12",
            "column": "9",
            "layer": "Conv2D",
            "canonical": "keras.layers.Conv2D",
            "name": "block1_conv1",
            "scope": "vgg_block",
            "argument": "kernel_regularizer",
            "source": "l2(weight_decay)",
            "kind": "L2",
            "l1": "",
            "l2": "0.0005",
            "factor": "",
            "resolution": "exact",
            "reason": "",
            "alternatives": "",
            "entry": "layer",
            "effect": "applied",
        }
    ]


def test_a_layer_without_regularizers_is_a_line_too(layer):
    [line] = read(layer())
    assert (line["layer"], line["argument"], line["kind"]) == ("Conv2D", "", "")


def test_a_layer_with_two_arguments_is_two_lines(layer, entry):
    lines = read(layer(entry(), entry(argument="bias_regularizer")))
    assert [line["argument"] for line in lines] == ["kernel_regularizer", "bias_regularizer"]


def test_alternatives_are_named(layer, entry):
    ways = tuple(Alternative(kind="L2", l1=None, l2=each, factor=None, location=Location(1, 1)) for each in (0.1, 0.2))
    [line] = read(layer(entry(kind="L2", l2=None, resolution="branches", alternatives=ways)))
    assert line["alternatives"] == "L2(l2=0.1) or L2(l2=0.2)"


def test_a_factor_that_is_not_finite_is_absent(layer, entry):
    assert read(layer(entry(l2=math.inf)))[0]["l2"] == ""


def test_source_of_any_kind_can_be_read_back(layer, entry):
    source = 'l2(\n    "a,b",  # λ\n)'
    assert read(layer(entry(source=source)))[0]["source"] == source


def test_effects_that_versions_do_not_share_are_told_for_each(layer, entry):
    effects = (EffectIn("2.21", "ignored"), EffectIn("3.15", "rejected"))
    assert read(layer(entry(effects=effects)))[0]["effect"] == "ignored by 2.21, rejected by 3.15"


def test_other_calls_have_lines_only_where_they_are_asked_for(layer, entry):
    call = layer(entry(), entry="call", layer="dict")
    assert read(call) == []
    assert "".join(render([call], 1, all_calls=True)).count("dict") == 1
