"""What the calls of a wrapper pass on by `**kwargs`, through the dict that the wrapper makes of it."""

from __future__ import annotations

import pytest

from kreglint.facts.file import LayerCall
from kreglint.facts.values import Const, Construct, Provenance, Value
from tests.analysis.reading import facts

HEAD = "from functools import wraps\nfrom keras.layers import Conv2D\nfrom keras.regularizers import l2\n"
WRAPPER = """
def conv(*args, **kwargs):
    kw = {'kernel_regularizer': l2(kwargs.get('weight_decay', 5e-4))}
    kw['padding'] = 'valid' if kwargs.get('strides') == (2, 2) else 'same'
    try:
        del kwargs['weight_decay']
    except KeyError:
        pass
    kw.update(kwargs)
    return Conv2D(*args, **kw)
"""


def inner(body: str) -> LayerCall:
    """The Keras layer that a program's wrapper makes."""
    (layer,) = (each for each in facts(HEAD + body).layers if each.layer == "Conv2D")
    return layer


def regularizer(body: str) -> Value:
    argument = inner(body).keyword("kernel_regularizer")
    assert argument is not None
    return argument.value


def factors(value: Value) -> list[object]:
    """The factor of each regularizer that a value may be, None for no regularizer."""
    return [_factor(way) for way in value.ways]


def _factor(value: Value) -> object:
    if isinstance(value, Construct):
        (argument,) = value.arguments
        value = argument.value
    assert isinstance(value, Const)
    return value.value


class TestDictsThatCallersUpdate:
    def test_what_a_call_leaves_out_is_what_the_wrapper_says(self):
        found = regularizer(WRAPPER + "conv(32, 3)\nconv(64, 3, strides=(2, 2))\n")
        assert (factors(found), found.provenance) == ([5e-4], Provenance.CALLERS)

    def test_what_a_call_passes_counts(self):
        found = regularizer(WRAPPER + "conv(32, 3, weight_decay=1e-3)\n")
        assert (factors(found), found.provenance) == ([1e-3], Provenance.CALLERS)

    def test_the_regularizer_itself_may_be_passed(self):
        assert factors(regularizer(WRAPPER + "conv(32, 3, kernel_regularizer=l2(0.1))\n")) == [0.1]

    def test_several_calls_pass_several_values(self):
        found = regularizer(WRAPPER + "conv(32, 3)\nconv(32, 3, weight_decay=1e-3)\n")
        assert (factors(found), found.provenance) == ([5e-4, 1e-3], Provenance.CALLERS)

    def test_a_wrapper_of_the_wrapper_passes_on_what_it_is_given(self):
        outer = "def bn(*args, **kwargs):\n    more = {'use_bias': False}\n    more.update(kwargs)\n"
        outer += "    return conv(*args, **more)\n"
        assert factors(regularizer(WRAPPER + outer + "bn(32, 3, weight_decay=0.2)\nbn(3, 3)\n")) == [0.2, 5e-4]

    def test_of_a_wrapper_that_nobody_calls_it_is_the_default(self):
        found = regularizer(WRAPPER)
        assert (factors(found), found.provenance) == ([5e-4], Provenance.DEFAULT)

    def test_a_wrapper_of_the_wrapper_that_nobody_calls_leaves_the_default(self):
        found = regularizer(WRAPPER + "def bn(*args, **kwargs):\n    return conv(*args, **kwargs)\n")
        assert (factors(found), found.provenance) == ([5e-4], Provenance.DEFAULT)

    @pytest.mark.parametrize("escape", ["outside(conv)", "table = {'conv': conv}", "also = conv\nouter(also)"])
    def test_a_wrapper_that_is_handed_on_may_be_called_with_anything(self, escape):
        found = regularizer(f"{WRAPPER}conv(32, 3)\n{escape}\n")
        assert found.provenance is Provenance.DEFAULT

    def test_a_call_that_does_not_show_what_it_passes_leaves_the_default(self):
        found = regularizer(f"{WRAPPER}conv(32, 3)\nconv(3, 3, **options)\n")
        assert found.provenance is Provenance.DEFAULT


class TestStepsOnWhatIsPassed:
    @pytest.mark.parametrize(
        "steps",
        [
            "kwargs.setdefault('kernel_regularizer', l2(0.1))\n    kw = {**kwargs}",
            "kw = {'kernel_regularizer': l2(0.1), **kwargs}",
            "kw = dict({'kernel_regularizer': l2(0.1)}, **kwargs)",
            "kw = {'kernel_regularizer': l2(0.1)} | kwargs",
            "kw = {'kernel_regularizer': l2(0.1)}\n    kw |= kwargs",
            "kw = {'kernel_regularizer': l2(kwargs.pop('decay', 0.1))}\n    kw.update(kwargs)",
        ],
    )
    def test_a_value_that_no_call_replaces(self, steps):
        found = regularizer(f"def conv(*args, **kwargs):\n    {steps}\n    return Conv2D(*args, **kw)\nconv(3, 3)\n")
        assert (factors(found), found.provenance) == ([0.1], Provenance.CALLERS)

    def test_what_is_deleted_is_not_passed_on(self):
        body = "def conv(*args, **kwargs):\n    del kwargs['decay']\n    return Conv2D(*args, **kwargs)\n"
        layer = inner(body + "conv(3, 3, decay=0.1, padding='same')\n")
        assert [argument.keyword for argument in layer.arguments if argument.keyword] == ["padding"]

    @pytest.mark.parametrize("removal", ["del kwargs['decay']", "kwargs.pop('decay')"])
    def test_what_may_be_gone_already_is_gone_after_a_try(self, removal):
        body = f"def conv(*args, **kwargs):\n    try:\n        {removal}\n    except KeyError:\n        pass\n"
        layer = inner(body + "    return Conv2D(*args, **kwargs)\nconv(3, 3, decay=0.1)\n")
        assert [argument.keyword for argument in layer.arguments if argument.keyword] == []

    def test_a_key_that_is_not_known_leaves_nothing_known(self):
        body = "def conv(**kwargs):\n    kw = {'kernel_regularizer': l2(0.1)}\n    del kw[outside()]\n"
        layer = inner(body + "    return Conv2D(3, 3, **kw)\nconv()\n")
        assert layer.has_star

    def test_a_dict_that_a_parameter_has_as_its_default_may_be_another(self):
        body = "def conv(options={}):\n    return Conv2D(3, 3, **{'kernel_regularizer': l2(0.1), **options})\n"
        assert regularizer(body).provenance is Provenance.DEFAULT


def test_a_keyword_beside_a_star_is_what_it_says():
    body = "def conv(kernel_regularizer=None, **kwargs):\n"
    body += "    return Conv2D(3, 3, kernel_regularizer=kernel_regularizer, **kwargs)\n"
    found = regularizer(body + "conv(kernel_regularizer=l2(0.3), **options)\n")
    assert (factors(found), found.provenance) == ([0.3], Provenance.CALLERS)
