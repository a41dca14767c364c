"""Where a layer was constructed is told by line and, from Python 3.11, by column."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("placed.py")


def stated():
    """The places that the program's comments state."""
    for row, line in enumerate(PROGRAM.read_text(encoding="utf-8").splitlines(), 1):
        found = re.search(r"# (?:.* )?at ([\d ]+)$", line)
        for column in found[1].split() if found else ():
            yield [row, int(column) if sys.version_info >= (3, 11) else 1]


@pytest.mark.oracle
@pytest.mark.parametrize("keras", ["tf_keras", "keras"])
def test_the_places_of_layers(keras):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), keras],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(PROGRAM.parents[2])},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == list(stated())
