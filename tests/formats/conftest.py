"""Other people's tools, run as they are installed, and what is found in the files that they write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kreglint import check_source

REPOSITORY = Path(__file__).parents[2]
FIXTURES = REPOSITORY / "fixtures" / "formats"

Findings = list[tuple[str, str, tuple[str, ...]]]


def findings(content: str | bytes, filename: str) -> Findings:
    """The code, message and text of each finding; of a magic that jupytext makes a comment of, what it is."""
    return [
        (each.code, each.message, tuple(line.strip().removeprefix("# ") for line in each.source_lines))
        for each in check_source(content, filename)
    ]


def findings_in(file: Path) -> Findings:
    return findings(file.read_bytes(), file.name)


@pytest.fixture
def tool(tmp_path) -> Callable[..., str]:
    """Runs a tool in an empty folder; its output."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUTF8": "1",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),  # some look others up there
        "HOME": str(tmp_path),
        "JUPYTER_PLATFORM_DIRS": "1",
    }

    def run(*arguments: str | Path, succeeds: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert not succeeds or done.returncode == 0, done.stderr
        return done.stdout

    return run
