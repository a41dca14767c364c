"""What is read from classes and their instances: constants, fields, members of enums, and what methods give back."""

from __future__ import annotations

from textwrap import dedent

from kreglint.facts.values import Function
from tests.analysis.reading import Because, Default, OneOfThese, given, layers, of_l2

USE = "Dense(1, kernel_regularizer={})\n"


def of(expression: str, program: str) -> object:
    return given(dedent(program) + USE.format(expression))


PLAIN = """
    class Config:
        decay = 0.1
"""


def test_a_constant_of_a_class():
    assert of("Config.decay", PLAIN) == 0.1


def test_a_constant_of_an_instance():
    assert of("Config().decay", PLAIN) == 0.1


def test_a_constant_of_an_instance_that_has_a_name():
    assert of("config.decay", PLAIN + "    config = Config()\n") == 0.1


def test_a_constant_of_a_class_of_a_class():
    program = "class Config:\n    class Train:\n        decay = 0.1\n"
    assert of("Config.Train.decay", program) == 0.1


def test_a_constant_that_is_set_on_the_class_later():
    assert of("Config.decay", PLAIN + "    Config.decay = 0.2\n") == Because("an attribute of 'Config'")


def test_a_constant_that_is_set_by_name():
    assert of("Config.decay", PLAIN + "    setattr(Config, 'decay', 0.2)\n") == Because("an attribute of 'Config'")


def test_a_constant_of_the_base_class():
    assert of("Small.decay", PLAIN + "    class Small(Config):\n        pass\n") == 0.1


def test_the_derived_class_has_its_own():
    assert of("Small.decay", PLAIN + "    class Small(Config):\n        decay = 0.2\n") == 0.2


def test_a_base_that_is_not_known_may_have_it():
    program = PLAIN + "    class Small(outside.Base, Config):\n        pass\n"
    assert of("Small.decay", program) == Because("an attribute of 'Small'")


def test_of_several_bases_that_have_it_it_is_one():
    program = """
        class Top:
            decay = 0.1
        class Left(Top):
            pass
        class Right(Top):
            decay = 0.2
        class Both(Left, Right):
            pass
    """
    assert of("Both.decay", program) == OneOfThese({0.1, 0.2})


def test_what_the_constructor_keeps_of_its_arguments():
    program = """
        class Config:
            def __init__(self, decay=0.1):
                self.decay = decay
        config = Config(0.2)
    """
    assert of("config.decay", program) == 0.2


def test_what_the_constructor_is_not_given_is_its_default():
    program = """
        class Config:
            def __init__(self, decay=0.1):
                self.decay = decay * 2
        config = Config()
    """
    assert of("config.decay", program) == 0.2


def test_what_another_method_may_set_is_one_of_several():
    program = """
        class Config:
            def __init__(self, decay):
                self.decay = decay
            def stronger(self):
                self.decay = 0.5
        config = Config(0.2)
    """
    assert of("config.decay", program) == OneOfThese({0.2, 0.5})


def test_what_the_constructor_of_the_base_keeps():
    program = """
        class Base:
            def __init__(self):
                self.decay = 0.2
        class Config(Base):
            pass
    """
    assert of("Config().decay", program) == 0.2


def test_the_instance_that_may_be_none_has_the_attribute_where_it_is_read():
    program = PLAIN + "    def build(config=None):\n        config = config or Config()\n        return config.decay\n"
    assert of("build()", program) == 0.1


DATACLASS = """
    from dataclasses import dataclass, field

    @dataclass
    class Config:
        name: str
        decay: float = 0.1
        more: float = field(default=0.3)
        made: float = field(default_factory=float)
"""


def test_a_field_that_the_call_leaves_out():
    assert of("Config('a').decay", DATACLASS) == Default(0.1)


def test_a_field_by_keyword():
    assert of("Config('a', decay=0.2).decay", DATACLASS) == 0.2


def test_a_field_by_position():
    assert of("Config('a', 0.2).decay", DATACLASS) == 0.2


def test_a_field_with_its_default_in_a_call():
    assert of("Config('a').more", DATACLASS) == Default(0.3)


def test_a_field_whose_default_is_made():
    assert of("Config('a').made", DATACLASS) == Because("made by a default_factory")


def test_a_field_that_is_set_later():
    program = DATACLASS + "    config = Config('a')\n    config.decay = 0.5\n"
    assert of("config.decay", program) == Because("an attribute of 'config'")


def test_a_field_in_a_method_is_what_callers_leave_it():
    program = "from dataclasses import dataclass\n@dataclass\nclass Net:\n    x: float = 0.1\n    def build(self):\n"
    assert given(program + "        " + USE.format("self.x")) == Default(0.1)


def test_a_field_of_a_named_tuple():
    program = "from typing import NamedTuple\nclass Config(NamedTuple):\n    decay: float = 0.1\n"
    assert of("Config(0.2).decay", program) == 0.2


def test_a_namespace():
    assert of("config.decay", "from types import SimpleNamespace\nconfig = SimpleNamespace(decay=0.2)\n") == 0.2


def test_the_value_of_a_member_of_an_enum():
    assert of("Decay.WEAK.value", "from enum import Enum\nclass Decay(Enum):\n    WEAK = 0.1\n") == 0.1


def test_a_member_of_an_enum_is_not_its_value():
    program = "import enum\nclass Decay(enum.Enum):\n    WEAK = 0.1\n"
    (layer,) = layers(program + USE.format("Decay.WEAK"))
    assert isinstance(layer.arguments[1].value, Function)


METHODS = """
    class Net:
        strength = 0.1

        def penalty(self, factor=2):
            return l2(self.strength * factor)

        @staticmethod
        def fixed(factor):
            return l2(factor)

        @classmethod
        def of_class(cls):
            return l2(cls.strength)

        @property
        def weak(self):
            return l2(self.strength)

        def build(self):
"""


def in_method(expression: str) -> object:
    return given(dedent(METHODS) + "        " + USE.format(expression))


def test_what_a_method_of_the_same_class_gives_back():
    assert in_method("self.penalty(3)") == of_l2(0.1 * 3)


def test_a_static_method():
    assert in_method("self.fixed(0.5)") == of_l2(0.5)


def test_a_property():
    assert in_method("self.weak") == of_l2(0.1)


def test_a_class_method_of_the_class():
    assert of("Net.of_class()", METHODS + "            pass\n") == of_l2(0.1)


def test_a_method_of_an_instance():
    assert of("Net().penalty(factor=3)", METHODS + "            pass\n") == of_l2(0.1 * 3)


def test_a_method_that_a_derived_class_has_otherwise_is_either():
    derived = "\nclass Small(Net):\n    def fixed(self, factor):\n        return l2(0.7)\n"
    found = given(dedent(METHODS) + "        " + USE.format("self.fixed(0.5)") + derived)
    assert found == OneOfThese({of_l2(0.5), of_l2(0.7)})


def test_what_a_method_of_the_base_gives_back_through_super():
    program = """
        class Base:
            def penalty(self):
                return l2(0.1)
        class Net(Base):
            def penalty(self):
                return None
            def build(self):
    """
    assert given(dedent(program) + "        " + USE.format("super().penalty()")) == of_l2(0.1)


def test_a_function_that_is_wrapped_for_its_name_alone():
    program = """
        from functools import wraps
        @wraps(Dense)
        def regularizer(factor):
            return l2(factor)
    """
    assert of("regularizer(0.1)", program) == of_l2(0.1)
