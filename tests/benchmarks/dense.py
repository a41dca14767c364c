"""The files of a repository that concern kreglint: the check beside the bare parse and other linters, by CPU time."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.inside import ask
from tests.benchmarks.peers import Peers
from tests.benchmarks.processes import Command, cpu, pairs, python, ratios, usage
from tests.benchmarks.table import Row

_SHAPES = {"one-function": "one function", "many-classes": "many classes and wrappers"}


def rows(files: list[str], peers: Peers, count: int) -> Iterator[Row]:
    which = f"{len(files)} files with regularizers"
    parsed = [ask("check", *files)[0] / ask("parse", *files)[0] for _ in range(count)]
    yield Row(f"`check_source` of the {which}, CPU", "`libcst.parse_module` of them", parsed, 0.6, held=1.0)
    yield flake8(f"flake8 with the plugin on the {which}, CPU", peers, files, count, aim=1.3, held=2.0)
    for name, command in peers.linters(files):
        yield from _against(name, command, files, which, count)


def _against(name: str, other: Command, files: list[str], which: str, count: int) -> Iterator[Row]:
    """Another linter takes so long that it is run once."""
    theirs, aim = usage(other).cpu, round(1 / 30, 3)
    alone = [ask("check", *files)[0] / theirs for _ in range(count)]
    yield Row(f"`check_source` of the {which}, CPU", name, alone, aim, held=0.15)
    command = python("-m", "kreglint", "check", "--isolated", "--no-cache", "--jobs", 1, "--quiet", *files)
    whole = [usage(command).cpu / theirs for _ in range(count)]
    yield Row("the same with what they import, whole process, CPU", name, whole, aim, held=0.2)


def flake8(measured: str, peers: Peers, targets: list[str], count: int, *, aim: float, held: float) -> Row:
    """What flake8 takes with our plugin, in one process and beside its own plugins alone."""
    options = ["--isolated", "--jobs", 1, "--exit-zero", *targets]
    took = pairs([*peers.flake8, *options], [*peers.plain_flake8, *options], count, warm_up=False)
    return Row(measured, "without the plugin", ratios(took, cpu), aim, held=held)


def growth() -> Iterator[Row]:
    """What a line costs in the length of file where it costs most, over what it costs where it costs least."""
    for shape, told in _SHAPES.items():
        costs = ask("growth", shape)
        print("report_source: " + ", ".join(f"{cost:.0f}" for cost in costs) + " µs a line of 100 to 100,000")
        ratio = max(costs) / min(costs)
        yield Row(f"the most expensive line of 100 to 100,000, {told}", "the cheapest", [ratio], 1.3, held=2.0)
