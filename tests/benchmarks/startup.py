"""What starting costs: one file in a process of its own."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from math import inf
from pathlib import Path

from tests.benchmarks.processes import Command, pairs, python, ratios
from tests.benchmarks.programs import PLAIN, one_function
from tests.benchmarks.table import Row


def rows(folder: Path, count: int) -> Iterator[Row]:
    yield from _imports(count)
    yield from _plain_file(folder, count)
    yield from _keras_file(folder, count)


def _imports(count: int) -> Iterator[Row]:
    rules, bare = python("-c", "import kreglint.rules"), python("-c", "pass")
    against = ratios(pairs(rules, python("-c", "import libcst"), count))
    yield Row("importing all rules", "importing libcst", against, 0.6)
    measured = [(one.wall - other.wall) * 1000 for one, other in pairs(rules, bare, count)]
    yield Row("importing all rules", "starting Python", measured, 40, held=inf, unit=" ms more")


def _plain_file(folder: Path, count: int) -> Iterator[Row]:
    plain, bare = folder / "plain.py", python("-c", "pass")
    plain.write_text(PLAIN)
    for command, aim in ((_script("check", plain), 2.0), (python("-m", "kreglint", "check", plain), 1.6)):
        called = "python -m kreglint" if command[1] == "-m" else "console script"
        yield Row(f"a file without Keras, {called}", "starting Python", ratios(pairs(command, bare, count)), aim)


def _keras_file(folder: Path, count: int) -> Iterator[Row]:
    model = folder / "model.py"
    model.write_text(one_function(500))
    parse = python("-c", f"import libcst; libcst.parse_module(open({str(model)!r}).read())")
    yardstick = "importing libcst and parsing it"
    cold = pairs(_script("check", "--no-cache", model), parse, count)
    yield Row("a Keras file of 500 lines", yardstick, ratios(cold), 1.25, held=1.6)
    warm = pairs(_script("check", "--cache-dir", folder / "cache", model), parse, count)
    yield Row("the same file from the cache", yardstick, ratios(warm), 0.8)


def _script(*arguments: object) -> Command:
    return [Path(sysconfig.get_path("scripts"), "kreglint"), *arguments]
