"""Databricks notebooks that are kept as Python files."""

from pathlib import Path

import pytest

from kreglint.engine.api import check_paths, check_source, fix_source
from kreglint.settings.schema import Settings
from kreglint.source.databricks import cells_of

HEAD = "# Databricks notebook source\n"
NEXT = "\n# COMMAND ----------\n\n"
IMPORT = "from keras import layers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'


def places(text: str) -> list[tuple[str, int, int]]:
    found = check_source(text, "notebook.py", Settings(keras_version="3"))
    return [(each.code, *each.location) for each in found]


def place_of_fault(text: str) -> tuple[str, int, int]:
    before = text[: text.index('"L1L2"')]
    return ("KRG302", before.count("\n") + 1, len(before) - before.rfind("\n"))


@pytest.mark.parametrize(
    "cell",
    [
        f"# MAGIC %python\n# MAGIC {INERT}",
        f"# DBTITLE 1,A layer\n# MAGIC %python\n# MAGIC\n# MAGIC {INERT}",
        f"# MAGIC %python {INERT}",
        f"# MAGIC %python\n# MAGIC if 1:\n# MAGIC     {INERT}",
        INERT,
    ],
)
def test_a_cell_in_python_is_read_in_its_place(cell):
    text = HEAD + IMPORT + NEXT + cell + NEXT + "# MAGIC %sql\n# MAGIC select 1\n"
    assert places(text) == [place_of_fault(text)]


@pytest.mark.parametrize("language", ["md", "sql", "scala", "r", "sh", "fs ls"])
def test_a_cell_in_another_language_is_none_of_it(language):
    assert places(f"{HEAD}# MAGIC %python\n# MAGIC {IMPORT}{NEXT}# MAGIC %{language}\n# MAGIC {INERT}") == []


def test_a_notebook_that_is_run_gives_its_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("config.py").write_text(f'{HEAD}PENALTY = "ridge"\n')
    Path("notebook.py").write_text(
        f"{HEAD}# MAGIC %run ./config{NEXT}{IMPORT}layers.Dense(4, kernel_regularizer=PENALTY)\n"
    )
    assert [each.code for report in check_paths(["notebook.py"]) for each in report.diagnostics] == ["KRG101"]


def test_a_fix_writes_behind_the_comment_signs():
    imports = "from keras import layers, regularizers\n"
    text = f"{HEAD}# MAGIC %python\n# MAGIC {imports}# MAGIC {INERT}"
    fixed, _ = fix_source(text, "notebook.py", Settings(keras_version="3"), unsafe=True)
    assert fixed == text.replace('"L1L2"', "regularizers.L1L2(l1=0.01, l2=0.01)")


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{IMPORT}{NEXT}{INERT}",  # all in the open
        f"# MAGIC %python\n# MAGIC {INERT}",  # of no notebook
        f"{HEAD}# MAGIC %python\n# MAGIC {INERT}{NEXT}x = (\n",
    ],
)
def test_any_other_file_is_what_it_is(text):
    assert cells_of(text) is None
