"""A notebook that jupytext keeps in two files: what both have is told once, and each file is written as any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     formats: {formats}
#     text_representation:
#       format_name: percent
# ---

"""
IMPORT = "from keras import layers"
INERT = 'hidden = layers.Dense(4, kernel_regularizer="L1L2")'
OTHER = 'other = layers.Dense(4, kernel_regularizer="L1L2")'
MISSPELT = 'output = layers.Dense(1, kernel_regularizer="l22")'


def notebook(*cells: str, **metadata: object) -> str:
    made = [
        {"cell_type": "code", "metadata": {}, "source": cell.splitlines(keepends=True), "outputs": []} for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n"


def script(*cells: str, formats: str = "ipynb,py:percent") -> str:
    return HEADER.format(formats=formats) + "\n\n".join(f"# %%\n{cell}" for cell in cells) + "\n"


@pytest.fixture
def found(kreglint):
    """The files, codes and rows of a run's findings."""

    def run(*arguments: str) -> list[tuple[str, str, int]]:
        done = kreglint("check", *arguments, "--isolated", "--output-format", "json")
        told = [(each["filename"], each["code"], each["location"]["row"]) for each in json.loads(done.stdout)]
        assert done.returncode == bool(told)
        return told

    return run


@pytest.fixture
def pair(write):
    write("nb.ipynb", notebook(IMPORT, INERT))
    return write("nb.py", script(IMPORT, INERT))


class TestCheck:
    def test_a_finding_is_told_of_the_file_that_comes_first(self, pair, found):
        assert found(".") == [("nb.ipynb", "KRG302", 1)]
        assert found("nb.py", "nb.ipynb") == [("nb.py", "KRG302", 13)]

    def test_of_one_file_alone_all_is_told(self, pair, found):
        assert found("nb.py") == [("nb.py", "KRG302", 13)]

    def test_the_summary_counts_it_once(self, pair, kreglint):
        done = kreglint("check", ".", "--isolated")
        assert "Found 1 finding (1 error) in 1 of 2 files." in done.stderr
        assert done.stdout.count("KRG302") == 1

    def test_statistics_count_it_once(self, pair, kreglint):
        [counted] = json.loads(kreglint("check", ".", "--statistics", "--output-format", "json").stdout)
        assert counted["count"] == 1

    def test_what_only_one_of_them_has_is_told(self, write, found):
        write("nb.ipynb", notebook(IMPORT, INERT))
        write("nb.py", script(IMPORT, INERT, MISSPELT, OTHER))
        assert found(".") == [("nb.ipynb", "KRG302", 1), ("nb.py", "KRG101", 16), ("nb.py", "KRG302", 19)]

    def test_where_one_has_a_line_more_often_the_last_is_told(self, write, found):
        write("nb.ipynb", notebook(IMPORT, INERT, INERT))
        write("nb.py", script(IMPORT, INERT, INERT, INERT))
        assert found(".") == [("nb.ipynb", "KRG302", 1), ("nb.ipynb", "KRG302", 1), ("nb.py", "KRG302", 19)]

    def test_a_script_by_the_same_name_is_another_program(self, write, found):
        write("nb.ipynb", notebook(IMPORT, INERT))
        write("nb.py", f"{IMPORT}\n{INERT}\n")
        assert found(".") == [("nb.ipynb", "KRG302", 1), ("nb.py", "KRG302", 2)]

    def test_the_notebook_may_say_that_it_is_paired(self, write, found):
        write("nb.ipynb", notebook(IMPORT, INERT, jupytext={"formats": "ipynb,py:percent"}))
        write("nb.py", f"# %%\n{IMPORT}\n\n# %%\n{INERT}\n")
        assert found(".") == [("nb.ipynb", "KRG302", 1)]

    @pytest.mark.parametrize(
        ("file", "content"),
        [
            ("jupytext.toml", 'formats = "ipynb,py:percent"\n'),
            ("pyproject.toml", '[tool.jupytext]\nformats = "ipynb,py:percent"\n'),
        ],
    )
    def test_a_configuration_of_jupytext_may_say_it_of_all(self, file, content, write, found):
        write(file, content)
        write("a/nb.ipynb", notebook(IMPORT, INERT))
        write("a/nb.py", f"# %%\n{IMPORT}\n\n# %%\n{INERT}\n")
        assert [file for file, _, _ in found(".")] == ["a/nb.ipynb"]

    def test_the_two_may_lie_in_folders_that_the_formats_name(self, write, found):
        formats = "notebooks//ipynb,scripts//py:percent"
        write("notebooks/nb.ipynb", notebook(IMPORT, INERT))
        write("scripts/nb.py", script(IMPORT, INERT, formats=formats))
        write("b/nb.py", script(IMPORT, INERT, formats=formats))
        assert [file for file, _, _ in found(".")] == ["b/nb.py", "notebooks/nb.ipynb"]

    def test_a_notebook_in_three_files_is_one(self, pair, write, found):
        write("nb.md", f"---\njupytext:\n  formats: ipynb,py,md\n---\n\n```python\n{IMPORT}\n{INERT}\n```\n")
        assert found("nb.md", ".") == [("nb.md", "KRG302", 8)]

    def test_what_a_comment_suppresses_in_one_is_told_of_the_other(self, write, found):
        write("nb.ipynb", notebook(IMPORT, f"{INERT}  # noqa: KRG302"))
        write("nb.py", script(IMPORT, INERT))
        assert found(".") == [("nb.py", "KRG302", 13)]

    def test_sarif_has_what_is_suppressed_in_both_once(self, write, kreglint):
        write("nb.ipynb", notebook(IMPORT, f"{INERT}  # noqa: KRG302"))
        write("nb.py", script(IMPORT, f"{INERT}  # noqa: KRG302"))
        [log] = json.loads(kreglint("check", ".", "--output-format", "sarif").stdout)["runs"]
        assert len(log["results"]) == 1

    def test_a_magic_that_the_script_has_in_a_comment_is_the_same(self, write, found):
        write("nb.ipynb", notebook("!pip install keras==2.3.1", IMPORT, f"%time {MISSPELT}"))
        write("nb.py", script("# !pip install keras==2.3.1", IMPORT, f"# %time {MISSPELT}"))
        assert found(".") == [("nb.ipynb", "KRG101", 1)]
        assert found("nb.py") == [("nb.py", "KRG101", 16)]


class TestWriting:
    def test_fixes_mend_both(self, write, kreglint):
        line = "layers.Dense(4, W_regularizer='l2')"
        first, second = write("nb.ipynb", notebook(IMPORT, line)), write("nb.py", script(IMPORT, line))
        done = kreglint("check", ".", "--isolated", "--fix")
        assert (done.returncode, done.stdout) == (0, "")
        assert "Found 2 findings (2 fixed, 0 remaining)" in done.stderr
        mended = line.replace("W_", "kernel_")
        assert first.read_text("utf-8") == notebook(IMPORT, mended)
        assert second.read_text("utf-8") == script(IMPORT, mended)

    def test_what_fixes_leave_is_told_once(self, pair, kreglint):
        done = kreglint("check", ".", "--isolated", "--fix")
        assert done.returncode == 1
        assert done.stdout.count("KRG302") == 1

    def test_both_get_the_comment(self, pair, kreglint, found):
        kreglint("check", ".", "--isolated", "--add-noqa")
        assert pair.read_text("utf-8") == script(IMPORT, f"{INERT}  # noqa: KRG302")
        assert Path(pair.with_name("nb.ipynb")).read_text("utf-8") == notebook(IMPORT, f"{INERT}  # noqa: KRG302")
        assert found(".") == []

    def test_a_baseline_holds_in_both(self, pair, kreglint, found):
        kreglint("check", ".", "--isolated", "--write-baseline", "known.json")
        for paths in (
            [
                ".",
            ],
            ["nb.py"],
            ["nb.ipynb"],
            ["nb.py", "nb.ipynb"],
        ):
            assert found(*paths, "--baseline", "known.json") == []

    def test_a_baseline_of_one_leaves_the_other_to_be_told(self, pair, kreglint, found):
        kreglint("check", "nb.ipynb", "--isolated", "--write-baseline", "known.json")
        assert found(".", "--baseline", "known.json") == [("nb.py", "KRG302", 13)]


class TestReport:
    def test_a_layer_is_counted_once(self, pair, kreglint):
        report = json.loads(kreglint("report", ".", "--output-format", "json").stdout)
        assert [(each["filename"], each["layer"]) for each in report["layers"]] == [("nb.ipynb", "Dense")]
        assert report["summary"]["files"] == 2

    def test_a_layer_with_another_penalty_is_another(self, write, kreglint):
        line = "layers.Dense(4, kernel_regularizer={})"
        write("nb.ipynb", notebook(IMPORT, line.format("'l1'"), line.format("'l2'")))
        write("nb.py", script(IMPORT, line.format("'l1'"), line.format("'l1'")))
        report = json.loads(kreglint("report", ".", "--output-format", "json").stdout)
        assert [each["filename"] for each in report["layers"]] == ["nb.ipynb", "nb.ipynb", "nb.py"]
