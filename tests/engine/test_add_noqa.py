"""Comments for findings: where they go, and that nothing else changes."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.engine.add_noqa import RefusedError, with_noqa
from kreglint.engine.check import check
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORT = "from keras import layers, regularizers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")'


def added(text, reason="", settings=None, encoding="utf-8"):
    data = (IMPORT + text).encode(encoding)
    found = check(data, "a.py", settings or Settings())
    return with_noqa(data, "a.py", found, reason, settings or Settings(), Run()).decode(encoding).removeprefix(IMPORT)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (INERT, f"{INERT}  # noqa: KRG302"),
        (f"{INERT}   ", f"{INERT}  # noqa: KRG302"),
        (f"{INERT}  # the paper", f"{INERT}  # the paper  # noqa: KRG302"),
        (f"{INERT}  # noqa: E501", f"{INERT}  # noqa: E501  # noqa: KRG302"),
        (f"{INERT}  # noqa:E501,W291", f"{INERT}  # noqa:E501,W291  # noqa: KRG302"),
        (f"{INERT}  # noqa: E501 too long", f"{INERT}  # noqa: E501 too long  # noqa: KRG302"),
        (f"{INERT}  # type: ignore # noqa: E501", f"{INERT}  # type: ignore # noqa: E501  # noqa: KRG302"),
        (f"{INERT}  # noqa: KRG201", f"{INERT}  # noqa: KRG201, KRG302"),
        (f"{INERT}  # noqa:KRG2,krg6", f"{INERT}  # noqa:KRG2,krg6,KRG302"),
        (f"{INERT}  # noqa: KRG201 why", f"{INERT}  # noqa: KRG201, KRG302 why"),
        (f"{INERT}  # noqa: E501  # noqa: KRG201", f"{INERT}  # noqa: E501  # noqa: KRG201, KRG302"),
        (f"{INERT}  # noqa: KRG201  # noqa: E501", f"{INERT}  # noqa: KRG201, KRG302  # noqa: E501"),
        (f"{INERT}  # noqa: E501, KRG201", f"{INERT}  # noqa: E501, KRG201  # noqa: KRG302"),
        (f"{INERT}; x = '# noqa: E501'", f"{INERT}; x = '# noqa: E501'  # noqa: KRG302"),
    ],
)
def test_a_comment_is_written_or_extended(line, expected):
    assert added(f"{line}\nx = 1\n") == f"{expected}\nx = 1\n"


def test_a_comment_may_give_the_reason():
    assert added(f"{INERT}\n", "as in the paper") == f"{INERT}  # noqa: KRG302 as in the paper\n"


def test_several_codes_of_one_row_are_one_comment():
    line = 'layers.Dense(4, kernel_regularizer="L1L2", bias_regularizer="l3", activity_regularizer="l4")'
    assert added(f"{line}\n") == f"{line}  # noqa: KRG101, KRG302\n"


def test_the_comment_stands_at_the_end_of_the_finding():
    call = 'layers.Dense(\n    4,\n    kernel_regularizer="L1L2",{}\n)\n'
    assert added(call.format("")) == call.format("  # noqa: KRG302")


@pytest.mark.parametrize(
    "call",
    [
        'layers.Dense(4, kernel_regularizer="L1L2", name="""\na\n"""){}\n',
        'layers.Dense(4, kernel_regularizer="""L1\\\nL2"""){}\n',
        'x = layers.Dense(4, kernel_regularizer="L1L2") \\\n    (1){}\n',
        'x = 1 + \\\n    layers.Dense(4, kernel_regularizer="L1L2"){}\n',
    ],
)
def test_a_row_that_ends_in_a_string_or_with_a_backslash_has_it_where_a_comment_can_stand(call):
    assert added(call.format("")) == call.format("  # noqa: KRG302")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_line_ends_stay(end):
    assert added(f"{INERT}{end}") == f"{INERT}  # noqa: KRG302{end}"


def test_what_is_not_reported_has_no_comment():
    assert added(f"{INERT}\n", settings=Settings(ignore=("KRG302",))) == f"{INERT}\n"


def test_a_byte_order_mark_and_an_encoding_stay():
    data = b"\xef\xbb\xbf" + f"{IMPORT}{INERT}\r\n".encode()
    found = check(data, "a.py", Settings())
    assert with_noqa(data, "a.py", found, "", Settings(), Run()) == data[:-2] + b"  # noqa: KRG302\r\n"
    assert added(f"# coding: latin-1\nx = 'é'\n{INERT}\n".replace(IMPORT, ""), encoding="utf-8")


def test_a_reason_that_the_encoding_does_not_have_is_refused():
    data = f"# coding: latin-1\n{IMPORT}{INERT}  # é\n".encode("latin-1")
    found = check(data, "a.py", Settings())
    with pytest.raises(RefusedError, match=r"a\.py: 'λ' cannot be written in latin-1"):
        with_noqa(data, "a.py", found, "λ", Settings(), Run())


def test_comments_that_would_not_suppress_are_refused():
    data = f"{IMPORT}{INERT}\n{INERT}\n".encode()
    found = [replace(diagnostic, noqa_row=1) for diagnostic in check(data, "a.py", Settings())]
    with pytest.raises(RefusedError, match="would not suppress"):
        with_noqa(data, "a.py", found, "", Settings(), Run())


def test_findings_that_are_not_given_remain():
    data = f"{IMPORT}{INERT}\n{INERT}\n".encode()
    found = check(data, "a.py", Settings())
    after = with_noqa(data, "a.py", found[:1], "", Settings(), Run())
    assert after.decode() == f"{IMPORT}{INERT}  # noqa: KRG302\n{INERT}\n"


PIECES = (
    f"{INERT}\n",
    f"{INERT}  # why not\n",
    f"{INERT}  # noqa: E501\n",
    f"if True:\n\t{INERT} ; y = 2 \n",
    'layers.Dense(4,\n  kernel_regularizer= "l3" , bias_regularizer=(\n  "L1L2"\n  ), name=""" a\n # b """\n)\n',
    "x = [layers.Dense(u, kernel_regularizer=regularizers.L2(-1.0)) \\\n  for u in range(3)] ; z = '''\n'''\n",
    "text = '''\nlayers.Dense(4, kernel_regularizer=\"L1L2\")\n'''\n",
    "# a comment\n",
    "\n",
)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_only_comments_come_all_findings_go_and_a_second_run_changes_nothing(pieces, end):
    text = (IMPORT + "".join(pieces)).replace("\n", end)
    data = text.encode()
    once = with_noqa(data, "a.py", check(data, "a.py", Settings()), "as it was", Settings(), Run())
    assert ast.dump(ast.parse(once)) == ast.dump(ast.parse(data))
    assert check(once, "a.py", Settings()) == []
    assert with_noqa(once, "a.py", [], "as it was", Settings(), Run()) == once
    assert once.count(end.encode()) == data.count(end.encode())
