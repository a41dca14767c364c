"""Named tuples, dataclasses that inherit, enums, and what makes, copies and lists their fields."""

from __future__ import annotations

import pytest

from tests.analysis.reading import Because, Default, given

HEAD = """
from collections import namedtuple
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import ClassVar, NamedTuple
import attr

T = namedtuple("T", "units decay")
L = namedtuple("L", ["units", "decay"], defaults=[0.1])
F = NamedTuple("F", [("units", int), ("decay", float)])
class N(NamedTuple):
    units: int
    decay: float = 0.3
class B(namedtuple("B", "units decay")):
    pass
@dataclass
class Base:
    decay: float = 0.3
    size: ClassVar[int] = 4
@dataclass
class D(Base):
    units: int = 3
    made: float = field(default_factory=lambda: 0.1)
    kept: float = field(default=0.1, init=False)
    base: Base = field(default_factory=Base)
    def __post_init__(self):
        self.half = self.decay / 2
@attr.define
class A:
    decay: float = attr.field(default=0.1)
class Kind(Enum):
    L1 = 0.2
    L2 = 0.1
"""


def of(expression: str) -> object:
    return given(f"{HEAD}w = {expression}\nDense(4, kernel_regularizer=w)\n")


@pytest.mark.parametrize(
    "expression",
    [
        "T(3, 0.1).decay",
        "T(decay=0.1, units=3).decay",
        "T(3, 0.1)[1]",
        "T(3, 0.1)[-1]",
        "T(3, 0.2)._replace(decay=0.1).decay",
        "T(3, 0.1)._asdict()['decay']",
        "L(3, 0.1).decay",
        "F(3, 0.1).decay",
        "N(3, 0.1).decay",
        "N(3, 0.1)[1]",
        "N(3)._replace(decay=0.1).decay",
        "B(3, 0.1).decay",
        "D(0.1).decay",
        "D(decay=0.1).decay",
        "D(0.2, 4, 0.1).made",
        "D(0.2).half",
        "replace(D(), decay=0.1).decay",
        "asdict(D(0.1))['decay']",
        "Kind.L2.value",
        "Kind['L2'].value",
        "Kind(0.1).value",
        "getattr(T(3, 0.1), 'decay')",
    ],
)
def test_what_is_given(expression):
    assert of(expression) == 0.1


@pytest.mark.parametrize("expression", ["L(3).decay", "D().made", "D().kept", "A().decay"])
def test_a_default(expression):
    assert of(expression) == Default(0.1)


def test_a_default_of_a_base_and_of_a_field_that_is_an_instance():
    assert of("D().decay") == Default(0.3)
    assert of("D().base.decay") == Default(0.3)
    assert of("N(4)[1]") == Default(0.3)


def test_the_name_of_a_member():
    assert of("Kind.L2.name") == "L2"


def test_unpacking():
    assert given(f"{HEAD}units, w = T(3, 0.1)\nDense(4, kernel_regularizer=w)\n") == 0.1
    assert given(f"{HEAD}units, w = N(3, 0.1)\nDense(4, kernel_regularizer=w)\n") == 0.1


@pytest.mark.parametrize(
    "expression",
    [
        "T(3).decay",
        "T(*outside.x).decay",
        "T(3, 0.1)[2]",
        "T(3, 0.1).other",
        "namedtuple('X', outside.names)(3, 0.1).decay",
        "namedtuple('X', 'decay', rename=True)(0.1).decay",
        "D(**outside.x).decay",
        "Kind(0.3).value",
        "Kind['L3'].value",
        "replace(D(), **outside.x).decay",
    ],
)
def test_what_is_not_known(expression):
    assert isinstance(of(expression), Because)
