"""What kreglint costs, as ratios measured in one run: `python -m tests.benchmarks.ratios`.

Each figure is the median, over pairs of runs taken in turn, of what kreglint takes over what a yardstick takes on the
same machine at the same moment, so a slow or busy machine changes both. The script exits with 1 where a figure is
worse than what the project holds itself to; an aim that is missed is told as missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks import dense, peers, repository, startup, table
from tests.benchmarks.inside import ask

_FIXTURES = Path(__file__).parents[2] / "fixtures"
_PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        tree = options.tree or _keras(Path(made))
        rows = table.told(_rows(options, tree, Path(made)))
        if options.write:
            table.write(_PAGE, _conditions(tree), rows)
    return int(any(row.is_passed for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.ratios", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5, help="how many pairs of processes to time (default 5)")
    parser.add_argument("--tree", type=Path, help="a repository (default: a copy of the installed Keras)")
    parser.add_argument(
        "--peers",
        nargs="?",
        const="",
        metavar="FOLDER",
        help="also measure against TorchFix and Fixit, and flake8 on the whole repository, each linter in a virtual "
        "environment of its own, which is made in this folder (default: a temporary one) or already there",
    )
    parser.add_argument("--quick", action="store_true", help="only what starts up: a minute")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    return parser.parse_args()


def _rows(options: argparse.Namespace, tree: Path, made: Path) -> Iterator[table.Row]:
    pairs, many = options.pairs, max(1, options.pairs // 2)
    yield from startup.rows(made, pairs)
    if options.quick:
        return
    complete = options.peers is not None
    others = _each_in_its_own(options.peers, made) if complete else peers.of_this_environment()
    files = [str(file) for file in ask("concerned", tree)]
    yield from repository.rows(tree, made, others.ruff, many)
    yield from dense.rows(files, others, many)
    if complete:
        yield dense.flake8("flake8 with the plugin on a repository, CPU", others, [str(tree)], 1, aim=1.05, held=1.4)
    yield from dense.growth()


def _conditions(tree: Path) -> str:
    files = sum(1 for _ in tree.rglob("*.py"))
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, a repository of {files:,} Python files:"


def _each_in_its_own(folder: str, made: Path) -> peers.Peers:
    return peers.each_in_its_own(Path(folder).absolute() if folder else made / "peers")


def _keras(made: Path) -> Path:
    """A copy of the installed Keras, since beside other packages its imports would lead on; or else the fixtures."""
    spec = find_spec("keras")
    if spec is None or spec.origin is None:
        print("Keras is not installed: the fixtures stand in for its sources")
        return _FIXTURES
    return Path(shutil.copytree(Path(spec.origin).parent, made / "keras"))


if __name__ == "__main__":
    sys.exit(main())
