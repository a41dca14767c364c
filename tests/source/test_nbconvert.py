"""Scripts in which lines of IPython are calls, as nbconvert 7 writes them."""

from __future__ import annotations

import pytest

from kreglint.engine.add_noqa import with_noqa
from kreglint.engine.api import check_source, fix_source
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings
from kreglint.source.nbconvert import calls_in

IMPORT = "from keras import layers\n"
INERT = 'hidden = layers.Dense(4, kernel_regularizer="L1L2")\n'


def cell_magic(name: str, body: str, line: str = "") -> str:
    return f"get_ipython().run_cell_magic({name!r}, {line!r}, {body!r})\n"


def places(script: str) -> list[tuple[str, int, int]]:
    found = check_source(script, "nb.py", Settings(keras_version="3"))
    return [(each.code, *each.location) for each in found]


def place_of(written: str, script: str) -> tuple[str, int, int]:
    """The place where something stands in the text of the script."""
    row = next(number for number, line in enumerate(script.splitlines(), 1) if written in line)
    return "KRG302", row, script.splitlines()[row - 1].index(written) + 1


@pytest.mark.parametrize("magic", ["time", "timeit", "capture", "prun", "debug"])
def test_the_body_of_a_cell_is_read_where_it_stands(magic):
    script = f"{IMPORT}\n\n{cell_magic(magic, INERT)}\nx = 1\n"
    assert places(script) == [place_of('"L1L2"', script)]


@pytest.mark.parametrize("magic", ["time", "prun"])
def test_so_is_the_statement_of_a_line(magic):
    script = f"{IMPORT}get_ipython().run_line_magic({magic!r}, {INERT.strip()!r})\n"
    assert places(script) == [place_of('"L1L2"', script)]


def test_timeit_runs_an_expression_and_binds_nothing():
    call = 'layers.Dense(4, kernel_regularizer="L1L2")'
    script = f"{IMPORT}get_ipython().run_line_magic('timeit', {call!r})\n"
    assert places(script) == [place_of('"L1L2"', script)]
    assert places(f"{IMPORT}get_ipython().run_line_magic('timeit', {INERT.strip()!r})\n") == []


@pytest.mark.parametrize("magic", ["magic('time {}')", "magic(u'prun {}')"])
def test_older_versions_wrote_a_line_as_one_string(magic):
    script = f"{IMPORT}get_ipython().{magic.format(INERT.strip())}\n"
    assert places(script) == [place_of('"L1L2"', script)]


@pytest.mark.parametrize(
    "before",
    [
        "a = 'it\\'s'; ",
        "a = 'λ'; ",
        'a = "\\\\n"; ',
        "a = '\\t'\n",
        "a = '''\n\n'''\n",
        "# λ \t \x0b\n",
        "a = '\U0001f600'; ",
    ],
)
def test_escapes_before_it_move_nothing(before):
    script = IMPORT + cell_magic("time", before + INERT)
    assert places(script) == [place_of('"L1L2"', script)]


def test_escapes_in_it_belong_to_it():
    script = IMPORT + cell_magic("time", "a = \"\"; layers.Dense(4, kernel_regularizer='L1L2')\n")
    assert places(script) == [place_of("\\'L1L2", script)]


def test_names_go_on_to_the_lines_below_and_come_from_those_above():
    script = (
        IMPORT
        + cell_magic("time", "name = 'L1L2'\n")
        + "hidden = layers.Dense(4, kernel_regularizer=name)\n"
        + cell_magic("capture", "other = layers.Dense(4, kernel_regularizer=name)\n", "out")
    )
    assert [place[:2] for place in places(script)] == [("KRG302", 3), ("KRG302", 4)]


def test_a_call_over_several_lines_ends_where_it_does():
    call = "regularizers.L1L2(\n    l1=0,\n    l2=0,\n)"
    script = "from keras import layers, regularizers\n" + cell_magic(
        "time", f"layers.Dense(4, kernel_regularizer={call})"
    )
    [found] = check_source(script, "nb.py", Settings(keras_version="3"))
    [line] = found.source_lines
    assert (found.code, found.location.row, found.end_location.row) == ("KRG301", 2, 2)
    assert line == script.splitlines()[1]
    assert line[found.location.column - 1 : found.end_location.column - 1] == repr(call)[1:-1]


def test_what_ipython_reads_in_a_body_is_passed_over():
    script = IMPORT + cell_magic("time", "files = !ls\n%matplotlib inline\n" + INERT)
    assert places(script) == [place_of('"L1L2"', script)]


def test_a_body_that_is_no_python_says_nothing_and_the_rest_is_read():
    script = IMPORT + cell_magic("time", "(\n") + INERT
    assert places(script) == [place_of('"L1L2"', script)]


def test_a_comment_in_the_body_suppresses():
    assert places(IMPORT + cell_magic("time", INERT.replace("\n", "  # noqa: KRG302\n"))) == []


def test_so_does_one_behind_the_call():
    first, second = cell_magic("time", f"\n{INERT}"), cell_magic("time", INERT.strip())
    script = IMPORT + first.replace("\n", "  # noqa: KRG302\n") + second
    assert places(script) == [("KRG302", 3, second.index('"L1L2"') + 1)]


def test_a_comment_behind_a_call_that_suppresses_nothing_is_told_where_it_stands():
    script = IMPORT + cell_magic("time", "x = 1\n").replace("\n", "  # noqa: KRG302\n")
    found = check_source(script, "nb.py", Settings(select=("KRG902",)))
    assert [(each.code, *each.location) for each in found] == [
        ("KRG902", 2, script.splitlines()[1].index("# noqa") + 1)
    ]


def test_add_noqa_writes_it_there():
    script = (IMPORT + cell_magic("time", INERT) + INERT).encode()
    found = check_source(script, "nb.py")
    written = with_noqa(script, "nb.py", found, "", Settings(), Run())
    assert written.decode().splitlines() == [
        IMPORT.strip(),
        cell_magic("time", INERT).strip() + "  # noqa: KRG302",
        INERT.strip() + "  # noqa: KRG302",
    ]
    assert check_source(written, "nb.py") == []


def test_fixes_leave_a_body_alone():
    line = "layers.Dense(4, W_regularizer='l2')\n"
    script = IMPORT + line + cell_magic("time", line)
    fixed, remaining = fix_source(script, "nb.py", Settings(keras_version="2.3"))
    assert fixed == IMPORT + line.replace("W_", "kernel_") + cell_magic("time", line)
    assert [each.code for each in remaining] == ["KRG501"]


@pytest.mark.parametrize(
    "call",
    [
        "get_ipython().run_cell_magic('time', '', body)\n",
        "get_ipython().run_cell_magic('time', '', f'')\n",
        f"get_ipython().run_cell_magic('time', '', '''{INERT}''')\n",
        f"get_ipython().run_cell_magic('time', '', 'a = 1\\n' {INERT!r})\n",
        f"get_ipython().run_cell_magic('bash', '', {INERT!r})\n",
        f"shell().run_cell_magic('time', '', {INERT!r})\n",
        f"if a:\n    get_ipython().run_cell_magic('time', '', {INERT!r})\n",
    ],
)
def test_other_calls_are_left_as_they_stand(call):
    assert places(IMPORT + call) == []
    assert calls_in(call).blocks == ()


@pytest.mark.parametrize(
    ("call", "command"),
    [
        ("get_ipython().system('pip install keras==2.3.1')", "pip install keras==2.3.1"),
        ("files = get_ipython().getoutput('ls')", "ls"),
        ("get_ipython().run_line_magic('pip', 'install keras==2.3.1')", "%pip install keras==2.3.1"),
        ("if a:\n    get_ipython().system('ls')", "ls"),
        ("get_ipython().magic('tensorflow_version 1.x')", "%tensorflow_version 1.x"),
        ("get_ipython().run_cell_magic('bash', '', 'pip install keras==2.3.1\\n')", "pip install keras==2.3.1\n"),
    ],
)
def test_commands_are_known(call, command):
    assert calls_in(call).commands == (command,)


def test_what_is_installed_tells_the_version():
    script = f"get_ipython().system('pip install keras==2.3.1')\n{IMPORT}layers.Dense(4, kernel_regularizer='l1_l2')\n"
    assert check_source(script, "nb.py") == []
    assert [each.code for each in check_source(script.replace("2.3.1", "3.9"), "nb.py")] == ["KRG102"]


def test_of_a_file_that_cannot_be_parsed_nothing_is_known():
    assert calls_in("get_ipython().system('ls')\n(") == ((), ())
