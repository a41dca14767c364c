from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

import pytest

from kreglint import __version__
from kreglint.cli.main import main
from tests.cli.conftest import COMMAND, hear_interrupts

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


@pytest.mark.parametrize("arguments", [("--version",), ("check", "--version"), ("rule", "--version")])
def test_the_version_is_one_line(kreglint, arguments):
    run = kreglint(*arguments)
    assert (run.returncode, run.stdout, run.stderr) == (0, f"kreglint {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "first_line"),
    [
        (("--help",), "usage: kreglint COMMAND [options] ..."),
        (("check", "-h"), "usage: kreglint check [options] [PATH ...]"),
        (("report", "--help"), "usage: kreglint report [options] [PATH ...]"),
        (("rule", "--help"), "usage: kreglint rule [options] [CODE]"),
    ],
)
def test_help_is_printed_on_standard_output(kreglint, arguments, first_line):
    run = kreglint(*arguments)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[0] == first_line


@pytest.mark.parametrize("arguments", [["--version"], ["check", "--help"], ["check", "--selct"], ["rule"]])
def test_what_reads_no_code_does_not_import_libcst(environment, arguments):
    program = (
        "import sys\n"
        "from kreglint.cli.main import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit:\n"
        "    pass\n"
        "sys.exit('libcst' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_an_error_of_the_system_is_one_line(capsys, monkeypatch):
    def denied(arguments):
        raise PermissionError(13, "Permission denied", "model.py")

    monkeypatch.setattr("kreglint.cli.check.run", denied)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "kreglint: error: model.py: Permission denied\n"


def test_on_a_terminal_the_text_format_is_the_default_and_coloured(environment, write, tmp_path):
    write("model.py", INERT)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "check", "model.py"],
        cwd=tmp_path,
        env={**environment, "TERM": "xterm"},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs)
        shown = _everything(ours)
    os.close(ours)
    assert process.returncode == 1
    assert shown.startswith("\x1b[1mmodel.py:2:36\x1b[0m: \x1b]8;;https://")
    assert "\x1b\\\x1b[1;31mKRG302\x1b[0m\x1b]8;;\x1b\\ [error] " in shown
    assert '2 |\x1b[0m layers.Dense(4, kernel_regularizer="L1L2")' in shown


def _everything(descriptor):
    parts = []
    while True:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # the other end of a terminal was closed
            part = b""
        if not part:
            return b"".join(parts).decode("utf-8")
        parts.append(part)


def test_a_reader_that_goes_away_is_no_error(environment, write, tmp_path):
    write("model.py", INERT.splitlines(keepends=True)[0] + INERT.splitlines(keepends=True)[1] * 3000)
    with subprocess.Popen(
        [*COMMAND, "check", "model.py"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert process.returncode == 141
    assert errors == ""


def test_an_interrupt_ends_the_run_in_one_line(environment, tmp_path):
    waiting = tmp_path / "waits.py"
    os.mkfifo(waiting)
    command = [*COMMAND, "check", "waits.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, preexec_fn=hear_interrupts
    ) as process:
        writer = waiting.open("wb")  # returns when the other process has opened the file to read it
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()
        writer.close()
    assert process.returncode == 130
    assert errors == b"kreglint: interrupted\n"
