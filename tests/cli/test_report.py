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
    heading, first, second, third, _, *by_lambda, totals = run.stdout.splitlines()
    assert heading.split() == ["Place", "Layer", "Name", "Scope", "Argument", "Regularizer", "Resolution"]
    assert first.split() == ["model.py:3:1", "Dense", "first", "<module>", "kernel_regularizer", "L2(l2=0.01)", "exact"]
    assert second.split()[-4:] == ["kernel_regularizer", "L1L2(l1=0.02,", "l2=0.05)", "exact"]
    assert third.split()[:2] == ["model.py:5:1", "Dense"]
    assert by_lambda == ["L1L2(l1=0.02, l2=0.05): 1", "L2(l2=0.01): 1"]
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


def test_json_names_the_versions_that_it_judges_by(kreglint, write):
    write("model.py", SOURCE)
    write("legacy.py", "from tf_keras import layers\n\nlayers.Dense(4)\n")
    told = kreglint("report", "--output-format", "json", "--isolated")
    assert json.loads(told.stdout)["targets"] == ["2.21", "3.15"]
    told = kreglint("report", "--output-format", "json", "--keras-version", "3.13")
    assert json.loads(told.stdout)["targets"] == ["3.13"]


class TestOtherCalls:
    CALLS = "from keras.regularizers import l2\n\noptions = dict(kernel_regularizer=l2(0.1))\n"

    def test_they_are_left_out_of_the_table(self, kreglint, write):
        write("model.py", self.CALLS)
        assert kreglint("report").stdout == "0 layers in 1 file: 0 regularized, 0 unresolved.\n"

    def test_they_are_shown_and_not_counted_where_they_are_asked_for(self, kreglint, write):
        write("model.py", self.CALLS)
        _, row, *_, totals = kreglint("report", "--all-calls").stdout.splitlines()
        assert row.split()[:2] == ["model.py:3:11", "dict"]
        assert totals == "0 layers in 1 file: 0 regularized, 0 unresolved."

    def test_json_always_has_them(self, kreglint, write):
        write("model.py", self.CALLS)
        [layer] = json.loads(kreglint("report", "--output-format", "json").stdout)["layers"]
        assert (layer["entry"], layer["layer"], layer["regularizers"][0]["effect"]) == ("call", "dict", "unknown")


class TestCompare:
    def compare(self, kreglint, write, changed, *options):
        write("model.py", SOURCE)
        assert kreglint("report", "--output-format", "json", "--output-file", "old.json", "model.py").returncode == 0
        write("model.py", changed)
        return kreglint("report", "--compare", "old.json", *options, "model.py")

    def test_rows_and_ways_of_writing_change_nothing(self, kreglint, write):
        changed = SOURCE.replace("layers.Conv2D", "\n\nlayers.Conv2D").replace('"l2"', "regularizers.L2(0.01)")
        run = self.compare(kreglint, write, changed)
        assert (run.returncode, run.stdout, run.stderr) == (0, "Nothing has changed.\n", "")

    def test_another_lambda_is_told_with_both(self, kreglint, write):
        run = self.compare(kreglint, write, SOURCE.replace('"l2"', "regularizers.L2(0.5)"))
        heading, row, _, totals = run.stdout.splitlines()
        assert heading.split() == ["Change", "Place", "Layer", "Name", "Scope", "Argument", "Before", "After"]
        told = "changed model.py:3:1 Dense first <module> kernel_regularizer L2(l2=0.01) L2(l2=0.5)"
        assert row.split() == told.split()
        assert (run.returncode, totals) == (1, "0 layers added, 0 removed, 1 regularizer changed.")

    def test_layers_come_and_go(self, kreglint, write):
        run = self.compare(kreglint, write, SOURCE.replace('name="first"', 'name="second"'))
        rows = [row.split() for row in run.stdout.splitlines()[1:3]]
        assert sorted((row[0], row[3]) for row in rows) == [("added", "second"), ("removed", "first")]
        assert run.returncode == 1

    def test_json_has_what_was_and_what_is(self, kreglint, write):
        run = self.compare(kreglint, write, SOURCE.replace('"l2"', "None"), "--output-format", "json")
        [change] = json.loads(run.stdout)["changes"]
        told = (change["change"], change["layer"], change["name"], change["argument"])
        assert told == ("changed", "Dense", "first", "kernel_regularizer")
        assert [(entry["kind"], entry["effect"]) for entry in (*change["before"], *change["after"])] == [
            ("L2", "applied"),
            ("none", "ignored"),
        ]

    def test_every_format_shows_it(self, kreglint, write):
        for form in ("text", "markdown", "csv", "html"):
            run = self.compare(kreglint, write, SOURCE.replace('"l2"', '"l1"'), "--output-format", form)
            assert (run.returncode, "first" in run.stdout, "0.01" in run.stdout) == (1, True, True)

    def test_what_is_no_report_is_an_error_in_one_line(self, kreglint, write):
        write("model.py", SOURCE)
        for text in ("", "[]", '{"schema": 1, "layers": []}', '{"schema": 2, "layers": [{}]}', '{"schema": 2}'):
            write("old.json", text)
            run = kreglint("report", "--compare", "old.json", "model.py")
            assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
            assert run.stderr.startswith("kreglint: error: old.json: expected ")
        assert kreglint("report", "--compare", "none.json", "model.py").returncode == 2
