from pathlib import Path

import pytest

from kreglint.diagnostics import Severity
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.record import Record
from tools import pages

REPOSITORY = Path(__file__).parents[2]
UNKNOWN = Record({"keras": {}, "rules": {}})


class Full(Rule):
    """λ is 1 | or more."""

    code, name, severity, default = "KRG206", "full-lambda", Severity.INFO, False


@pytest.fixture
def full():
    return pages.pages([Full], UNKNOWN)


def test_there_is_a_page_for_each_rule_and_a_table(full):
    assert sorted(full) == ["KRG206.md", "index.md"]


def test_the_table_has_a_row_for_each_rule(full):
    assert full["index.md"].splitlines()[-1] == (
        "| [KRG206](KRG206.md) | full-lambda | info | opt-in | no | λ is 1 \\| or more. |"
    )


def test_writing_brings_a_folder_up_to_date(tmp_path, full):
    assert pages.write(tmp_path / "rules", full) == ["KRG206.md", "index.md"]
    assert pages.differences(tmp_path / "rules", full) == []


def test_writing_again_changes_nothing(tmp_path, full):
    pages.write(tmp_path, full)
    assert pages.write(tmp_path, full) == []


def test_the_page_of_a_rule_that_is_gone_is_removed(tmp_path, full):
    (tmp_path / "KRG001.md").write_text("old", encoding="utf-8")
    pages.write(tmp_path, full)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["KRG206.md", "index.md"]


def test_a_changed_page_is_a_difference(tmp_path, full):
    pages.write(tmp_path, full)
    (tmp_path / "KRG206.md").write_text("changed", encoding="utf-8")
    assert pages.differences(tmp_path, full) == ["KRG206.md"]


def test_check_tells_how_to_bring_the_pages_up_to_date(tmp_path, monkeypatch, capsys):
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kreglint.rules.RULES", (Full,))
    assert pages.main(["--check"]) == 1
    assert capsys.readouterr().err == ("docs/rules is out of date (KRG206.md, index.md): run python -m tools.pages\n")
    assert pages.main([]) == 0
    assert pages.main(["--check"]) == 0


def test_another_option_is_refused(capsys):
    assert pages.main(["--chek"]) == 2
    assert capsys.readouterr().err == "expected nothing or --check, received --chek\n"


def test_another_folder_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert pages.main([]) == 2
    assert capsys.readouterr().err == ("expected a folder docs/ here: run this in the top folder of the repository\n")


def test_the_committed_pages_are_up_to_date():
    assert pages.differences(REPOSITORY / "docs" / "rules", pages.pages(RULES)) == [], f"run {pages.COMMAND}"
