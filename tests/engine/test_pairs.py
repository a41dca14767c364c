"""Reports of files that jupytext keeps as one notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from kreglint import check_paths
from kreglint.engine.files import FileReport, check_files
from kreglint.engine.pairs import told_once
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: percent\n# ---\n"
CODE = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
MARKDOWN = f"---\njupyter:\n  jupytext:\n    main_language: python\n---\n\n```python\n{CODE}```\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(reports) -> list[tuple[str, list[str]]]:
    return [(report.filename, [each.code for each in report.diagnostics]) for report in reports]


def test_the_public_function_tells_each_finding_once(folder):
    (folder / "nb.py").write_text(HEADER + CODE, "utf-8")
    (folder / "nb.md").write_text(MARKDOWN, "utf-8")
    assert codes(check_paths(["nb.py", "nb.md"])) == [("nb.py", ["KRG302"]), ("nb.md", [])]
    assert codes(check_paths(["nb.md"])) == [("nb.md", ["KRG302"])]


def test_reports_come_as_they_are_asked_for():
    def endless():
        while True:
            yield FileReport("nb.py")

    assert next(told_once(endless())) == FileReport("nb.py")


def test_no_file_is_read_again_unless_two_of_one_name_have_something_in_common(folder, monkeypatch):
    files = {"a.py": CODE, "b.py": CODE, "c/a.py": CODE.replace("L1L2", "l22"), "d/a.py": ""}
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    reports = list(check_files(files, lambda file: Settings(), Run()))
    monkeypatch.delattr(Path, "open")
    assert list(told_once(reports)) == reports


def test_a_file_that_is_gone_is_no_notebook_of_jupytext(folder):
    for name in ("nb.py", "nb.md"):
        (folder / name).write_text(MARKDOWN if name == "nb.md" else HEADER + CODE, "utf-8")
    reports = list(check_files(["nb.py", "nb.md"], lambda file: Settings(), Run()))
    for name in ("nb.py", "nb.md"):
        (folder / name).unlink()
    assert list(told_once(reports)) == reports
