"""What a parameter is known to be by the calls of its function in the same file."""

import pytest

from kreglint.facts.values import OneOf, Provenance
from tests.analysis.reading import Because, Default, given, layers

MAKE = "def make(units, x=0.5):\n    Dense(units, kernel_regularizer=x)\n\n"
NO_DEFAULT = "def make(x):\n    Dense(1, kernel_regularizer=x)\n\n"


def resolution(body: str) -> Provenance:
    argument = layers(body)[-1].keyword("kernel_regularizer")
    assert argument is not None
    return argument.value.provenance


def test_without_a_call_it_is_the_default():
    assert given(MAKE) == Default(0.5)


def test_a_call_that_leaves_it_out_says_nothing_new():
    assert given(MAKE + "make(4)\n") == Default(0.5)


@pytest.mark.parametrize("call", ["make(4, 0.1)", "make(4, x=0.1)", "make(x=0.1, units=4)"])
def test_what_the_only_call_passes(call):
    body = MAKE + call + "\n"
    assert resolution(body) is Provenance.CALLERS
    assert layers(body)[-1].keyword("kernel_regularizer").value.value == 0.1


def test_calls_that_pass_the_same():
    assert resolution(MAKE + "make(4, 0.1)\nmake(8, 0.1)\n") is Provenance.CALLERS


def test_calls_that_differ_leave_it_open():
    value = layers(MAKE + "make(4, 0.1)\nmake(8, 0.2)\n")[-1].keyword("kernel_regularizer").value
    assert isinstance(value, OneOf)
    assert value.provenance is Provenance.CALLERS
    assert [way.value for way in value.alternatives] == [0.1, 0.2]


def test_a_call_that_leaves_it_out_adds_the_default():
    value = layers(MAKE + "make(4)\nmake(8, 0.2)\n")[-1].keyword("kernel_regularizer").value
    assert {(way.value, way.provenance) for way in value.alternatives} == {
        (0.5, Provenance.DEFAULT),
        (0.2, Provenance.CALLERS),
    }


def test_a_parameter_without_a_default():
    assert resolution(NO_DEFAULT + "make(0.1)\n") is Provenance.CALLERS


def test_a_call_that_passes_what_is_not_known_leaves_the_default():
    assert given(MAKE + "make(4, 0.1)\nmake(4, outside.x())\n") == Default(0.5)


def test_a_call_that_passes_what_is_not_known_to_a_parameter_without_default():
    assert given(NO_DEFAULT + "make(outside.x())\n") == Because("parameter 'x' has no default")


@pytest.mark.parametrize("call", ["make(*outside.args)", "make(4, **outside.options)"])
def test_unpacked_arguments_leave_the_default(call):
    assert given(MAKE + f"make(4, 0.1)\n{call}\n") == Default(0.5)


def test_through_two_functions():
    body = "def inner(x):\n    Dense(1, kernel_regularizer=x)\n\ndef outer(x):\n    inner(x)\n\nouter(0.1)\n"
    assert resolution(body) is Provenance.CALLERS


def test_a_function_that_calls_itself():
    body = "def make(n, x=0.5):\n    Dense(n, kernel_regularizer=x)\n    make(n - 1, x)\n\nmake(3)\n"
    assert given(body) == Default(0.5)


def test_a_method_is_not_followed():
    net = "class Net:\n    def make(self, x=0.5):\n        Dense(1, kernel_regularizer=x)\n\n"
    assert given(net + "make = Net.make\nmake(1, 0.1)\n") == Default(0.5)


def test_a_decorated_function_is_not_followed():
    assert given("@outside.wrap\n" + MAKE + "make(4, 0.1)\n") == Default(0.5)


def test_another_function_of_the_same_name_does_not_count():
    body = MAKE + "def other():\n    def make(units, x):\n        pass\n    make(4, 0.1)\n"
    assert given(body) == Default(0.5)


def test_a_call_with_a_factor_from_callers_that_differ():
    body = "def make(x):\n    Dense(1, kernel_regularizer=l2(x))\n\nmake(0.1)\nmake(0.2)\n"
    value = layers(body)[-1].keyword("kernel_regularizer").value
    assert isinstance(value, OneOf)
    assert value.provenance is Provenance.CALLERS
    assert len(value.alternatives) == 2


def test_very_many_calls_are_not_followed():
    calls = "".join(f"make(4, 0.{number})\n" for number in range(1, 70))
    assert given(MAKE + calls) == Default(0.5)


class TestMethods:
    NET = (
        "class Net:\n    def __init__(self, x=0.5):\n        self.x = x\n"
        "    def make(self, y=0.6):\n        Dense(1, {})\n"
    )

    def of(self, expression: str, rest: str) -> object:
        program = self.NET.format(f"kernel_regularizer={expression}") + rest
        value = layers(program)[-1].keyword("kernel_regularizer").value
        if isinstance(value, OneOf):
            return value.provenance, {way.value for way in value.alternatives}
        return value.provenance, getattr(value, "value", None)

    def test_what_another_method_passes(self):
        assert self.of("y", "    def run(self):\n        self.make(0.1)\n") == (Provenance.CALLERS, 0.1)

    def test_what_an_instance_is_called_with(self):
        assert self.of("y", "Net().make(y=0.1)\n") == (Provenance.CALLERS, 0.1)

    def test_a_call_by_the_class(self):
        assert self.of("y", "net = Net()\nNet.make(net, 0.1)\n") == (Provenance.CALLERS, 0.1)

    def test_what_the_constructor_is_given(self):
        assert self.of("self.x", "Net(0.1)\nNet(x=0.2)\n") == (Provenance.CALLERS, {0.1, 0.2})

    def test_what_a_derived_class_gives_the_constructor(self):
        derived = "class Small(Net):\n    def __init__(self):\n        super().__init__(0.1)\n"
        assert self.of("self.x", derived) == (Provenance.CALLERS, 0.1)

    def test_a_class_that_inherits_the_constructor(self):
        assert self.of("self.x", "class Small(Net):\n    pass\nSmall(0.1)\n") == (Provenance.CALLERS, 0.1)

    def test_a_method_of_another_class_by_the_same_name(self):
        other = "class Other:\n    def make(self, y):\n        pass\nOther().make(0.1)\n"
        assert self.of("y", other) == (Provenance.DEFAULT, 0.6)

    @pytest.mark.parametrize("rest", ["outside.net().make(0.1)\n", "outside.run(Net().make)\n"])
    def test_who_else_may_call_it_is_not_known(self, rest):
        assert self.of("y", rest) == (Provenance.DEFAULT, 0.6)


@pytest.mark.parametrize(
    "call",
    [
        "other = make\nother(0.1)",
        "other = make\nagain = other\nagain(x=0.1)",
        "from functools import partial\nother = partial(make, 0.1)\nother()",
        "from functools import partial\nother = partial(make, x=0.2)\nother(x=0.1)",
        "BUILD = {'a': make, 'b': None}\nBUILD['a'](0.1)",
        "make(**{'x': 0.1})",
        "make(**dict(x=0.1))",
        "given = (0.1,)\nmake(*given)",
        "from collections import namedtuple\nmake(namedtuple('N', 'x')(0.1).x)",
    ],
)
def test_calls_that_do_not_name_the_function_or_show_their_arguments(call):
    found = layers(NO_DEFAULT + call + "\n")[-1].keyword("kernel_regularizer").value
    assert (found.value, found.provenance) == (0.1, Provenance.CALLERS)


@pytest.mark.parametrize(
    "call", ["BUILD = {'a': make, 'b': len}\nBUILD['b'](0.1)", "make(**outside.x)", "make(*outside.x)"]
)
def test_calls_of_something_else_or_with_unknown_arguments(call):
    assert isinstance(given(NO_DEFAULT + call + "\n"), Because)


@pytest.mark.parametrize(
    "handed_on",
    [
        "    make(c)\n",
        "    make(x=c)\n",
        "    make(**{'x': c})\n",
        "    def inner(**rest):\n        rest['x'] = c\n        make(**rest)\n    inner(x=0.5)\n",
    ],
)
def test_a_default_that_a_call_hands_on_may_still_be_another_value(handed_on):
    assert given(f"{NO_DEFAULT}def outer(c=0.1):\n{handed_on}outside.run(outer)\n") == Default(0.1)


def test_a_default_that_another_call_passes_is_what_calls_give():
    assert resolution(MAKE + "make(4, 0.5)\nmake(4)\n") is Provenance.CALLERS
