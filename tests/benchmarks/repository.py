"""Many files: beside Ruff, from the cache, in several processes, and the memory that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.processes import Command, pairs, python, ratios
from tests.benchmarks.table import Row


def rows(tree: Path, folder: Path, ruff: Command, count: int) -> Iterator[Row]:
    cold = pairs(_check(tree, "--no-cache"), _ruff(ruff, tree, "ALL"), count, warm_up=False)
    yield Row("a repository, cold", "`ruff check --select ALL --no-cache`", ratios(cold), 0.8, held=2.0)
    warm = pairs(_check(tree, "--cache-dir", folder / "warm"), _ruff(ruff, tree, "F"), max(3, count))
    yield Row("a repository, from the cache", "`ruff check --select F --no-cache`", ratios(warm), 2.0, held=4.0)
    two, one = _check(tree, "--no-cache", "--jobs", 2), _check(tree, "--no-cache", "--jobs", 1)
    jobs = pairs(two, one, max(1, count // 2), warm_up=False)
    yield Row("a repository, cold, `--jobs 2`", "`--jobs 1`", ratios(jobs), round(1 / 1.7, 2), held=0.75)
    theirs = max(other.peak for _, other in cold)
    peaks = [single.peak for _, single in jobs]
    yield Row("a repository, cold, `--jobs 1`: peak memory", f"Ruff's is {theirs:.0f} MB", peaks, 150, unit=" MB")


def _check(tree: Path, *options: object) -> Command:
    return python("-m", "kreglint", "check", "--isolated", "--no-respect-gitignore", "--quiet", *options, tree)


def _ruff(ruff: Command, tree: Path, rules: str) -> Command:
    options = ["--isolated", "--no-cache", "--no-respect-gitignore", "--quiet", "--exit-zero"]
    return [*ruff, "check", *options, "--select", rules, tree]
