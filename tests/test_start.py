"""The start: a file that mentions nothing of ours costs next to nothing, and no run ends in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kreglint.gate import mentions, summary

PROJECT = Path(__file__).parent.parent
NOT_NEEDED = {"argparse", "dataclasses", "enum", "flake8", "json", "libcst", "pathlib", "re", "tomllib", "typing"}
LIST_MODULES = """
import atexit, sys
before = set(sys.modules)
atexit.register(lambda: print(*sorted(set(sys.modules) - before)))
from kreglint.start import main
sys.argv = ["kreglint", *sys.argv[1:]]
sys.exit(main())
"""
STUBBED_COMMAND_LINE = """
import sys, types
command_line = types.ModuleType("kreglint.cli.main")
def main(arguments):
    {body}
command_line.main = main
sys.modules["kreglint.cli"] = types.ModuleType("kreglint.cli")
sys.modules["kreglint.cli.main"] = command_line
from kreglint.start import main
sys.argv = ["kreglint", *sys.argv[1:]]
sys.exit(main())
"""


def run(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, check=False, **options
    )


def run_with(body, *arguments, **options):
    """Run with a command line of which only the body is given."""
    return run("-c", STUBBED_COMMAND_LINE.format(body=body), *arguments, **options)


@pytest.fixture
def plain(tmp_path):
    file = tmp_path / "plain.py"
    file.write_text("import os\n")
    return file


@pytest.mark.parametrize(
    "data",
    [b"import keras", b"from tensorflow.keras import layers", b"kernel_regularizer", b"# noqa: KRG302", b"# kreglint:"],
)
def test_a_file_that_may_concern_us_is_noticed(data):
    assert mentions(b"x = 1\n" + data)


@pytest.mark.parametrize("data", [b"", b"import os", b"import torch  # noqa", b"\xff\xfe\0"])
def test_any_other_file_is_not(data):
    assert not mentions(data)


def test_the_summary_counts_files():
    assert summary(1) == "1 file checked: nothing to report"
    assert summary(3) == "3 files checked: nothing to report"


def test_a_file_that_mentions_nothing_of_ours_is_done(plain):
    done = run("-m", "kreglint", "check", str(plain))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 file checked: nothing to report\n")


def test_a_notebook_that_mentions_nothing_of_ours_is_done_too(tmp_path):
    notebook = tmp_path / "plain.ipynb"
    notebook.write_text('{"cells": []}')
    done = run_with("return 7", "check", str(notebook))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 file checked: nothing to report\n")


def test_nothing_is_imported_for_it(plain):
    done = run("-c", LIST_MODULES, "check", str(plain))
    assert done.returncode == 0
    assert set(done.stdout.split()) == {"__future__", "kreglint", "kreglint.gate", "kreglint.start"}


def test_python_dash_m_imports_nothing_more(plain):
    empty = run("-X", "importtime", "-c", "import runpy")
    done = run("-X", "importtime", "-m", "kreglint", "check", str(plain))
    imported, usual = (
        {line.rpartition("|")[2].strip() for line in said.stderr.splitlines() if line.startswith("import time:")}
        for said in (done, empty)
    )
    assert imported - usual == {"__future__", "kreglint", "kreglint.gate", "kreglint.start"}
    assert not imported & NOT_NEEDED


def test_several_files_are_done_together_each_counted_once(plain, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"\xff\0")
    done = run("-m", "kreglint", "check", plain.name, str(other), f"./{plain.name}", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "2 files checked: nothing to report\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["check", "-"],
        ["check", "--select", "plain.py"],
        ["check", "plain.py", "-q"],
        ["check", "--", "plain.py"],
        ["check", "."],
        ["check", "missing.py"],
        ["check", "plain.py", "missing.py"],
        ["check", "model.py"],
        ["check", "plain.py", "model.py"],
        ["report", "plain.py"],
        ["--version"],
    ],
)
def test_anything_else_is_left_to_the_command_line(arguments, plain, tmp_path):
    (tmp_path / "model.py").write_text("import keras\n")
    done = run_with("print(arguments); return 7", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (7, f"{arguments}\n", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_left_unread_to_the_command_line(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = subprocess.Popen([sys.executable, "-c", f"open({str(tmp_path / 'pipe')!r}, 'w').close()"])
    done = run_with("return 7", "check", str(tmp_path / "pipe"))
    assert done.returncode == 7
    assert writer.wait() == 0


def test_an_interrupt_ends_the_run_in_one_line():
    done = run_with("raise KeyboardInterrupt")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "kreglint: interrupted\n")


@pytest.mark.parametrize(
    "body", ["print('x' * 100_000); return 1", "print('x'); return 1", "print('x'); raise SystemExit(0)"]
)
def test_a_reader_that_went_away_ends_the_run_quietly(body):
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": ""}
    command = [sys.executable, "-c", STUBBED_COMMAND_LINE.format(body=body)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_an_output_that_cannot_be_written_is_one_line():
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": ""}
    command = [sys.executable, "-c", STUBBED_COMMAND_LINE.format(body="print('x'); return 0")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (2, "kreglint: [Errno 28] No space left on device\n")


def test_the_exit_code_of_the_command_line_is_ours():
    assert [run_with(f"return {code}").returncode for code in (0, 1, 2)] == [0, 1, 2]
