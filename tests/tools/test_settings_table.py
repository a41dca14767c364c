"""The table of settings in the documentation."""

import pytest
from markdown_it import MarkdownIt

from kreglint.settings.table import TABLE
from tools.settings_table import MARKER, renewed, table


def cells(line):
    tokens = MarkdownIt("commonmark").enable("table").parse(table())
    rows = [token.children for token in tokens if token.type == "inline"]
    texts = ["".join(part.content for part in row) for row in rows]
    return texts[line * 5 : line * 5 + 5]


def test_each_setting_is_a_row():
    assert [cells(number + 1)[0] for number in range(len(TABLE))] == [setting.key for setting in TABLE]


def test_a_row_says_what_is_set_its_default_and_where_it_is_an_option():
    assert cells(0) == ["key", "value", "default", "option", "flake8's option"]
    keys = [setting.key for setting in TABLE]
    assert cells(keys.index("keras-version") + 1) == [
        "keras-version",
        '"2", "3" or exact as "3.15"',
        "found file by file",
        "--keras-version 2|3|X.Y",
        "--kreglint-keras-version",
    ]
    assert cells(keys.index("fixable") + 1)[2:] == ['["ALL"]', "", ""]
    assert cells(keys.index("exclude") + 1)[3:] == ["--exclude PATTERNS", ""]


@pytest.mark.parametrize("old", ["", "| key |\n| --- |\n| `gone` |\n", table()])
def test_the_table_takes_the_place_of_the_one_below_the_marker(old):
    text = "| another |\n\n{}\n{}\nText | with a bar\n"
    assert renewed(text.format(MARKER, old)) == text.format(MARKER, table())


def test_a_document_without_the_marker_is_refused():
    with pytest.raises(ValueError, match="expected a line <!-- settings"):
        renewed("# Settings\n")
