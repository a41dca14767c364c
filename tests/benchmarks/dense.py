"""The files of a repository that concern kreglint: the check beside the bare parse and other linters, by CPU time."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.inside import ask
from tests.benchmarks.peers import Peers
from tests.benchmarks.processes import cpu, pairs, python, ratios, usage
from tests.benchmarks.table import Row

_SHAPES = {"one-function": "one function", "many-classes": "many classes and wrappers"}


def rows(files: list[str], peers: Peers, count: int) -> Iterator[Row]:
    which = f"{len(files)} files with findings"
    parsed = [ask("check", *files)[0] / ask("parse", *files)[0] for _ in range(count)]
    yield Row(f"`check_source` of the {which}, CPU", "`libcst.parse_module` of them", parsed, 0.6, held=1.0)
    yield flake8(f"flake8 with the plugin on the {which}, CPU", peers, files, count, aim=1.3)
    checked = python("-m", "tests.benchmarks.inside", "check", *files)
    for name, command in peers.linters(files):
        other = usage(command).cpu
        values = [usage(checked).cpu / other for _ in range(count)]
        yield Row(f"`check_source` of the {which}, whole process, CPU", name, values, round(1 / 30, 3))


def flake8(measured: str, peers: Peers, targets: list[str], count: int, *, aim: float) -> Row:
    options = ["--isolated", "--jobs", 1, "--exit-zero", *targets]
    took = pairs([*peers.flake8, *options], [*peers.plain_flake8, *options], count, warm_up=False)
    return Row(measured, "without the plugin", ratios(took, cpu), aim, held=1.5)


def growth() -> Iterator[Row]:
    """What a line costs in the length of file where it costs most, over what it costs where it costs least."""
    for shape, told in _SHAPES.items():
        costs = ask("growth", shape)
        print("report_source: " + ", ".join(f"{cost:.0f}" for cost in costs) + " µs a line of 100 to 100,000")
        ratio = max(costs) / min(costs)
        yield Row(f"the most expensive line of 100 to 100,000, {told}", "the cheapest", [ratio], 1.3, held=2.0)
