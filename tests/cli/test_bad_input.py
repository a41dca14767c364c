"""What cannot be done is told in one line on standard error, and the run exits with 2."""

from __future__ import annotations

import os

import pytest

OFFER = "1 can be fixed with --fix --unsafe-fixes."
KERAS_VERSIONS = (
    'expected a major of Keras ("1", "2", "3") or an exact version such as "3.13.2" '
    "(known: 1.2, 2.3, 2.15, 2.21, 3.0, 3.5, 3.13, 3.14, 3.15, 3.16)"
)

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected a command: check, report, verify, rule, config or server"),
        (("chek",), "unrecognised command 'chek' (did you mean 'check'?)"),
        (("--verison",), "unrecognised option '--verison' (did you mean '--version'?)"),
        (("check", "--selct", "KRG3"), "unrecognised option '--selct' (did you mean '--select'?)"),
        (("check", "--sel", "KRG3"), "unrecognised option '--sel' (did you mean '--select'?)"),
        (("report", "--select=KRG3"), "unrecognised option '--select'"),
        (("check", "--select"), "--select: expected one argument"),
        (("check", "--select", ","), "--select: expected codes such as KRG302,KRG4, received ','"),
        (("check", "--select", "KRG3O2"), "unknown rule selector 'KRG3O2' in --select; did you mean "),
        (("check", "--ignore", "E501"), "unknown rule selector 'E501' in --ignore; "),
        (("check", "--per-file-ignores", "a.py"), "--per-file-ignores: expected PATTERN:CODE, received 'a.py'"),
        (("check", "--per-file-ignores", "a.py:"), "--per-file-ignores: expected PATTERN:CODE, received 'a.py:'"),
        (
            ("check", "--output-format", "jsn"),
            "--output-format: expected text, concise, grouped, json, json-lines, sarif, github, gitlab, junit, ",
        ),
        (
            ("report", "--output-format", "concise"),
            "--output-format: expected text, markdown, csv, html or json, received 'concise'",
        ),
        (
            ("check", "--statistics", "--output-format", "sarif"),
            "--statistics: expected the output format text, concise, grouped or json, received sarif",
        ),
        (("check", "--output-file", "no/report.txt"), "no/report.txt: No such file or directory"),
        (("check", "--color", "no"), "--color: expected auto, always or never, received 'no'"),
        (("check", "--max-lambda", "abc"), '--max-lambda: expected a number above 0, received the string "abc"'),
        (("check", "--max-lambda", "nan"), "--max-lambda: expected a number above 0, received the number nan"),
        (("check", "--max-lambda=-1"), "--max-lambda: expected a number above 0, received the number -1.0"),
        (
            ("check", "--keras-version", "4"),
            "--keras-version: " + KERAS_VERSIONS + ', received the string "4"',
        ),
        (("check", "-q", "-v"), "-v/--verbose: not allowed with argument -q/--quiet"),
        (("check", "--isolated", "--config", "x"), "--config: not allowed with argument --isolated"),
        (("check", "--config", "no.toml"), "no.toml: cannot be read: No such file or directory"),
        (
            ("check", "--stdin-filename", "x.py", "."),
            "--stdin-filename: expected - for standard input among the paths",
        ),
        (("rule", "KRG3O2"), "unknown rule 'KRG3O2' (did you mean 'KRG302'?)"),
        (("rule", "inert-identifer"), "unknown rule 'inert-identifer' (did you mean 'inert-identifier'?)"),
        (("check", "--jobs", "0"), "--jobs: expected a number above 0 or auto, received '0'"),
        (("check", "--jobs", "two"), "--jobs: expected a number above 0 or auto, received 'two'"),
        (("config", "a", "b"), "expected one path, received a b"),
        (("config", "missing"), "expected a file or folder, but missing does not exist"),
        (("check", "--show-settings", "missing"), "expected a file or folder, but missing does not exist"),
        (("config", "--output-format", "toml"), "--output-format: expected text or json, received 'toml'"),
        (("rule", "KRG302", "KRG303"), "expected one rule, received KRG302 KRG303"),
    ],
)
def test_a_command_line_that_is_not_understood(kreglint, arguments, message):
    run = kreglint(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"kreglint: error: {message}")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_path_that_does_not_exist(kreglint, command):
    run = kreglint(command, "missing.py")
    assert run.returncode == 2
    assert run.stderr.splitlines()[0] == ("kreglint: error: expected a file or folder, but missing.py does not exist")
    assert "Traceback" not in run.stderr


def test_the_other_paths_are_checked_beside_a_missing_one(kreglint, write):
    write("model.py", INERT)
    run = kreglint("check", "missing.py", "model.py", "lost")
    assert run.returncode == 2
    assert run.stdout.startswith("model.py:2:36: KRG302 ")
    assert run.stderr.splitlines() == [
        "kreglint: error: expected a file or folder, but missing.py does not exist",
        "kreglint: error: expected a file or folder, but lost does not exist",
        "Found 1 finding (1 error) in 1 of 1 file.",
        OFFER,
    ]


def test_exit_zero_does_not_hide_a_run_that_failed(kreglint):
    assert kreglint("check", "--exit-zero", "missing.py").returncode == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.kreglint\n", "pyproject.toml:1:15: invalid TOML: "),
        ('[tool.kreglint]\nselct = ["KRG3"]\n', "pyproject.toml: unknown key 'selct' in [tool.kreglint]; "),
        ("[tool.kreglint]\nselect = 3\n", "pyproject.toml: select in [tool.kreglint]: expected a list"),
        ('[tool.kreglint]\nselect = ["KRG999"]\n', "unknown rule selector 'KRG999' in select of "),
    ],
)
@pytest.mark.parametrize("command", ["check", "report"])
def test_a_configuration_that_cannot_be_used(kreglint, write, command, text, message):
    write("pyproject.toml", text)
    write("model.py", INERT)
    run = kreglint(command, "model.py")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("kreglint: error: ")
    assert message in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"from keras import (\n", "broken.py:1:19: KRG900 "),
        (b"import keras\nx = '\xff'\n", "broken.py:2:6: KRG900 "),
        (b"# coding: martian\nimport keras\n", "broken.py:1:11: KRG900 "),
        (b"import keras\nx = '\0'\n", "broken.py:"),
    ],
)
def test_a_file_that_is_no_python_is_a_finding_and_the_others_go_on(kreglint, write, tmp_path, data, place):
    (tmp_path / "broken.py").write_bytes(data)
    write("model.py", INERT)
    run = kreglint("check")
    assert run.returncode == 1
    broken, model = run.stdout.splitlines()
    assert broken.startswith(place)
    assert "KRG900" in broken
    assert model.startswith("model.py:2:36: KRG302 ")
    assert run.stderr == f"Found 2 findings (2 errors) in 2 of 2 files.\n{OFFER}\n"


def test_a_file_that_cannot_be_read_is_a_finding_and_the_others_go_on(kreglint, write, tmp_path):
    (tmp_path / "a.py").symlink_to("/proc/self/mem")  # a regular file that fails to be read, for root too
    write("model.py", INERT)
    run = kreglint("check")
    assert run.returncode == 1
    unreadable, model = run.stdout.splitlines()
    assert unreadable == "a.py:1:1: KRG900 this file cannot be read: Input/output error"
    assert model.startswith("model.py:2:36: KRG302 ")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_tells_of_an_unreadable_file_and_goes_on(kreglint, write, form):
    write("broken.py", "from keras import (\n")
    write("model.py", INERT)
    run = kreglint("report", "--output-format", form)
    assert run.returncode == 1
    assert "kernel_regularizer" in run.stdout
    assert run.stderr.startswith("kreglint: warning: broken.py:1:19: KRG900 ")
    assert run.stderr.count("\n") == 1


def test_a_folder_that_is_named_like_a_file_is_walked(kreglint, write):
    write("model.py/inner.py", INERT)
    run = kreglint("check", "model.py")
    assert run.stdout.startswith("model.py/inner.py:2:36: KRG302 ")


def test_a_loop_of_symbolic_links_ends(kreglint, write, tmp_path):
    write("nets/vgg.py", INERT)
    (tmp_path / "nets" / "again").symlink_to(tmp_path / "nets", target_is_directory=True)
    (tmp_path / "itself.py").symlink_to(tmp_path / "itself.py")
    run = kreglint("check")
    assert run.stdout.count("\n") == 1
    assert "KRG302" in run.stdout
    assert run.stderr == f"Found 1 finding (1 error) in 1 of 1 file.\n{OFFER}\n"


def test_a_link_that_leads_to_itself_cannot_be_named(kreglint, tmp_path):
    (tmp_path / "itself.py").symlink_to(tmp_path / "itself.py")
    run = kreglint("check", "itself.py")
    assert run.returncode == 2
    assert run.stderr.startswith("kreglint: error: itself.py: ")
    assert "Traceback" not in run.stderr


def test_a_fifo_in_a_folder_is_passed_over(kreglint, write, tmp_path):
    os.mkfifo(tmp_path / "waits.py")
    write("model.py", INERT)
    assert kreglint("check").stderr == f"Found 1 finding (1 error) in 1 of 1 file.\n{OFFER}\n"


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_a_file_name_that_is_no_unicode_is_escaped(kreglint, tmp_path, form):
    with open(os.fsencode(tmp_path) + b"/\xff.py", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(INERT)
    run = kreglint("check", "--output-format", form)
    assert run.returncode == 1
    assert "\\udcff.py" in run.stdout
    assert "Traceback" not in run.stderr
