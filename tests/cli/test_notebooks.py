from __future__ import annotations

import json

import pytest

IMPORT = "from keras import layers\n"
L2 = "from keras.regularizers import l2\n"
KERAS1 = 'layers.Dense(4, W_regularizer="l2")\n'
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'


def notebook(*cells):
    listed = [{"cell_type": "code", "metadata": {}, "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


FIXABLE = notebook(IMPORT, KERAS1)
FIXED = FIXABLE.replace("W_reg", "kernel_reg")


class TestCheck:
    def test_one_in_a_folder_is_found_and_fixed(self, kreglint, write):
        file = write("nets/a.ipynb", FIXABLE)
        assert kreglint("check").stdout.startswith("nets/a.ipynb:cell 2:1:17: KRG501 ")
        assert kreglint("check", "--fix").returncode == 0
        assert file.read_text() == FIXED

    def test_both_ways_to_count_cells_are_told(self, kreglint, write):
        kinds = ("code", "markdown", "raw", "code")
        cells = [{"cell_type": kind, "metadata": {}, "source": IMPORT + KERAS1} for kind in kinds]
        write("a.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        found = json.loads(kreglint("check", "--output-format", "json").stdout)
        assert [(each["cell"], each["code_cell"]) for each in found] == [(1, 1), (3, 2)]
        layers = json.loads(kreglint("report", "--output-format", "json").stdout)["layers"]
        assert [(each["cell"], each["code_cell"]) for each in layers] == [(1, 1), (3, 2)]
        text = kreglint("check", "--output-format", "text").stdout
        assert "a.ipynb:cell 3 (code cell 2):2:17: KRG501 " in text

    def test_one_on_standard_input_is_known_by_its_name(self, kreglint):
        given = ("--stdin-filename", "nets/a.ipynb", "-")
        assert kreglint("check", *given, stdin=FIXABLE.encode()).stdout.startswith("nets/a.ipynb:cell 2:1:17: KRG501 ")
        run = kreglint("check", "--fix", *given, stdin=FIXABLE.encode())
        assert (run.returncode, run.stdout) == (0, FIXED)

    def test_checkpoints_are_passed_over(self, kreglint, write):
        write(".ipynb_checkpoints/a.ipynb", FIXABLE)
        assert kreglint("check").stderr == "kreglint: warning: no Python files found\n"

    def test_a_markdown_file_is_checked_where_it_is_named(self, kreglint, write):
        write("README.md", f"```python\n{IMPORT}{KERAS1}```\n")
        assert kreglint("check").stderr == "kreglint: warning: no Python files found\n"
        assert kreglint("check", "README.md").stdout.startswith("README.md:3:17: KRG501 ")

    def test_json_has_the_cells_of_all_places(self, kreglint, write):
        write("a.ipynb", notebook(IMPORT + L2, "decay = -1.0", INERT.replace('"L1L2"', "l2(decay)"), INERT))
        negative, inert = json.loads(kreglint("check", "--output-format", "json").stdout)
        assert (negative["code"], negative["cell"], inert["code"], inert["cell"]) == ("KRG201", 3, "KRG302", 4)
        assert [related["cell"] for related in negative["related"]] == [2]
        assert [edit["cell"] for edit in inert["fix"]["edits"]] == [1, 4]

    def test_several_processes_say_the_same(self, kreglint, write):
        for name in ("a.ipynb", "b.ipynb", "c.py"):
            write(name, notebook(IMPORT, INERT, "(") if name.endswith("nb") else IMPORT + INERT)
        assert kreglint("check", "--jobs", "2").stdout == kreglint("check", "--jobs", "1").stdout != ""

    def test_a_diff_shows_the_lines_of_the_json(self, kreglint, write):
        file = write("a.ipynb", FIXABLE)
        changed = [line for line in kreglint("check", "--diff").stdout.splitlines() if line[:1] in "+-"]
        old, new = (json.dumps(line) for line in (KERAS1, KERAS1.replace("W_reg", "kernel_reg")))
        assert changed == ["--- a.ipynb", "+++ a.ipynb", f"-    {old}", f"+    {new}"]
        assert file.read_text() == FIXABLE

    def test_rules_are_left_out_by_file(self, kreglint, write):
        write("a.ipynb", FIXABLE)
        write("b.py", IMPORT + KERAS1)
        run = kreglint("check", "--per-file-ignores", "*.ipynb:KRG501")
        assert [line.split(":")[0] for line in run.stdout.splitlines()] == ["b.py"]

    def test_a_cell_that_cannot_be_parsed_is_told_while_fixing(self, kreglint, write):
        file = write("a.ipynb", notebook(IMPORT, "(", KERAS1))
        run = kreglint("check", "--fix-only")
        assert "a.ipynb:cell 2:1:1: KRG900 this cell cannot be parsed: " in run.stderr
        assert "W_reg" not in file.read_text()


class TestComments:
    def test_they_are_written_into_cells_and_all_else_stays(self, kreglint, write):
        file = write("a.ipynb", notebook(IMPORT, "x = 1\n" + KERAS1 + INERT.rstrip()))
        run = kreglint("check", "--add-noqa=as in the paper")
        assert (run.returncode, run.stderr) == (0, "2 findings suppressed by comments in 1 file.\n")
        first = f"{KERAS1.rstrip()}  # noqa: KRG501 as in the paper"
        second = f"{INERT.rstrip()}  # noqa: KRG302 as in the paper"
        assert file.read_text() == notebook(IMPORT, f"x = 1\n{first}\n{second}")
        assert kreglint("check").returncode == 0

    def test_those_of_other_linters_stay_and_ours_come_after_them(self, kreglint, write):
        file = write("a.ipynb", notebook("%pylab\n" + IMPORT, f"!ls 'x\n{INERT.rstrip()}  # noqa: E501"))
        kreglint("check", "--add-noqa")
        assert (
            json.loads(file.read_text())["cells"][1]["source"][1] == f"{INERT.rstrip()}  # noqa: E501  # noqa: KRG302"
        )

    def test_a_cell_that_cannot_be_parsed_keeps_none_from_the_others(self, kreglint, write):
        file = write("a.ipynb", notebook(IMPORT, "(", INERT))
        run = kreglint("check", "--add-noqa")
        assert (run.returncode, "1 left" in run.stderr) == (1, True)
        assert file.read_text() == notebook(IMPORT, "(", f"{INERT.rstrip()}  # noqa: KRG302\n")

    def test_they_are_written_into_the_blocks_of_markdown_too(self, kreglint, write):
        text = f"- a\n\n  ```py\n  {IMPORT}\n  {{}}\n  ```\n"
        file = write("README.md", text.format(INERT.rstrip()))
        assert kreglint("check", "--add-noqa", "README.md").returncode == 0
        assert file.read_text() == text.format(f"{INERT.rstrip()}  # noqa: KRG302")


class TestBaseline:
    @pytest.mark.parametrize("more", [(), ("x = 1",)])
    def test_what_is_known_stays_known_where_cells_come_before(self, kreglint, write, more):
        write("a.ipynb", notebook(IMPORT, INERT, INERT, "(", "("))
        told = kreglint("check", "--write-baseline", "known.json").stderr
        assert told == "4 findings in known.json (4 new, 0 gone).\n"
        write("a.ipynb", notebook(*more, IMPORT, INERT, INERT, "(", "("))
        assert (kreglint("check", "--baseline", "known.json").stdout) == ""
        write("a.ipynb", notebook(*more, IMPORT, INERT, INERT, INERT, "(", "("))
        assert kreglint("check", "--baseline", "known.json").stdout.count(": KRG302 ") == 1


class TestReport:
    def test_layers_have_their_cells(self, kreglint, write):
        write("a.ipynb", notebook(IMPORT + L2 + "decay = l2(0.1)", "x = 1\n" + INERT.replace('"L1L2"', "decay")))
        (layer,) = json.loads(kreglint("report", "--output-format", "json").stdout)["layers"]
        assert (layer["filename"], layer["cell"], layer["location"]) == ("a.ipynb", 2, {"row": 2, "column": 1})
        assert [place["cell"] for place in layer["regularizers"][0]["origin"]] == [1]
        assert "a.ipynb:cell 2:2:1" in kreglint("report").stdout

    def test_a_cell_that_cannot_be_parsed_is_told(self, kreglint, write):
        write("a.ipynb", notebook(IMPORT, "(", INERT))
        run = kreglint("report")
        assert run.returncode == 1
        assert run.stderr.startswith("kreglint: warning: a.ipynb:cell 2:1:1: KRG900 this cell cannot be parsed: ")
