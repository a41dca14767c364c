"""`--watch` checks again when something has changed. No test waits for the clock: the waiting is handed in."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from kreglint.cli.errors import UsageError
from kreglint.cli.options import CheckOptions, check_parser
from kreglint.cli.watch import INTERRUPTED, snapshot, watch
from kreglint.engine.run import Run
from kreglint.settings.schema import SettingsError
from tests.cli.conftest import COMMAND, hear_interrupts

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


class Scene:
    """What is seen at each look, one after the other; then SIGINT."""

    def __init__(self, *seen, check=lambda: 1):
        self.looks = [{"a.py": (number, 0, 0)} for number in seen]
        self.check, self.runs, self.waits, self.told = check, [], 0, []

    def look(self, run):
        assert run is (self.runs[-1] if self.runs else run)  # what the last check has read is looked at
        if not self.looks:
            raise KeyboardInterrupt
        return self.looks.pop(0)

    def checked(self, run):
        self.runs.append(run)
        return self.check()

    @property
    def checks(self):
        return len(self.runs)

    def wait(self):
        self.waits += 1

    def run(self):
        return watch(self.checked, self.look, self.wait, self.told.append)


def test_it_checks_at_once_and_after_each_change():
    scene = Scene(1, 1, 1, 2, 2, 3)
    assert scene.run() == INTERRUPTED
    assert (scene.checks, scene.waits) == (3, 6)


def test_each_check_reads_everything_again():
    scene = Scene(1, 2, 3)
    scene.run()
    assert len({id(run) for run in scene.runs}) == scene.checks == 3


def test_it_says_what_it_does():
    scene = Scene(1, 2)
    scene.run()
    assert scene.told == [
        "Starting in watch mode...",
        "Watching for file changes.",
        "File change detected...",
        "Watching for file changes.",
    ]


def test_a_file_that_changes_while_it_is_checked_is_checked_again():
    scene = Scene(1, 2)
    scene.run()
    assert scene.checks == 2


@pytest.mark.parametrize("error", [SettingsError("broken"), UsageError("gone"), OSError("no")])
def test_a_run_that_cannot_be_done_is_told_and_the_watch_goes_on(error, capsys):
    def check():
        raise error

    scene = Scene(1, 2, check=check)
    assert scene.run() == INTERRUPTED
    assert capsys.readouterr().err == f"kreglint: error: {error}\n" * 2


def test_an_interrupt_in_a_run_ends_it():
    def check():
        raise KeyboardInterrupt

    assert Scene(1, check=check).run() == INTERRUPTED


class TestSnapshot:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        return tmp_path

    @staticmethod
    def look(*arguments):
        options, paths = check_parser().parse(["--watch", *arguments], CheckOptions())
        return snapshot(paths, options, Run())

    @pytest.mark.parametrize(
        "change",
        [
            lambda folder: (folder / "a.py").write_text("12", "utf-8"),
            lambda folder: (folder / "a.py").unlink(),
            lambda folder: (folder / "b.py").touch(),
            lambda folder: (folder / "nets" / "b.ipynb").touch(),
            lambda folder: os.utime(folder / "a.py", (1, 1)),
            lambda folder: (folder / "kreglint.toml").touch(),
            lambda folder: (folder / "pyproject.toml").touch(),
            lambda folder: (folder / "c.py").replace(folder / "a.py"),
        ],
    )
    def test_it_tells_a_change(self, folder, change):
        for name in ("a.py", "c.py"):
            (folder / name).write_text("1", "utf-8")
        (folder / "nets").mkdir()
        before = self.look()
        assert before == self.look()
        change(folder)
        assert self.look() != before

    def test_what_is_left_out_is_not_looked_at(self, folder):
        (folder / ".venv").mkdir()
        before = self.look()
        (folder / ".venv" / "a.py").touch()
        (folder / "notes.txt").touch()
        assert self.look() == before

    def test_a_path_that_is_gone_is_nothing_to_speak_of(self, capsys):
        assert self.look("gone.py") == {}
        assert capsys.readouterr().err == ""

    def test_a_broken_configuration_can_be_mended(self, folder):
        (folder / "kreglint.toml").write_text("=", "utf-8")
        before = self.look()
        (folder / "kreglint.toml").write_text("", "utf-8")
        assert self.look() != before


@pytest.mark.parametrize(
    "arguments",
    [("-",), ("--diff",), ("--show-files",), ("--show-settings",), ("--add-noqa",), ("--write-baseline", "known.json")],
)
def test_what_happens_once_does_not_go_with_it(kreglint, arguments):
    run = kreglint("check", "--watch", *arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("kreglint: error: --watch: ")
    assert run.stderr.count("\n") == 1


def test_a_person_sees_each_run_and_ends_it_by_an_interrupt(environment, write, tmp_path):
    write("model.py", INERT)
    write("values.py", "")
    with subprocess.Popen(
        [*COMMAND, "check", "--watch"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=hear_interrupts,
    ) as process:
        until(process.stderr, b"Watching for file changes.")
        write("model.py", "from values import REG\n" + INERT.replace('"L1L2"', "REG"))
        until(process.stderr, b"Watching for file changes.")
        write("values.py", "REG = 'L1L2'\n")
        until(process.stderr, b"Watching for file changes.")
        process.send_signal(signal.SIGINT)
        output, rest = process.communicate()
    assert [line.partition(b" [")[0].partition(b" '")[0] for line in output.splitlines()] == [
        b"model.py:2:36: KRG302",
        b"model.py:3:36: KRG302",
    ]
    assert (process.returncode, rest) == (INTERRUPTED, b"")


def until(stream, words: bytes) -> None:
    """Read up to a line that ends so."""
    for line in stream:
        if line.rstrip().endswith(words):
            return
    raise AssertionError(f"the stream ended before {words!r}")
