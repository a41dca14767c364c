"""Keras 3 on JAX and Torch: each in a process of its own, as Keras has one backend in a process."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("backend_models.py")


def installed(name):
    missing = find_spec(name) is None or find_spec("keras") is None
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"no Keras on {name} (extra: oracle)"))


@pytest.mark.oracle
@pytest.mark.parametrize("backend", [installed("jax"), installed("torch")])
def test_what_is_found_on_another_backend(backend):
    done = subprocess.run(
        [sys.executable, str(PROGRAM)],
        env={**os.environ, "KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(PROGRAM.parents[2])},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "every penalty": ["match", []],
        "late": ["not-checked", ["KRG802"]],
        "step of Keras": ["match", []],
        "own step": ["match", []],
        "own step that forgets": ["mismatch", ["KRG803"]],
        "own step that counts twice": ["mismatch", ["KRG804"]],
        "own regularizer": ["match", []],
        "own regularizer that is forgotten": ["mismatch", ["KRG803"]],
    }
