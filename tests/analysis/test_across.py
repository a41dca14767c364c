"""Models, layers and losses that are made in other files of a project."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kreglint.analysis.values.project import Project
from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.projects import Files

JUDGED = Settings(select=("KRG305", "KRG601"))
KERAS = "import keras\nfrom keras.layers import Dense\nfrom keras.regularizers import L2\n"
BUILD = """\
def build(units, rate=0.1):
    inputs = keras.Input((4,))
    x = Dense(units, kernel_regularizer=L2(rate))(inputs)
    return keras.Model(inputs, Dense(1)(x))
"""
NETS = KERAS + BUILD
LOSSES = "import tensorflow as tf\ndef error(y, p):\n    return tf.reduce_mean(y - p)\n"
HEAD = "import tensorflow as tf\nfrom keras.regularizers import L2\n"
STEP = """\
def step(x, y):
    with tf.GradientTape() as tape:
        loss = {loss}
    return tape.gradient(loss, model.trainable_variables)
"""
DATA = "tf.reduce_mean(y - model(x))"
LATE = "model.layers[0].kernel_regularizer = L2(0.1)\n"
FROM = "from nets import build\nmodel = build(3)\n"


def findings(main: str, **files: str) -> list[Diagnostic]:
    """What is said of a script, beside files by their names, `pkg__inner` for a module of a package."""
    others = {f"/{name.replace('__init', '/__init__').replace('__', '/', '/__init__' not in name and '__init' not in name)}.py": text for name, text in files.items()}
    return check(HEAD + main, "/main.py", JUDGED, Project(Files({"/nets.py": NETS, "/losses.py": LOSSES} | others)))


def codes(main: str, **files: str) -> list[str]:
    return [each.code for each in findings(main, **files)]
