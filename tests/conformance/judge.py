"""Holds the linter against what Keras was seen to do with each program."""

import json
from dataclasses import dataclass

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings
from tests.conformance.extract import CASES

PREAMBLE = """\
import keras
import numpy as np
import tensorflow as tf
from keras import layers, regularizers

KW = keras.initializers.Constant([[1.0, -2.0], [3.0, -4.0]])


def D(regularizer):
    return layers.Dense(2, use_bias=False, kernel_initializer=KW, kernel_regularizer=regularizer)


def DL(**given):
    return layers.Dense(2, use_bias=False, kernel_initializer=KW, **given)


def LL(layer):
    layer(tf.ones((1, 2)))
    return [float(loss) for loss in layer.losses]


def LLm(model):
    return [float(loss) for loss in model.losses]


"""
STYLE = ("KRG206", "KRG207", "KRG505", "KRG609", "KRG7")  # they say nothing of what Keras makes of a program
AS_ASKED = ("ok", "loads_only_with_custom_objects")


@dataclass(frozen=True, slots=True)
class Case:
    """A program with what one major of Keras did with it."""

    id: str
    group: str
    code: str
    major: int
    outcome: str

    def __str__(self) -> str:
        return f"{self.id}-keras{self.major}"

    @property
    def is_fault(self) -> bool:
        """Whether Keras raised, or dropped, ignored or distorted the penalty."""
        return self.outcome not in AS_ASKED

    def findings(self) -> list[Diagnostic]:
        settings = Settings(select=("ALL",), ignore=STYLE, keras_version=str(self.major))
        return check_source(PREAMBLE + self.code + "\n", "case.py", settings)

    def is_held(self) -> bool:
        """A fault has a finding; what works as asked has no error."""
        found = self.findings()
        return bool(found) if self.is_fault else all(each.severity is not Severity.ERROR for each in found)


def cases() -> list[Case]:
    return [
        Case(each["id"], each["group"], each["code"], major, each[f"keras{major}"])
        for each in json.loads(CASES.read_text(encoding="utf-8"))
        for major in (2, 3)
    ]
