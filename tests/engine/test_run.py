"""What the files of one run share is read once; another run reads it again."""

from __future__ import annotations

import pytest

from kreglint.engine.check import judged
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORTS = "from keras import layers\nfrom values import REG\nlayers.Dense(4, kernel_regularizer=REG)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.kreglint]\nmax-lambda = 2.0\n", "utf-8")
    (tmp_path / "requirements.txt").write_text("keras==3.15\n", "utf-8")
    (tmp_path / "values.py").write_text('REG = "L1L2"\n', "utf-8")
    return tmp_path


def seen(run: Run) -> tuple[object, ...]:
    found = [diagnostic.code for diagnostic in judged(IMPORTS, "model.py", Settings(), run).diagnostics]
    keras = run.detected_keras("model.py")
    return run.settings_for(".").max_lambda, keras.versions if keras is not None else (), found


def change(folder) -> None:
    (folder / "pyproject.toml").write_text("[tool.kreglint]\nmax-lambda = 3.0\n", "utf-8")
    (folder / "requirements.txt").write_text("keras==2.15\n", "utf-8")
    (folder / "values.py").write_text('REG = "l2"\n', "utf-8")


def test_what_changes_in_the_meantime_is_seen_by_the_next_run_alone(folder):
    run = Run()
    before = seen(run)
    change(folder)
    assert seen(run) == before == (2.0, ((3, 15),), ["KRG302"])
    assert seen(Run()) == (3.0, ((2, 15),), [])


def test_two_runs_at_a_time_have_nothing_in_common(folder):
    first, second = Run(), Run()
    before = seen(first)
    change(folder)
    assert seen(second) != before
    assert seen(first) == before


def test_a_file_is_told_what_it_depends_on_and_nothing_that_another_asked(folder):
    run = Run()
    dependent = judged(IMPORTS, "model.py", Settings(), run).dependencies
    alone = judged("import keras\nx = 'egulari'\n", "alone.py", Settings(), run).dependencies
    again = judged(IMPORTS, "model.py", Settings(), run).dependencies
    assert dependent == again
    assert {str(file).rpartition("/")[2] for file in dependent.files} == {"values.py"}
    assert alone.files == set()


def test_without_a_run_nothing_beside_the_file_is_read():
    outcome = judged(IMPORTS, "model.py", Settings())
    assert outcome == ((), None)
