"""Several processes say what one says, in the same order, and end clearly when they are ended."""

from __future__ import annotations

import os
import signal
import time

import pytest

from kreglint.engine.files import FileReport, check_files
from kreglint.engine.pool import in_processes
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings, SettingsError

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def default(file: str) -> Settings:
    return Settings()


def slow_at_first(file: str, settings: Settings, run: Run) -> FileReport:
    time.sleep(0.05 if file == "0" else 0)
    return FileReport(file)


def killed_at_three(file: str, settings: Settings, run: Run) -> FileReport:
    if file == "3":
        os.kill(os.getpid(), signal.SIGKILL)
    return FileReport(file)


def test_reports_are_those_of_one_process_in_the_same_order(folder):
    names = [f"model{number}.py" for number in range(23)]
    for number, name in enumerate(names):
        (folder / name).write_text("\n" * number + INERT if number % 5 else "x = (", "utf-8")
    names.insert(7, "gone.py")
    assert list(check_files(names, default, Run(), jobs=2)) == list(check_files(names, default, Run()))


def test_a_report_that_is_ready_waits_for_those_before_it():
    names = [str(number) for number in range(40)]
    assert [report.filename for report in in_processes(slow_at_first, names, default, 2)] == names


def test_without_files_there_are_no_reports():
    assert list(in_processes(slow_at_first, [], default, 2)) == []


def test_files_are_looked_for_as_reports_are_asked_for():
    asked = []

    def names():
        for number in range(1000):
            asked.append(number)
            yield str(number)

    reports = in_processes(slow_at_first, names(), default, 2)
    next(reports)
    assert len(asked) < 100
    reports.close()


def test_a_process_that_is_killed_is_an_error():
    with pytest.raises(ChildProcessError, match="a worker process was killed; try fewer --jobs"):
        list(in_processes(killed_at_three, [str(number) for number in range(20)], default, 2))


def test_settings_that_cannot_be_used_end_the_run():
    def settings_of(file):
        if file == "9":
            raise SettingsError("broken")
        return Settings()

    with pytest.raises(SettingsError, match="broken"):
        list(in_processes(slow_at_first, [str(number) for number in range(20)], settings_of, 2))
