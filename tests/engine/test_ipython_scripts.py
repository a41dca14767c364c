"""Python files with lines of IPython in them: they are checked as a notebook is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint import check_source, fix_source, report_source
from kreglint.engine.check import check
from kreglint.engine.files import report_content
from kreglint.engine.programs import UnreadableError
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORT = "from keras import layers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
EVERY = Settings(extend_select=("KRG902",))


def places(text, settings=None):
    return [(found.code, *found.location) for found in check_source(text, "a.py", settings)]


@pytest.mark.parametrize(
    "line",
    [
        "!pip install keras",
        "%matplotlib inline",
        "%pip install keras",
        "files = !ls",
        "layers.Dense?",
        "?layers",
        "%%time",
        "if True:\n    !pip install keras",
        "\npip install keras\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_one_line_of_ipython_leaves_the_rest_of_a_file_checked(line, end):
    text = f"{IMPORT}{line}\n{INERT}".replace("\n", end)
    row = 3 + line.count("\n")
    assert places(text) == [("KRG302", row, 36)]
    assert places(text.encode()) == [("KRG302", row, 36)]
    assert report_source(text).layers


def test_the_inventory_has_its_layers():
    report = report_content(f"{IMPORT}!ls\n{INERT}".encode(), "a.ipy", Settings(), Run())
    assert ([layer.location.row for layer in report.layers], report.diagnostics) == ([3], ())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{IMPORT}!ls\nx = = 1\n", (3, 5)),
        (f"{IMPORT}x = = 1\n!ls\n", (2, 5)),
        (f"{IMPORT}%%bash\nls\n", (2, 1)),
        (f"{IMPORT}x = 1\npip install keras\n", (3, 5)),
        (f"{IMPORT}if x:\n!ls\n", (3, 1)),
    ],
)
def test_what_python_refuses_for_another_reason_is_told_where_it_is(text, place):
    [found] = check_source(text, "a.py")
    assert (found.code, *found.location) == ("KRG900", *place)
    assert found.source_lines == (text.splitlines()[place[0] - 1],)
    with pytest.raises(UnreadableError):
        report_source(text)


def test_comments_count_beside_lines_of_ipython():
    noqa = f"{IMPORT}!echo it's # noqa\n{INERT.rstrip()}  # noqa: KRG302\n!ls ''' # noqa: KRG302\n{INERT}"
    assert places(noqa, EVERY) == [("KRG302", 5, 36)]
    assert places(f"{IMPORT}!echo '''\n# kreglint: ignore-file\n{INERT}") == []
    assert places(f"{IMPORT}!echo '''\n# kreglint: ignore-file\nx = = 1\n") == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_fixes_leave_the_lines_of_ipython_as_they_are(end):
    lines = (
        "from keras import layers",
        "!echo '\"' \\",
        "  x",
        'layers.Dense(4, W_regularizer="l2")',
        "files = !ls",
        "",
    )
    text = end.join(lines)
    fixed, remaining = fix_source(text, "a.py", Settings(keras_version="3"))
    assert fixed == text.replace("W_regularizer", "kernel_regularizer")
    assert remaining == []
    as_bytes, _ = fix_source(text.encode(), "a.py", Settings(keras_version="3"))
    assert as_bytes == fixed


def test_what_a_magic_runs_is_read():
    rebound = f'{IMPORT}reg = "l2"\n%time reg = "L1L2"\nlayers.Dense(4, kernel_regularizer=reg)\n'
    assert places(rebound) == [("KRG302", 4, 36)]
    assert places(f"{IMPORT}%time {INERT}") == [("KRG302", 2, 42)]


def test_valid_python_is_read_as_it_stands():
    text = f"{IMPORT}x = 5 \\\n% 3\ny = ('''\n!ls\n''')\n{INERT}"
    assert places(text) == [("KRG302", 7, 36)]


LINES = (
    "!pip install keras\n",
    "%matplotlib inline\n",
    "!echo ''' ( \\\n  \"\n",
    "files = !ls\n",
    "found, more = %sql select '(\n",
    "layers.Dense??\n",
    "?\n",
    "%time f(\n",
    "%%time\n",
    "if True:\n    !ls [\n",
    "\npip install keras\n\n",
    "# %%\n%%bash\nls ( '''\n# %%\n",
)
STATEMENTS = (
    INERT,
    'layers.Dense(\n    4,\n    kernel_regularizer="l3",\n)\n',
    'def build():\n    return layers.Dense(4, W_regularizer="l2")\n',
    'reg = "L1L2"\n',
    "layers.Dense(4, bias_regularizer=reg)\n",
    f"{INERT.rstrip()}  # noqa: KRG302\n",
    "x = 1 + \\\n  2\n",
    "text = '''\n!ls\n'''\n",
)


@given(st.lists(st.tuples(st.sampled_from(["", *LINES]), st.sampled_from(STATEMENTS)), max_size=6))
def test_findings_are_those_of_the_program_without_the_lines_of_ipython(pieces):
    rows, plain, mixed = [1], IMPORT, IMPORT
    for line, statement in pieces:
        first = mixed.count("\n") + line.count("\n") + 1
        rows += range(first, first + statement.count("\n"))
        plain, mixed = plain + statement, mixed + line + statement
    expected = [(d.code, d.message, rows[d.location.row - 1], d.location.column) for d in check(plain, "a.py", EVERY)]
    assert [(d.code, d.message, *d.location) for d in check(mixed, "a.py", EVERY)] == expected
