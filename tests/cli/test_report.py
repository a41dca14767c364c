from __future__ import annotations

import json

SOURCE = """\
from keras import layers, regularizers

layers.Dense(256, kernel_regularizer="l2", name="first")
layers.Conv2D(32, 3, kernel_regularizer=regularizers.L1L2(l1=0.02, l2=0.05))
layers.Dense(10)
"""


def test_a_table_lists_every_layer_and_ends_with_the_totals(kreglint, write):
    write("model.py", SOURCE)
    run = kreglint("report", "model.py")
    assert (run.returncode, run.stderr) == (0, "")
    heading, first, second, third, _, totals = run.stdout.splitlines()
    assert heading.split() == ["Place", "Layer", "Name", "Scope", "Argument", "Regularizer", "Resolution"]
    assert first.split() == ["model.py:3:1", "Dense", "first", "<module>", "kernel_regularizer", "L2(l2=0.01)", "exact"]
    assert second.split()[-4:] == ["kernel_regularizer", "L1L2(l1=0.02,", "l2=0.05)", "exact"]
    assert third.split()[:2] == ["model.py:5:1", "Dense"]
    assert totals == "3 layers in 1 file: 2 regularized, 0 unresolved."


def test_json_has_the_exact_lambdas_and_the_totals(kreglint, write):
    write("model.py", SOURCE)
    report = json.loads(kreglint("report", "--output-format", "json", "model.py").stdout)
    found = [
        (layer["layer"], entry["kind"], entry["l1"], entry["l2"], entry["resolution"])
        for layer in report["layers"]
        for entry in layer["regularizers"]
    ]
    assert found == [("Dense", "L2", None, 0.01, "exact"), ("Conv2D", "L1L2", 0.02, 0.05, "exact")]
    assert report["summary"] == {
        "files": 1,
        "layers": 3,
        "regularized": 2,
        "by_kind": {"L1L2": 1, "L2": 1},
        "by_lambda": [
            {"kind": "L1L2", "l1": 0.02, "l2": 0.05, "factor": None, "count": 1},
            {"kind": "L2", "l1": None, "l2": 0.01, "factor": None, "count": 1},
        ],
        "unresolved": 0,
    }


def test_files_without_layers_are_counted_too(kreglint, write):
    write("model.py", SOURCE)
    write("empty.py", "")
    assert kreglint("report").stdout.endswith("3 layers in 2 files: 2 regularized, 0 unresolved.\n")


def test_standard_input_has_the_name_that_is_given(kreglint):
    run = kreglint("report", "--stdin-filename", "nets/vgg.py", "--output-format", "json", stdin=SOURCE.encode())
    assert {layer["filename"] for layer in json.loads(run.stdout)["layers"]} == {"nets/vgg.py"}
