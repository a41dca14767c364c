"""Attributes that a base class sets by `setattr`, or that a layer of Keras keeps of what its constructor is given."""

from __future__ import annotations

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.values.project import Project
from kreglint.facts.values import Const, Construct, Provenance, Value
from tests.analysis.test_project import Folder

HEAD = (
    "from keras import regularizers\nfrom keras.layers import Conv2D, Dense, Layer\nfrom keras.regularizers import l2\n"
)
LOOP = """
class Base(Layer):
    def __init__(self, **kwargs):
        super().__init__()
        for key in kwargs:
            if key.endswith('_regularizer'):
                value = regularizers.get(kwargs[key])
                setattr(self, key, value)
"""
NAMES = """
class Base(Layer):
    def __init__(self, **kw):
        super().__init__()
        for n in ('kernel', 'bias'):
            setattr(self, f'{n}_regularizer', kw.get(f'{n}_regularizer'))
"""


def given(body: str, **files: str) -> Value | None:
    """What the last `Dense` of a program is given; None for nothing."""
    found = [each for each in analyse(HEAD + body, "/main.py", Project(Folder(files))).layers if each.layer == "Dense"]
    argument = found[-1].keyword("kernel_regularizer")
    return argument.value if argument is not None else None


def subclass(arguments: str, use: str = "self.kernel_regularizer", base: str = "Base", more: str = "") -> str:
    return (
        f"class Net({base}):\n    def __init__(self, kernel_regularizer=None, **kwargs):\n"
        f"        super().__init__({arguments}, **kwargs)\n{more}"
        f"    def build(self, shape):\n        self.dense = Dense(4, kernel_regularizer={use})\n"
    )


def is_none(value: Value | None) -> bool:
    if isinstance(value, Construct):  # regularizers.get(None)
        (argument,) = value.arguments
        value = argument.value
    return isinstance(value, Const) and value.value is None


class TestSetattr:
    @pytest.mark.parametrize(
        "base",
        [
            LOOP,
            LOOP.replace("for key in kwargs:", "for key, given in kwargs.items():").replace("kwargs[key])", "given)"),
            NAMES,
        ],
    )
    def test_a_name_that_is_worked_out_of_what_is_passed(self, base):
        found = given(base + subclass("kernel_regularizer=kernel_regularizer"))
        assert is_none(found)
        assert found.provenance is Provenance.DEFAULT

    def test_in_another_file(self):
        found = given("from base import Base\n" + subclass("kernel_regularizer=l2(0.1)"), base=HEAD + LOOP)
        assert isinstance(found, Construct)
        assert found.provenance is Provenance.DEFAULT

    @pytest.mark.parametrize(
        "line",
        ["setattr(self, outside.name, 1)", "setattr(self, key + outside.suffix, 1)", "self.__dict__.update(kwargs)"],
    )
    def test_a_name_that_is_not_known_may_be_any(self, line):
        base = LOOP.replace("                setattr(self, key, value)", f"                {line}")
        assert given(base + subclass("kernel_regularizer=None")).provenance is Provenance.UNKNOWN

    def test_a_setattr_on_something_else_may_set_any(self):
        base = LOOP + "def change(net, name):\n    setattr(net, name, 1)\n"
        assert given(base + subclass("kernel_regularizer=None")).provenance is Provenance.UNKNOWN

    def test_an_attribute_of_a_class_without_it_is_as_it_was(self):
        other = "class Other:\n    def __init__(self):\n        self.reg = l2(0.1)\n"
        other += "    def build(self):\n        Dense(4, kernel_regularizer=self.reg)\n"
        found = given(LOOP + other)
        assert isinstance(found, Construct)
        assert found.provenance is Provenance.EXACT


class TestLayersOfKeras:
    def test_what_the_constructor_is_given(self):
        found = given(subclass("3, 3, kernel_regularizer=l2(0.1)", base="Conv2D"))
        assert isinstance(found, Construct)

    def test_what_it_is_not_given(self):
        found = given(subclass("3, 3", base="Conv2D"))
        assert is_none(found)
        assert found.provenance is Provenance.DEFAULT

    def test_a_class_without_a_constructor(self):
        body = "class Net(Conv2D):\n    def build(self, shape):\n"
        assert is_none(given(f"{body}        Dense(4, kernel_regularizer=self.kernel_regularizer)\n"))

    def test_what_the_class_sets_itself_counts(self):
        more = "        self.kernel_regularizer = l2(0.2)\n"
        found = given(subclass("3, 3", base="Conv2D", more=more))
        assert isinstance(found, Construct)
        assert found.provenance is Provenance.EXACT

    @pytest.mark.parametrize(
        "arguments", ["3, 3, **outside.options", "*outside.options", "3, 3, kernel_regularizer=outside.given"]
    )
    def test_what_is_not_seen_is_not_known(self, arguments):
        found = given(subclass(arguments, base="Conv2D"))
        assert found.provenance is Provenance.UNKNOWN or not is_none(found)

    def test_a_layer_that_keeps_none(self):
        assert given(subclass("3", base="Layer")).provenance is Provenance.UNKNOWN
