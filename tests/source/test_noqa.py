"""Which comments suppress what."""

from __future__ import annotations

import pytest

from kreglint.source.noqa import suppressions
from kreglint.source.text import Source

EVERYTHING = ["KRG201", "KRG302"]


def suppressed(text, row=1):
    found = suppressions(Source("model.py", text))
    return [code for code in EVERYTHING if found.suppresses(code, [row])]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# noqa", EVERYTHING),
        ("# NoQA", EVERYTHING),
        ("#noqa", EVERYTHING),
        ("# type: ignore # noqa", EVERYTHING),
        ("# noqa because of the paper", EVERYTHING),
        ("# noqa: because of the paper", EVERYTHING),
        ("# noqa: KRG302", ["KRG302"]),
        ("# noqa:KRG302", ["KRG302"]),
        ("# noqa : KRG302", ["KRG302"]),
        ("# NOQA: krg302", ["KRG302"]),
        ("# noqa: KRG302,KRG201", EVERYTHING),
        ("# noqa: KRG302, KRG201", EVERYTHING),
        ("# noqa: KRG302 KRG201", EVERYTHING),
        ("# noqa: E501,KRG302", ["KRG302"]),
        ("# noqa:KRG302 # as in the paper", ["KRG302"]),
        ("# noqa: KRG302 as in the paper", ["KRG302"]),
        ("# noqa: KRG3", ["KRG302"]),
        ("# noqa: E501", []),
        ("# noqa: E501, W291", []),
        ("# noqa: KRG3021", []),
        ("# noqable", []),
        ("# nothing", []),
        ("# flake8: noqa", []),
        ("# noqa: E501  # noqa: KRG302", ["KRG302"]),
        ("# noqa: KRG302 # noqa: KRG201 too", EVERYTHING),
        ("# noqa: KRG302  # noqa: E501", ["KRG302"]),
        ("# noqa: E501  # noqa", EVERYTHING),
        ("# noqa: E501  # noqa: W291", []),
    ],
)
def test_a_noqa_comment_suppresses(comment, expected):
    assert suppressed(f"x = 1  {comment}\n") == expected


def test_a_noqa_counts_on_its_own_row_only():
    assert [suppressed("x = 1\ny = 2  # noqa\nz = 3\n", row) for row in (1, 2, 3)] == [[], EVERYTHING, []]


def test_any_of_the_rows_of_a_finding_may_hold_the_noqa():
    found = suppressions(Source("model.py", "f(\n    1,  # noqa: KRG302\n)\n"))
    assert found.suppresses("KRG302", range(1, 4))
    assert not found.suppresses("KRG302", [1, 3])
    assert not found.suppresses("KRG302", [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_counted_over_every_line_end(end):
    assert suppressed(f"x = 1{end}\fy = 2  # noqa{end}", 2) == EVERYTHING


@pytest.mark.parametrize(
    "text", ['x = "# noqa"\n', 'x = """\n# noqa\n# kreglint: ignore-file\n"""\n', 'x = f"# noqa{y}# noqa"\n']
)
def test_text_in_a_string_is_no_comment(text):
    found = suppressions(Source("model.py", text))
    assert (found.file_ignored, dict(found.rows)) == (False, {})


@pytest.mark.parametrize("broken", ['"""\n', "(\n", "  x\n y\n", "'\n", "x = $\n", "\0\n"])
def test_a_file_that_does_not_tokenize_keeps_the_comments_before_the_fault(broken):
    assert suppressed("x = 1  # noqa\n" + broken) == EVERYTHING


def test_after_the_fault_nothing_is_suppressed():
    assert suppressed('x = 1\ny = """\nz = 2  # noqa\n', 3) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# kreglint: ignore-file",
        "#kreglint:ignore-file",
        "    # Kreglint: ignore-file",
        "# kreglint: ignore-file (generated)",
    ],
)
def test_a_comment_on_its_own_line_ignores_the_file(comment):
    assert suppressions(Source("model.py", f"x = 1\n{comment}\n")).file_ignored


@pytest.mark.parametrize(
    "line",
    ["x = 1  # kreglint: ignore-file", "# not kreglint: ignore-file", "# kreglint: ignore-files", "# kreglint: ignore"],
)
def test_anything_else_does_not_ignore_the_file(line):
    assert not suppressions(Source("model.py", f"{line}\n")).file_ignored


def test_a_file_without_the_words_is_not_tokenized():
    assert suppressions(Source("model.py", '"""')) == suppressions(Source("model.py", ""))
