"""Each fault is named by its code and located at the line of the program that made the layer, or the step."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("planted.py")
EXPECTED = {
    "exchanged": ["KRG801"],
    "late": ["KRG802"],
    "made by a function": ["KRG802"],
    "wrapped": ["KRG802"],
    "not trained": ["KRG803"],
    "trained twice": ["KRG804"],
    "as activation": ["KRG805"],
    "forgotten by get_config": ["KRG806"],
    "dominant": ["KRG807"],
    "overflow": ["KRG808"],
    "right": [],
}


@pytest.fixture(scope="module")
def lines():
    return PROGRAM.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module", params=["tf_keras", "keras"])
def told(request):
    """What the program says with one Keras. It has to see Keras being imported, so it runs in its own process."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), request.param],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(PROGRAM.parents[2])},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.oracle
@pytest.mark.parametrize("name", EXPECTED)
def test_a_planted_fault_is_named_and_located(told, lines, name):
    assert sorted({code for code, _ in told[name]}) == EXPECTED[name]
    assert all(code in lines[row - 1] for code, row in told[name])
