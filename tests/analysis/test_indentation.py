"""Programs with tabs and blanks in their indentation."""

from __future__ import annotations

import pytest

from kreglint import check_source
from kreglint.analysis.indentation import evenly_indented

MIXED = "if a:\n\tb\n\tif c:\n    \t\td\n\te\n"


def test_a_block_keeps_its_rows_and_columns():
    assert evenly_indented(MIXED) == "if a:\n b\n if c:\n      d\n e\n"


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    b\n",
        "if a:\n\tb\n\tc = '''\n\td'''\n",
        "if a:\n        b\n\tc\n",
        "if a:\n",
    ],
    ids=["no tab", "a tab in a string", "a tab for more blanks", "no program"],
)
def test_what_would_be_another_program_is_left_alone(text):
    assert evenly_indented(text) is None


def test_findings_stand_where_they_do_in_the_file():
    deeper = "    \t\tkeras.layers.Dense(4, kernel_regularizer='L1L2')"
    [found] = check_source(f"import keras\n{MIXED}def f():\n\tif a:\n{deeper}\n\treturn a\n")
    assert (found.code, found.location) == ("KRG302", (9, deeper.index("'") + 1))
