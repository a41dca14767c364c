"""Many files in one process or in several: the same reports, in the same order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kreglint.engine import pool, spread
from kreglint.engine.files import check_content, check_file_cached
from kreglint.engine.run import Run
from kreglint.engine.spread import reports_on
from kreglint.settings.schema import Settings

INERT = b'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


@dataclass(frozen=True)
class Report:
    filename: str
    analysed: int


def default(file: str) -> Settings:
    return Settings()


@pytest.fixture
def pooled(monkeypatch):
    """The files that processes of their own were asked for; they are worked on in this one."""
    asked: list[str] = []

    def in_processes(work, files, settings_of, jobs):
        assert jobs == 4
        for file in files:
            asked.append(file)
            yield work(file, settings_of(file), Run())

    monkeypatch.setattr(pool, "in_processes", in_processes)
    monkeypatch.setattr(spread, "processors", lambda: 4)
    return asked


def spread_over(jobs: int | None, *sizes: int) -> list[str]:
    files = [f"m{number}.py" for number in range(len(sizes))]
    work = lambda file, settings, run: Report(file, sizes[files.index(file)])  # noqa: E731
    reports = list(reports_on(files, default, Run(), work, jobs))
    assert [report.filename for report in reports] == files
    return files


class TestByItself:
    def test_little_work_stays_in_this_process(self, pooled):
        spread_over(None, 50_000, 50_000, 50_000)
        assert pooled == []

    def test_many_files_that_need_no_analysis_stay_too(self, pooled):
        spread_over(None, *[0] * 1_000)
        assert pooled == []

    def test_more_goes_to_others_once_that_is_known(self, pooled):
        files = spread_over(None, 0, 150_000, 0, 150_000, 10, 0, 10)
        assert pooled == files[4:]

    def test_on_a_machine_with_one_processor(self, pooled, monkeypatch):
        monkeypatch.setattr(spread, "processors", lambda: 1)
        spread_over(None, *[300_000] * 3)
        assert pooled == []


def test_a_number_of_processes_is_obeyed(pooled):
    assert spread_over(4, 0, 0) == pooled
    pooled.clear()
    spread_over(1, *[300_000] * 3)
    assert pooled == []


class TestWork:
    def test_a_file_that_concerns_us_counts_by_its_size(self):
        assert check_content(INERT, "m.py", Settings(), Run()).analysed == len(INERT)
        assert check_content(b"x = 1\n", "m.py", Settings(), Run()).analysed == 0

    def test_one_that_an_earlier_run_knows_does_not(self, tmp_path):
        file = tmp_path / "m.py"
        file.write_bytes(INERT)
        settings = Settings(cache_dir=str(tmp_path / "cache"))
        assert check_file_cached(str(file), settings, Run()).analysed == len(INERT)
        assert check_file_cached(str(file), settings, Run()).analysed == 0
