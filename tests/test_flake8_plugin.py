from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flake8.exceptions import ExecutionError

from kreglint.engine.add_noqa import with_noqa
from kreglint.engine.api import check_source, fix_source
from kreglint.engine.check import check
from kreglint.engine.run import Run
from kreglint.flake8_plugin import Plugin
from kreglint.settings.schema import Settings
from kreglint.settings.table import TABLE

REPOSITORY = Path(__file__).parents[1]
INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
UNKNOWN = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="l3")\n'
LARGE = "from keras import layers, regularizers\nlayers.Dense(4, kernel_regularizer=regularizers.L2(1.5))\n"
UNKNOWN_AND_INERT = UNKNOWN + INERT.splitlines(keepends=True)[1]


@pytest.fixture
def installed(tmp_path_factory):
    """A folder that makes the repository's kreglint an installed package in the eyes of flake8."""
    site = tmp_path_factory.mktemp("site")
    metadata = site / "kreglint-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: kreglint\nVersion: 0.1.0\n")
    (metadata / "entry_points.txt").write_text("[flake8.extension]\nKRG = kreglint.flake8_plugin:Plugin\n")
    return site


@pytest.fixture
def flake8(tmp_path, installed):
    def run(*arguments, stdin=""):
        path = os.pathsep.join((str(installed), str(REPOSITORY)))
        return subprocess.run(
            [sys.executable, "-m", "flake8", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return write_file


def codes(run):
    return [line.split()[1] for line in run.stdout.splitlines()]


def test_findings_are_reported_without_any_option(flake8, write):
    write("model.py", INERT)
    run = flake8("model.py")
    assert run.returncode == 1
    assert run.stdout.startswith("model.py:2:36: KRG302 ")
    assert run.stdout.count("\n") == 1


def test_a_finding_has_the_place_and_the_message_of_check(flake8, write, tmp_path):
    write("nets/model.py", 'from keras import layers\nλ = "层"; x = layers.Dense(4, kernel_regularizer="l3")\n')
    check = subprocess.run(
        [sys.executable, "-m", "kreglint", "check", "--output-format", "concise", "nets"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert check.stdout.startswith("nets/model.py:2:")
    assert flake8("--select", "KRG", "nets").stdout == check.stdout


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--select", "KRG1"), ["KRG101"]),
        (("--ignore", "KRG1"), ["KRG302"]),
        (("--extend-ignore", "KRG"), []),
        (("--kreglint-select", "KRG101"), ["KRG101"]),
        (("--kreglint-ignore", "KRG1"), ["KRG302"]),
        (("--kreglint-select", "KRG2", "--kreglint-extend-select", "KRG3,KRG1"), ["KRG101", "KRG302"]),
    ],
)
def test_rules_are_chosen_by_flake8s_options_and_by_ours(flake8, write, arguments, found):
    write("model.py", UNKNOWN_AND_INERT)
    assert codes(flake8(*arguments, "model.py")) == found


def test_max_lambda_and_the_target_version_are_options(flake8, write):
    write("large.py", LARGE)
    write("old.py", 'from tensorflow.keras import layers\nlayers.Dense(4, kernel_regularizer="l1_l2")\n')
    assert codes(flake8("--kreglint-keras-version", "3", ".")) == ["KRG202", "KRG102"]
    assert codes(flake8("--kreglint-max-lambda", "2", "--kreglint-keras-version=2", ".")) == []


def test_examples_in_docstrings_are_read_on_demand(flake8, write):
    example = ">>> " + INERT.replace("\nlayers", "\n>>> layers")
    write("model.py", f'"""A net.\n\n{example}"""\n')
    assert codes(flake8("model.py")) == []
    assert codes(flake8("--kreglint-check-docs", "model.py")) == ["KRG302"]
    write("setup.cfg", "[flake8]\nkreglint-check-docs = true\n")
    assert codes(flake8("model.py")) == ["KRG302"]
    write("model.py", f'"""A net.\n\n{example}"""  # noqa: KRG302\n')
    assert codes(flake8("model.py")) == []


def test_its_options_are_those_that_the_table_of_settings_has_for_it(flake8):
    shown = " ".join(flake8("--help").stdout.split())
    spelt = set(re.findall(r"--kreglint-[a-z-]+", shown))
    mirrored = {f"--kreglint-{setting.key}" for setting in TABLE if setting.option and setting.option.flake8}
    keys = ("select", "extend-select", "ignore", "keras-version", "max-lambda", "check-docs")
    assert mirrored == {f"--kreglint-{key}" for key in keys}
    assert spelt == mirrored | {"--kreglint-config"}
    assert "--kreglint-max-lambda X report a λ above this" in shown
    assert "--kreglint-ignore CODES do not report these rules. A rule is named by a code" in shown


def test_options_are_keys_of_flake8s_configuration_too(flake8, write):
    write(".flake8", "[flake8]\nkreglint-ignore = KRG1,\n    KRG2\nkreglint-max-lambda = 2\n")
    write("model.py", UNKNOWN_AND_INERT)
    assert codes(flake8("model.py")) == ["KRG302"]


def test_what_flake8_does_not_say_is_in_our_own_configuration(flake8, write):
    write("pyproject.toml", '[tool.kreglint]\nmax-lambda = 2\nignore = ["KRG1"]\n')
    write("model.py", LARGE + "".join(UNKNOWN_AND_INERT.splitlines(keepends=True)[1:]))
    assert codes(flake8("model.py")) == ["KRG302"]
    assert codes(flake8("--kreglint-ignore", "KRG3", "model.py")) == ["KRG101"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--kreglint-select", "KRG1,KRG3"), ["KRG302"]),
        (("--kreglint-extend-select", "KRG101"), ["KRG101", "KRG302"]),
    ],
)
def test_an_option_replaces_its_key_of_our_configuration_alone_as_flake8s_do(flake8, write, arguments, found):
    write("kreglint.toml", 'ignore = ["KRG1"]\n')
    write("model.py", UNKNOWN_AND_INERT)
    assert codes(flake8(*arguments, "model.py")) == found


def test_each_file_has_its_closest_configuration(flake8, write):
    write("old/kreglint.toml", 'ignore = ["KRG101"]\n')
    write("old/model.py", UNKNOWN)
    write("model.py", UNKNOWN)
    assert flake8(".").stdout.startswith("./model.py:2:36: KRG101 ")


def test_a_configuration_file_may_be_named(flake8, write):
    write("other.toml", 'ignore = ["KRG101"]\n')
    write("model.py", UNKNOWN_AND_INERT)
    assert codes(flake8("--kreglint-config", "other.toml", "model.py")) == ["KRG302"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--kreglint-max-lambda", "abc"),
            '--kreglint-max-lambda: expected a number above 0, received the string "abc"',
        ),
        (("--kreglint-keras-version", "4"), "--kreglint-keras-version: expected a major of Keras"),
        (("--kreglint-select", "KRG3O2"), "unknown rule selector 'KRG3O2' in --kreglint-select; did you mean "),
        (("--kreglint-config", "no.toml"), "no.toml: cannot be read: No such file or directory"),
    ],
)
def test_a_bad_value_is_told_in_one_line(flake8, write, arguments, message):
    write("model.py", INERT)
    run = flake8(*arguments, "model.py")
    assert run.returncode == 1
    heading, line = run.stdout.splitlines()
    assert heading == "There was a critical error during execution of Flake8:"
    assert line.startswith(f"kreglint: {message}")
    assert run.stderr == ""


def test_a_layer_that_no_keras_has_is_told_in_one_line(flake8, write):
    write("kreglint.toml", "[layers]\n'my.block' = 'Conv2'\n")
    write("model.py", INERT)
    run = flake8("model.py")
    assert "expected the class name of a Keras layer for 'my.block'" in run.stdout.splitlines()[1]
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_broken_configuration_is_told_in_one_line(flake8, write, jobs):
    write("pyproject.toml", "[tool.kreglint]\nselct = 3\n")
    write("a.py", INERT)
    write("b.py", INERT)
    run = flake8("-j", jobs, ".")
    assert run.returncode == 1
    heading, line = run.stdout.splitlines()
    assert heading == "There was a critical error during execution of Flake8:"
    assert "unknown key 'selct'" in line
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: KRG302", "# noqa:E501,KRG3", "# NOQA: krg302 (why)"])
def test_a_noqa_comment_is_honoured_unless_flake8_is_told_not_to(flake8, write, comment):
    write("model.py", INERT.rstrip("\n") + f"  {comment}\n")
    assert codes(flake8("--select", "KRG", "model.py")) == []
    assert codes(flake8("--select", "KRG", "--disable-noqa", "model.py")) == ["KRG302"]


CALL = '''from keras import layers
x = layers.Dense(  {}
    4,  {}
    kernel_regularizer=(  {}
        "L1L2"  {}
    ),  {}
    name="""several
lines""",  {}
)  {}
'''


def test_what_a_comment_suppresses_in_check_it_suppresses_in_flake8(flake8, write):
    expected = set()
    for comment in ("noqa", "noqa: KRG302", "noqa: KRG201"):
        for row in range(7):
            text = CALL.format(*(f"# {comment}" if place == row else "# here" for place in range(7)))
            name = f"{comment[-3:]}{row}.py"
            write(name, text)
            suppressed = row in (0, 3, 4, 6) and comment != "noqa: KRG201"
            assert [found.code for found in check_source(text, name)] == ([] if suppressed else ["KRG302"])
            expected |= set() if suppressed else {f"./{name}"}
    assert {line.partition(":")[0] for line in flake8("--select", "KRG", ".").stdout.splitlines()} == expected


def test_a_comment_behind_a_string_or_a_backslash_counts_for_the_rows_that_it_joins(flake8, write):
    text = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2", name="""\n""")  # noqa: KRG302\n'
    joined = 'layers.Dense(4, kernel_regularizer="L1L2") \\\n    (1)  # noqa: KRG302\n'
    write("model.py", text + joined)
    assert codes(flake8("--select", "KRG", "model.py")) == []
    assert check_source(text + joined, "model.py") == []


def test_unused_comments_are_told_where_the_rule_is_on(flake8, write):
    write("model.py", "from keras import layers\nlayers.Dense(4)  # noqa: KRG302\n")
    assert codes(flake8("model.py")) == []
    assert codes(flake8("--kreglint-extend-select", "KRG902", "model.py")) == ["KRG902"]


def test_a_file_that_is_to_be_ignored_is_ignored(flake8, write):
    write("model.py", "# kreglint: ignore-file\n" + INERT)
    assert codes(flake8("model.py")) == []


def test_a_file_that_does_not_parse_is_flake8s_own(flake8, write):
    write("model.py", INERT + "layers.Dense(\n")
    assert [code for code in codes(flake8("model.py")) if code.startswith(("KRG", "E999"))] == ["E999"]


def test_standard_input_is_checked(flake8):
    run = flake8("--stdin-display-name", "nets/vgg.py", "-", stdin=INERT)
    assert run.stdout.startswith("nets/vgg.py:2:36: KRG302 ")


def test_a_byte_order_mark_does_not_move_the_columns(flake8, tmp_path):
    text = INERT.splitlines()[1]
    (tmp_path / "model.py").write_bytes(b"\xef\xbb\xbf" + f"from keras import layers; {text}\r\n".encode())
    [place] = [line for line in flake8("model.py").stdout.splitlines() if "KRG302" in line]
    assert place.startswith("model.py:1:62: KRG302 ")


def test_a_notebook_given_to_flake8_itself_names_the_cell(flake8, write):
    cells = [{"cell_type": "code", "metadata": {}, "source": part} for part in INERT.splitlines(keepends=True)]
    write("a.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert flake8("--select", "KRG", "a.ipynb").stdout.startswith("a.ipynb:1:36: KRG302 cell 2: 'L1L2' makes")


def test_files_are_checked_in_several_processes(flake8, write):
    for name in ("a.py", "b.py", "c.py"):
        write(name, UNKNOWN)
    run = flake8("-j", "2", "--kreglint-select", "KRG1", ".")
    assert codes(run) == ["KRG101"] * 3


def test_it_stands_beside_other_plugins_and_options(flake8, write):
    long = f"x = 1  # {'long ' * 20}\n"
    write("model.py", f"{INERT}{long}def Shout(l=[]):\n    pass\n")
    run = flake8("--max-line-length", "100", "--extend-select", "B006,N802", "model.py")
    assert {"KRG302", "E501", "B006", "N802", "E302"} <= set(codes(run))
    assert "E501" not in codes(flake8("--max-line-length", "200", "model.py"))
    plugins = flake8("--version").stdout
    assert all(name in plugins for name in ("kreglint", "flake8-bugbear", "pep8-naming"))


def test_the_version_is_shown_among_the_plugins(flake8):
    assert "kreglint: 0.1.0" in flake8("--version").stdout


def test_a_file_that_does_not_mention_keras_imports_no_engine():
    program = (
        "import ast, sys\n"
        "from kreglint.flake8_plugin import Plugin\n"
        "lines = ['x = 1\\n']\n"
        "assert list(Plugin(ast.parse(''.join(lines)), 'a.py', lines).run()) == []\n"
        "sys.exit(any(name in sys.modules for name in ('libcst', 'kreglint.engine', 'kreglint.rules')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False)
    assert done.returncode == 0


def test_rows_count_from_1_and_columns_from_0():
    lines = INERT.splitlines(keepends=True)
    [(row, column, message, kind)] = Plugin(ast.parse(INERT), "model.py", lines).run()
    assert (row, column, message.split()[0], kind) == (2, 35, "KRG302", Plugin)


def test_what_another_plugin_has_made_of_the_tree_changes_nothing():
    tree = ast.parse(INERT)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value, node.lineno, node.col_offset = "l2", 1, 0
    tree.body.pop()
    [(row, column, message, _)] = Plugin(tree, "model.py", INERT.splitlines(keepends=True)).run()
    assert (row, column, message.split()[0]) == (2, 35, "KRG302")


def test_a_bad_value_is_flake8s_own_kind_of_error():
    class Options:
        kreglint_select = None
        kreglint_extend_select = None
        kreglint_ignore = None
        kreglint_keras_version = "4"
        kreglint_max_lambda = None
        kreglint_config = None
        disable_noqa = False

    with pytest.raises(ExecutionError, match=r"kreglint: --kreglint-keras-version: expected"):
        Plugin.parse_options(Options())


SPLIT = (  # as Black and `ruff format` split a row, and what they do with its comment
    'layers.Dense(\n    4, kernel_regularizer="L1L2"\n)  # noqa: KRG302\n',
    'layers.Dense(\n    4,\n    kernel_regularizer="L1L2",\n    name="a",\n)  # noqa: KRG302\n',
    'model.add(\n    layers.Dense(4, kernel_regularizer="L1L2")\n)  # noqa: KRG302\n',
    'stack = [\n    layers.Dense(\n        4, kernel_regularizer="L1L2"\n    ),  # noqa: KRG302\n    4,\n]\n',
    'x = layers.Dense(4, kernel_regularizer="L1L2")(\n    x\n)  # noqa: KRG302\n',
    'x = layers.Dense(\n    4, kernel_regularizer="L1L2"\n)(\n    x\n)  # noqa: KRG302\n',
    'if layers.Dense(\n    4, kernel_regularizer="L1L2"\n):  # noqa: KRG302\n    x = 1\n',
    'x = layers.Dense(\n    4, kernel_regularizer="L1L2"\n) + \\\n    1  # noqa: KRG302\n',
)


@pytest.mark.parametrize("statement", SPLIT)
def test_a_comment_behind_the_closing_bracket_counts_for_what_is_in_it(flake8, write, statement):
    text = f"from keras import layers\n{statement}"
    write("a.py", text)
    assert check_source(text, "a.py", Settings(extend_select=("KRG902",))) == []
    assert flake8("--isolated", "--select", "KRG", "a.py").stdout == ""
    assert flake8("--isolated", "--select", "KRG", "--disable-noqa", "a.py").stdout.startswith("a.py:")
    assert len(check_source(text.replace("  # noqa: KRG302", ""), "a.py")) == 1


def test_a_comment_behind_another_bracket_does_not(flake8, write):
    inner = 'layers.Dense(4, kernel_regularizer="L1L2")'
    text = f"from keras import layers\nif x:\n    {inner}\n    f(\n        1\n    )  # noqa: KRG302\n"
    assert [found.location.row for found in check_source(text)] == [3]
    text = f"from keras import layers\nmodel = [\n    {inner},\n    f(\n        1\n    ),  # noqa: KRG302\n]\n"
    assert [found.location.row for found in check_source(text)] == [3]
    text = f"from keras import layers\ndef f(\n    x={inner},\n):\n    return g(\n        x\n    )  # noqa: KRG302\n"
    assert [found.location.row for found in check_source(text)] == [3]


@pytest.mark.parametrize("line_length", [40, 60, 88])
def test_a_comment_still_counts_after_ruff_format(write, tmp_path, line_length):
    rows = (
        'layers.Dense(4, kernel_regularizer="L1L2", name="the_first_of_all_the_layers")  # noqa: KRG302\n',
        'x = layers.Dense(4, kernel_regularizer="L1L2", name="the_second_of_them")(inputs)  # noqa: KRG302\n',
        "model.add(layers.Conv2D(4, 3, kernel_regularizer='L1L2', padding='same'))  # noqa: KRG302\n",
        "held = [4, layers.Conv2D(4, 3, kernel_regularizer='L1L2', padding='same'), 'more']  # noqa: KRG302\n",
        "held = [\n    layers.Conv2D(4, 3, kernel_regularizer='L1L2', padding='same'),  # noqa: KRG302\n    4,\n]\n",
    )
    text = "from keras import layers\n\n" + "".join(rows)
    assert check_source(text, "a.py", Settings(extend_select=("KRG902",))) == []
    write("a.py", text)
    ruff(tmp_path, "format", "--line-length", str(line_length), "a.py")
    formatted = (tmp_path / "a.py").read_text()
    assert formatted != text
    assert check_source(formatted, "a.py", Settings(extend_select=("KRG902",))) == []


def ruff(folder, *arguments):
    run = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--no-cache"]
    return subprocess.run(run, cwd=folder, capture_output=True, text=True, timeout=60, check=False).stdout


class TestCommentsBesideThoseOfAnotherLinter:
    """`--add-noqa` writes a comment of our own: each linter goes on to see its own codes and no others."""

    LINE = 'import os; layers.Dense(4, kernel_regularizer="L1L2")'
    OTHERS = ("# noqa: F401", "# noqa:F401,E702", "# noqa: F401 as in the paper", "# type: ignore  # noqa: F401")

    def commented(self, line):
        data = f"from keras import layers\n{line}\n".encode()
        return with_noqa(data, "a.py", check(data, "a.py", Settings()), "", Settings(), Run()).decode()

    @pytest.mark.parametrize("other", OTHERS)
    def test_all_are_suppressed_for_all(self, flake8, write, tmp_path, other):
        text = self.commented(f"{self.LINE}  {other}")
        assert text.splitlines()[1] == f"{self.LINE}  {other}  # noqa: KRG302"
        write("a.py", text)
        assert check_source(text, "a.py", Settings(extend_select=("KRG902",))) == []
        assert flake8("--isolated", "--select", "F401,KRG", "a.py").stdout == ""
        selected = f"{'E702,' if 'E702' in other else ''}F401,RUF100,RUF102"  # RUF100 takes what is not on for unused
        checks = ("check", "--select", selected, "--output-format", "concise", "a.py")
        assert ruff(tmp_path, *checks) == "All checks passed!\n"

    @pytest.mark.parametrize("other", OTHERS)
    def test_ours_goes_alone_when_nothing_is_found_any_more(self, flake8, write, other):
        text = self.commented(f"{self.LINE}  {other}").replace("L1L2", "l2")
        fixed, remaining = fix_source(text, "a.py", Settings(extend_select=("KRG902",)))
        assert fixed.splitlines()[1] == f"{self.LINE}  {other}".replace("L1L2", "l2")
        assert remaining == []
        write("a.py", fixed)
        assert flake8("--isolated", "--select", "F401,KRG", "a.py").stdout == ""

    def test_theirs_goes_alone_when_ruff_takes_it_out(self, write, tmp_path):
        write("a.py", self.commented(f"{self.LINE}; os  # noqa: F401"))
        external = ("--config", 'lint.external = ["KRG"]')
        ruff(tmp_path, "check", "--select", "F401,RUF100", *external, "--fix", "a.py")
        text = (tmp_path / "a.py").read_text()
        assert text.splitlines()[1] == f"{self.LINE}; os  # noqa: KRG302"
        assert check_source(text) == []
