"""The other linters: those of this environment, or each in one of its own that is made on request."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import Command, python

_REPOSITORY = Path(__file__).parents[2]
_FLAKE8 = "flake8==7.5.0"
_WANTED = {
    "ruff": ["ruff==0.17.6"],
    "flake8": [_FLAKE8],
    "flake8-kreglint": [_FLAKE8, str(_REPOSITORY)],
    "torchfix": ["torchfix==0.7.0"],
    "fixit": ["fixit==2.2.1"],
}
_ALONE = """
import importlib.metadata as metadata, sys
every, wanted = metadata.distributions, sys.argv.pop(1).split(",")
metadata.distributions = lambda **asked: (each for each in every(**asked) if each.metadata["Name"] in wanted)
from flake8.main.cli import main
sys.exit(main())
"""
_ITS_OWN = "flake8,mccabe,pycodestyle,pyflakes"


@dataclass(frozen=True)
class Peers:
    """How each is run. Without `torchfix` and `fixit`, nothing is measured against them."""

    ruff: Command
    flake8: Command
    plain_flake8: Command
    torchfix: Command | None = None
    fixit: Command | None = None

    def linters(self, files: list[str]) -> Iterator[tuple[str, Command]]:
        if self.torchfix is not None:
            yield "TorchFix 0.7.0, all rules", [*self.torchfix, "--select", "ALL", "--jobs", 1, *files]
        if self.fixit is not None:
            yield "Fixit 2.2.1", [*self.fixit, "lint", *files]


def of_this_environment() -> Peers:
    """Ruff and flake8 as they are installed here; flake8 sees no other plugin than ours, or not even that."""
    with_us, without = python("-c", _ALONE, f"{_ITS_OWN},kreglint"), python("-c", _ALONE, _ITS_OWN)
    return Peers(python("-m", "ruff"), with_us, without)


def each_in_its_own(folder: Path) -> Peers:
    """Make a virtual environment for each, or use those that an earlier run left in the folder."""
    programs = {name: _installed(folder / name, packages) for name, packages in _WANTED.items()}
    return Peers(
        [programs["ruff"] / "ruff"],
        [programs["flake8-kreglint"] / "flake8"],
        [programs["flake8"] / "flake8"],
        [programs["torchfix"] / "torchfix"],
        [programs["fixit"] / "fixit"],
    )


def _installed(place: Path, packages: list[str]) -> Path:
    """Return the folder of the programs."""
    programs = place / ("Scripts" if sys.platform == "win32" else "bin")
    if not (place / "complete").exists():
        print(f"installing {' '.join(packages)} in {place}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        subprocess.run([str(programs / "python"), "-m", "pip", "install", "-q", *packages], check=True)
        (place / "complete").touch()
    return programs
