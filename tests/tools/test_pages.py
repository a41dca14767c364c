from pathlib import Path

import pytest

from kreglint.diagnostics import Severity
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.record import Record
from tools import pages
from tools.settings_table import MARKER, table

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


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "configuration.md").write_text(f"# Settings\n\n{MARKER}\n\nEnd.\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def expected(docs):
    return pages.documents(docs, [Full], UNKNOWN)


def test_the_documents_are_the_pages_and_the_one_with_the_settings(docs, expected, full):
    assert expected == {
        "rules/KRG206.md": full["KRG206.md"],
        "rules/index.md": full["index.md"],
        "configuration.md": f"# Settings\n\n{MARKER}\n{table()}\nEnd.\n",
    }


def test_writing_brings_a_folder_up_to_date(docs, expected):
    assert pages.write(docs, expected) == ["configuration.md", "rules/KRG206.md", "rules/index.md"]
    assert pages.differences(docs, expected) == []


def test_writing_again_changes_nothing(docs, expected):
    pages.write(docs, expected)
    assert pages.documents(docs, [Full], UNKNOWN) == expected
    assert pages.write(docs, expected) == []


def test_the_page_of_a_rule_that_is_gone_is_removed(docs, expected):
    (docs / "rules").mkdir()
    (docs / "rules" / "KRG001.md").write_text("old", encoding="utf-8")
    pages.write(docs, expected)
    assert sorted(path.name for path in (docs / "rules").iterdir()) == ["KRG206.md", "index.md"]


def test_documents_that_are_not_written_are_left_alone(docs, expected):
    (docs / "fixes.md").write_text("by hand", encoding="utf-8")
    pages.write(docs, expected)
    assert (docs / "fixes.md").read_text(encoding="utf-8") == "by hand"


def test_a_changed_page_is_a_difference(docs, expected):
    pages.write(docs, expected)
    (docs / "rules" / "KRG206.md").write_text("changed", encoding="utf-8")
    assert pages.differences(docs, expected) == ["rules/KRG206.md"]


def test_check_tells_how_to_bring_the_documents_up_to_date(tmp_path, monkeypatch, capsys):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "configuration.md").write_text(f"{MARKER}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kreglint.rules.RULES", (Full,))
    assert pages.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "docs is out of date (configuration.md, rules/KRG206.md, rules/index.md): run python -m tools.pages\n"
    )
    assert pages.main([]) == 0
    assert pages.main(["--check"]) == 0


def test_another_option_is_refused(capsys):
    assert pages.main(["--chek"]) == 2
    assert capsys.readouterr().err == "expected nothing or --check, received --chek\n"


def test_another_folder_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert pages.main([]) == 2
    assert capsys.readouterr().err == (
        "expected docs/configuration.md here: run this in the top folder of the repository\n"
    )


def test_the_committed_documents_are_up_to_date():
    docs = REPOSITORY / "docs"
    assert pages.differences(docs, pages.documents(docs, RULES)) == [], f"run {pages.COMMAND}"
