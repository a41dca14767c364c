from __future__ import annotations

import pytest

from kreglint.diagnostics import Location
from kreglint.inventory import Alternative, EffectIn
from kreglint.output.inventory_text import render

IGNORED = (EffectIn("3.15", "ignored"),)


def table(*layers, files=1, **options):
    return "".join(render(layers, files, **options)).splitlines()


def test_layers_stand_in_a_table_with_the_totals_below(layer, entry):
    dense = layer(filename="n.py", location=Location(3, 1), layer="Dense", name=None, scope="", canonical=None)
    assert table(layer(entry()), dense, files=2) == [
        "Place             Layer   Name          Scope      Argument            Regularizer    Resolution",
        "nets/vgg.py:12:9  Conv2D  block1_conv1  vgg_block  kernel_regularizer  L2(l2=0.0005)  exact",
        "n.py:3:1          Dense   -             -          -                   -              -",
        "",
        "L2(l2=0.0005): 1",
        "2 layers in 2 files: 1 regularized, 0 unresolved.",
    ]


def test_every_regularizer_argument_has_its_row(layer, entry):
    rows = table(
        layer(entry(), entry(argument="bias_regularizer", kind="none", l2=None, source="None", effects=IGNORED))
    )
    assert [row.split()[4:] for row in rows[1:3]] == [
        ["kernel_regularizer", "L2(l2=0.0005)", "exact"],
        ["bias_regularizer", "none", "exact"],
    ]


@pytest.mark.parametrize(
    ("changes", "regularizer"),
    [
        ({"l2": 1e-05}, "L2(l2=1e-05)"),
        ({"kind": "L1", "l1": 0.01, "l2": None}, "L1(l1=0.01)"),
        ({"kind": "L1L2", "l1": 0.02, "l2": 0.05}, "L1L2(l1=0.02, l2=0.05)"),
        ({"kind": "OrthogonalRegularizer", "l2": None, "factor": 0.01}, "OrthogonalRegularizer(factor=0.01)"),
        ({"l2": None, "resolution": "exact"}, "L2"),
        ({"kind": "none", "l2": None, "effects": IGNORED}, "none"),
        ({"kind": "custom", "l2": None, "source": "Mine(\n  1)"}, "custom: Mine( 1)"),
        ({"kind": "unknown", "l2": None, "source": "r" * 50}, "unknown: " + "r" * 39 + "…"),
    ],
)
def test_a_value_is_written_as_short_as_python_does(layer, entry, changes, regularizer):
    cells = table(layer(entry(**changes)))[1].split("  ")
    assert [cell.strip() for cell in cells if cell][-2:] == [regularizer, "exact"]


def test_what_is_not_known_says_why(layer, entry):
    unknown = entry(kind="unknown", l2=None, source="r", resolution="unknown", reason="a parameter", effects=())
    rows = table(layer(unknown))
    assert rows[1].endswith("kernel_regularizer  unknown: r   unknown: a parameter")
    assert rows[-1] == "1 layer in 1 file: 0 regularized, 1 unresolved."


def test_alternatives_are_joined_and_told_once(layer, entry):
    small = Alternative(kind="L2", l1=None, l2=0.01, factor=None, location=Location(3, 1))
    absent = Alternative(kind="none", l1=None, l2=None, factor=None, location=Location(5, 1))
    branches = entry(kind="unknown", l2=None, resolution="branches", alternatives=(small, absent, small))
    assert table(layer(branches))[1].endswith("kernel_regularizer  L2(l2=0.01) or none  branches")


def test_no_layers_print_the_totals_alone():
    assert table(files=3) == ["0 layers in 3 files: 0 regularized, 0 unresolved."]


@pytest.mark.parametrize(
    ("effects", "told"),
    [
        ({"3.15": "applied"}, "exact"),
        ({"2.21": "ignored", "3.15": "ignored"}, "exact; ignored"),
        ({"2.21": "ignored", "3.15": "rejected"}, "exact; ignored by 2.21, rejected by 3.15"),
        ({"3.15": "unknown"}, "exact; effect unknown"),
    ],
)
def test_an_effect_is_told_where_the_penalty_is_not_applied(layer, entry, effects, told):
    row = table(layer(entry(effects=tuple(map(EffectIn._make, effects.items())))))[1]
    assert row.endswith(f"L2(l2=0.0005)  {told}")


def test_lambdas_are_totalled_the_most_frequent_first(layer, entry):
    rows = table(layer(entry(l2=0.1), entry(l2=0.2)), layer(entry(l2=0.2), entry(l2=0.3, effects=IGNORED)))
    assert rows[-3:-1] == ["L2(l2=0.2): 2", "L2(l2=0.1): 1"]


def test_the_call_inside_a_wrapper_is_shown_and_counted_at_the_wrappers_calls(layer, entry):
    inner = layer(entry(resolution="default"))
    calls = [
        layer(entry(), entry="wrapper", layer="conv", location=Location(row, 1), inside=(inner.place,))
        for row in (20, 21)
    ]
    rows = table(inner, *calls)
    assert rows[1].endswith("default; counted at the calls of its wrapper")
    assert rows[-2:] == ["L2(l2=0.0005): 2", "2 layers in 1 file: 2 regularized, 0 unresolved."]


def test_other_calls_are_shown_only_where_they_are_asked_for(layer, entry):
    call = layer(entry(effects=()), entry="call", layer="dict")
    assert table(call) == ["0 layers in 1 file: 0 regularized, 0 unresolved."]
    assert table(call, all_calls=True)[1].split()[1] == "dict"
