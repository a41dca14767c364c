"""Files in several processes, with the reports in the order of the files."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from importlib import import_module
from itertools import islice
from typing import TypeVar

from kreglint.engine.run import Run
from kreglint.settings.schema import Settings, SettingsOf

Report = TypeVar("Report")
Work = Callable[[str, Settings, Run], Report]
Task = tuple[str, Settings]

_FILES_PER_BATCH = 4
_BATCHES_AHEAD = 3  # for each process: enough to keep it busy, few enough to end soon when the run is interrupted


def in_processes(work: Work[Report], files: Iterable[str], settings_of: SettingsOf, jobs: int) -> Iterator[Report]:
    """Yield what `work` says of each file and its settings, in a run of each process.

    The files are found, and their settings read, in this process, ahead of the reports that are asked for.

    Raises:
        ChildProcessError: a process was killed.
    """
    tasks = ((file, settings_of(file)) for file in files)
    batches = iter(lambda: list(islice(tasks, _FILES_PER_BATCH)), [])
    import_module("kreglint.engine.check")  # once here, where processes are forked, instead of once in each
    pool = ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent)
    try:
        yield from _in_order(pool, work, batches, jobs * _BATCHES_AHEAD)
    except BrokenProcessPool as error:
        raise ChildProcessError("a worker process was killed; try fewer --jobs") from error
    finally:
        # The interpreter would wait for it anyway as it ends, and may then wake a pool that is just closing its pipe.
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, work: Work[Report], batches: Iterator[list[Task]], ahead: int
) -> Iterator[Report]:
    pending: deque[Future[list[Report]]] = deque()
    for batch in batches:
        pending.append(pool.submit(_batch, work, batch))
        if len(pending) > ahead:
            yield from pending.popleft().result()
    while pending:
        yield from pending.popleft().result()


def _batch(work: Work[Report], tasks: list[Task]) -> list[Report]:
    return [work(file, settings, _run_of_this_process()) for file, settings in tasks]


@cache
def _run_of_this_process() -> Run:
    """A process works for one run and ends with it; it is asked for nowhere else."""
    return Run()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
