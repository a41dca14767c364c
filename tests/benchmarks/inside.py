"""What is timed inside a process of its own, and the files that concern kreglint: `python -m tests.benchmarks.inside`.

The answer is one line of JSON.
"""

from __future__ import annotations

import ast
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.processes import python
from tests.benchmarks.programs import SHAPES

_LENGTHS = (100, 1_000, 10_000, 100_000)  # lines
_LEAST = 10_000  # lines that are read at least, for each length


def ask(subject: str, *arguments: object) -> list[float]:
    """Return what a new process answers."""
    command = [str(each) for each in python("-m", "tests.benchmarks.inside", subject, *arguments)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    return list(json.loads(answer))


def concerned(tree: str) -> list[str]:
    """The files of a tree, without its tests, in which a rule that is on by default may find something.

    Those that Python does not read, or not as UTF-8, are left out: the other tools fail on them.
    """
    from kreglint.engine.concern import is_concerned
    from kreglint.settings.schema import Settings

    files = sorted(str(path) for path in Path(tree).rglob("*.py") if not path.name.endswith("_test.py"))
    return [file for file in files if is_concerned(Path(file).read_bytes(), file, Settings(), None) and _parses(file)]


def _parses(file: str) -> bool:
    try:
        ast.parse(Path(file).read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return False
    return True


def check(*files: str) -> list[float]:
    """The processor's time of checking files."""
    from kreglint.engine.api import check_source

    return _each(check_source, files)


def parse(*files: str) -> list[float]:
    """The processor's time of libcst's bare parse of files."""
    from libcst import parse_module

    return _each(parse_module, files)


def growth(shape: str) -> list[float]:
    """What a line costs, in microseconds, in files of each length."""
    from kreglint.engine.api import report_source

    written = SHAPES[shape]
    report_source(written(100))
    costs = []
    for lines in _LENGTHS:
        text = written(lines)
        times = [_busy(report_source, text) for _ in range(max(1, min(30, _LEAST // lines)))]
        costs.append(min(times) / text.count("\n") * 1e6)
    return costs


def _each(action: Callable[[str], object], files: tuple[str, ...]) -> list[float]:
    texts = [Path(file).read_text(encoding="utf-8") for file in files]
    action(texts[0])  # what is imported, and read once
    return [sum(_busy(action, text) for text in texts)]


def _busy(action: Callable[[str], object], text: str) -> float:
    """The processor's time, in which others that run beside it do not count."""
    gc.collect()
    start = time.process_time()
    action(text)
    return time.process_time() - start


if __name__ == "__main__":
    subjects: dict[str, Callable[..., object]] = {each.__name__: each for each in (concerned, check, parse, growth)}
    print(json.dumps(subjects[sys.argv[1]](*sys.argv[2:])))
