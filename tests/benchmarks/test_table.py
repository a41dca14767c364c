"""The table of figures."""

from math import inf

import pytest

from tests.benchmarks.table import Row, write


@pytest.mark.parametrize(
    ("values", "aim", "held", "is_missed", "is_passed"),
    [
        ([0.5, 0.9, 0.7], 0.8, None, False, False),
        ([0.9], 0.8, None, True, True),
        ([0.9], 0.8, 1.0, True, False),
        ([1.1], 0.8, 1.0, True, True),
        ([90.0], 40, inf, True, False),
    ],
)
def test_a_missed_aim_is_told_and_only_what_is_held_is_judged(values, aim, held, is_missed, is_passed):
    row = Row("a file", "another", values, aim, held)
    assert (row.is_missed, row.is_passed) == (is_missed, is_passed)


def test_the_page_has_the_table_between_its_marks_and_all_else_as_it_was(tmp_path):
    page = tmp_path / "page.md"
    mark = "<!-- ratios: python -m tests.benchmarks.ratios --peers --write -->\n"
    page.write_text(f"# Performance\n\n{mark}old\n<!-- end of ratios -->\nrest\n")
    for _ in range(2):
        write(
            page,
            "Python 3.11:",
            [Row("a file", "another", [0.5, 0.75, 1.0], 0.6), Row("memory", "", [98], 150, unit=" MB")],
        )
    assert page.read_text().splitlines() == [
        "# Performance",
        "",
        mark.rstrip(),
        "Python 3.11:",
        "",
        "| measured | relative to | figure | from … to | runs | aim |",
        "| --- | --- | --- | --- | --- | --- |",
        "| a file | another | 0.75 | 0.50 to 1.00 | 3 | 0.60 (missed) |",
        "| memory |  | 98 MB |  | 1 | 150 MB |",
        "<!-- end of ratios -->",
        "rest",
    ]
