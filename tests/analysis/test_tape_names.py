"""A step is known by the tape that it makes, not by a word in it."""

from __future__ import annotations

import pytest

from tests.analysis.reading import facts

PROGRAM = """\
import keras
import tensorflow as tf
{imports}
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, kernel_regularizer="l2")])


def step(x, y, other=None):
    with {tape} as tape:
        loss = tf.reduce_mean(y - model(x))
    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
"""


def count(tape: str, imports: str = "") -> int:
    return len(facts(PROGRAM.format(tape=tape, imports=imports)).training.tapes)


@pytest.mark.parametrize(
    ("tape", "imports"),
    [
        ("tf.GradientTape()", ""),
        ("tf.GradientTape(\n        persistent=True,\n    )", ""),
        ("(\n        tf\n        .GradientTape()\n    )", ""),
        ("Record()", "from tensorflow import GradientTape as Record"),
        ("make()", "make = tf.GradientTape"),
    ],
)
def test_a_tape_by_whatever_name(tape, imports):
    assert count(tape, imports) == 1


@pytest.mark.parametrize(
    ("tape", "imports"),
    [
        ("GradientTape()", "from outside import GradientTape"),
        ("open('GradientTape')", ""),
        ("other.run(  # in place of tf.GradientTape()\n    )", ""),
    ],
)
def test_what_only_has_its_name(tape, imports):
    assert count(tape, imports) == 0
