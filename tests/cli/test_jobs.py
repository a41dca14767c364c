from __future__ import annotations

import os
import signal
import subprocess

import pytest

from tests.cli.conftest import COMMAND, hear_interrupts

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


@pytest.mark.parametrize("form", ["concise", "json", "sarif"])
def test_the_output_is_byte_for_byte_that_of_one_process(kreglint, write, form):
    for number in range(20):
        write(f"m{number}.py", "\n" * number + INERT)
    one = kreglint("check", "--output-format", form)
    for jobs in ("2", "auto"):
        several = kreglint("check", "--output-format", form, "--jobs", jobs)
        assert (several.returncode, several.stdout, several.stderr) == (one.returncode, one.stdout, one.stderr)


def test_a_configuration_that_cannot_be_used_ends_the_run_in_one_line(kreglint, write):
    for number in range(10):
        write(f"a/m{number}.py", INERT)
    write("b/kreglint.toml", "selct = 3\n")
    write("b/model.py", INERT)
    run = kreglint("check", "--jobs", "2", "a", "b")
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1


def test_an_interrupt_ends_the_run_in_one_line_and_leaves_no_process(environment, write, tmp_path):
    write("a.py", INERT)
    waiting = tmp_path / "waits.py"
    os.mkfifo(waiting)
    command = [*COMMAND, "check", "--jobs", "2", "a.py", "waits.py"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    ) as process:
        writer = waiting.open("wb")  # returns when a worker has opened the file to read it
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
        writer.close()
        errors = process.stderr.read()  # ends when every process that holds it has ended
    assert process.returncode == 130
    assert errors == b"kreglint: interrupted\n"


class TestFixes:
    @pytest.fixture(autouse=True)
    def files(self, write):
        for number in range(10):
            write(f"m{number}.py", "\n" * number + INERT)
        write("broken.py", "from keras import (\n")
        write("utf7.py", "# coding: utf-7\nfrom keras import layers\n" + INERT + "x = '+AOk-'\n")

    def test_they_are_those_of_one_process(self, kreglint, tmp_path):
        unfixed = contents(tmp_path)
        one = kreglint("check", "--fix", "--unsafe-fixes")
        fixed = contents(tmp_path)
        assert (one.returncode, fixed != unfixed) == (2, True)
        for name, content in unfixed.items():
            (tmp_path / name).write_bytes(content)
        several = kreglint("check", "--fix", "--unsafe-fixes", "--jobs", "2")
        assert (several.returncode, several.stdout, several.stderr) == (one.returncode, one.stdout, one.stderr)
        assert contents(tmp_path) == fixed

    @pytest.mark.parametrize("arguments", [("--diff",), ("--fix-only",)])
    def test_what_is_told_of_them_is_the_same(self, kreglint, tmp_path, arguments):
        unfixed = contents(tmp_path)
        one = kreglint("check", *arguments, "--unsafe-fixes")
        for name, content in unfixed.items():
            (tmp_path / name).write_bytes(content)
        several = kreglint("check", *arguments, "--unsafe-fixes", "--jobs", "2")
        assert (several.returncode, several.stdout, several.stderr) == (one.returncode, one.stdout, one.stderr)

    def test_what_a_baseline_knows_stays_in_each_of_them(self, kreglint, tmp_path):
        unfixed = contents(tmp_path)
        kreglint("check", "--write-baseline", "known.json")
        kreglint("check", "--fix", "--unsafe-fixes", "--jobs", "2", "--baseline", "known.json")
        assert contents(tmp_path) == unfixed

    def test_no_file_is_written_before_all_are_judged(self, kreglint, write, tmp_path):
        write("a_values.py", "from keras.layers import Dense\nREG = 'L1L2'\nDense(4, kernel_regularizer='L1L2')\n")
        write(
            "b_model.py", "from keras.layers import Dense\nfrom a_values import REG\nDense(4, kernel_regularizer=REG)\n"
        )
        run = kreglint("check", "--fix", "--unsafe-fixes", "a_values.py", "b_model.py")
        assert [line.partition(": ")[0] for line in run.stdout.splitlines()] == ["b_model.py:3:29"]


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.glob("*.py")}
