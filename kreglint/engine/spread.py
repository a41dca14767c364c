"""Many files one after the other, or in several processes where there is work enough for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from kreglint.engine.run import Run
from kreglint.settings.schema import Settings, SettingsOf

_WORTH_PROCESSES = 200_000  # bytes of programs to analyse, some 5,000 lines: starting processes takes less


class Counted(Protocol):
    """A report that tells how much work it took."""

    @property
    def analysed(self) -> int:
        """The bytes of the file, if it had to be analysed; else 0."""


Report = TypeVar("Report", bound=Counted)


def reports_on(
    files: Iterable[str],
    settings_of: SettingsOf,
    run: Run,
    work: Callable[[str, Settings, Run], Report],
    jobs: int | None,
) -> Iterator[Report]:
    """Yield the result of `work` for each file and its settings, in order. Other processes have their own runs.

    `jobs` is the number of processes. With None it is this one, and as many as there are processors once it is
    known that there is work enough: what was found by an earlier run, or needs no analysis, is none.

    Raises:
        ChildProcessError: one of the processes was ended from outside.
    """
    waiting = iter(files)
    if jobs is None:
        jobs, analysed = processors(), 0
        for file in waiting:
            report = work(file, settings_of(file), run)
            yield report
            analysed += report.analysed
            if jobs > 1 and analysed > _WORTH_PROCESSES:
                break
    if jobs > 1:
        from kreglint.engine.pool import in_processes

        yield from in_processes(work, waiting, settings_of, jobs)
    else:
        yield from (work(file, settings_of(file), run) for file in waiting)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
