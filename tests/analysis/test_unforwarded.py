"""Whether a regularizer that an own layer or function takes is read, by what the program does and not by its words."""

from __future__ import annotations

import pytest

from tests.analysis.reading import facts

IMPORTS = """\
import inspect
import operator
import keras
import outside
from keras import regularizers
from keras.layers import Dense, Layer
from keras.regularizers import l2

"""
LAYER = """\
class Scale(Layer):
    def __init__(self, scale_regularizer=None):
        super().__init__()
        {init}

    def build(self, shape):
        {build}

    def call(self, x):
        return x * self.scale
"""
PLAIN = "self.scale = self.add_weight(name='scale')"
KEPT = "self.scale_regularizer = regularizers.get(scale_regularizer)"


def dropped(init: str = KEPT, build: str = PLAIN, more: str = "") -> bool:
    text = LAYER.format(init=indented(init), build=indented(build))
    found = facts(IMPORTS + text + more).custom.unforwarded
    assert [each.name for each in found] in ([], ["scale_regularizer"])
    return bool(found)


def indented(text: str) -> str:
    return text.replace("\n", "\n        ")


@pytest.mark.parametrize(
    "init",
    [
        "pass",
        KEPT,
        "self.scale_regularizer = regularizers.get(\n    scale_regularizer,  # getattr(self, 'x'), locals()\n)",
        "# vars(self), locals() and __dict__ read nothing here\nself.kept = scale_regularizer",
        "kept = scale_regularizer\nself.kept = kept",
        "kept = regularizers.get(scale_regularizer)\nself.kept = self.other = kept",
        "scale_regularizer = regularizers.get(scale_regularizer)\nself.kept = scale_regularizer",
        "this = self\nthis.kept = scale_regularizer",
        "self.kept = scale_regularizer\nself.locals = 1",
        "self.kept = scale_regularizer\nsignature = 'vars'",
        "def run(scale_regularizer):\n    return scale_regularizer\nself.kept = scale_regularizer",
    ],
)
def test_what_is_at_most_kept(init):
    assert dropped(init)


@pytest.mark.parametrize(
    "build",
    [
        "def run(scale_regularizer):\n    return scale_regularizer\n" + PLAIN,
        PLAIN + "\nself.rate = getattr(outside, 'scale_regularizer')",
        PLAIN + "\noutside.log('scale_regularizer')",
        PLAIN + "\nself.names = vars(outside)",
        PLAIN + "\nself.names = outside.scale_regularizer",
    ],
)
def test_what_others_have_by_the_same_name_is_not_what_the_layer_keeps(build):
    assert dropped(build=build)


def test_another_class_that_reads_its_own():
    other = LAYER.replace("Scale", "Other").format(
        init=KEPT, build="self.scale = self.add_weight(regularizer=self.scale_regularizer)"
    )
    assert dropped(more="\n\n" + other)


@pytest.mark.parametrize(
    "build",
    [
        "self.scale = self.add_weight(regularizer=self.scale_regularizer)",
        "self.add_weight(\n    name='scale',\n    regularizer=(\n        self\n        .scale_regularizer\n    ),\n)",
        "this = self\nself.scale = self.add_weight(regularizer=this.scale_regularizer)",
        "self.scale = self.add_weight(regularizer=getattr(self, 'scale_regularizer'))",
        "self.add_weight(\n    regularizer=getattr(\n        self,\n        'scale_' + 'regularizer',\n    )\n)",
        "self.add_weight(regularizer=dict(inspect.getmembers(self))['scale_regularizer'])",
        "for name in ('scale',):\n    self.add_weight(regularizer=getattr(self, f'{name}_regularizer'))",
        "self.scale = self.add_weight(regularizer=vars(self)['scale_regularizer'])",
        "self.scale = self.add_weight(regularizer=self.__dict__['scale_regularizer'])",
        "self.scale = self.add_weight(regularizer=operator.attrgetter('scale_regularizer')(self))",
        PLAIN + "\noutside.run(self)",
        PLAIN + "\nthis = self\noutside.run(\n    this,\n)",
        PLAIN + "\nself.inner = Dense(3, kernel_regularizer=self.scale_regularizer)",
        PLAIN + "\nlayers = [self]\nfor layer in layers:\n    self.add_loss(layer.scale_regularizer(1))",
    ],
)
def test_what_is_read_of_the_layer_or_may_be(build):
    assert not dropped(build=build)


def test_a_configuration_that_is_read_for_a_weight():
    config = "\n    def get_config(self):\n        return {'regularizer': self.scale_regularizer}\n"
    assert dropped(more=config)
    assert not dropped(build="self.scale = self.add_weight(**self.get_config())", more=config)
    assert dropped(
        more="\n    def get_config(self):\n        return {**super().get_config(), 'a': self.scale_regularizer}\n"
    )


@pytest.mark.parametrize(
    "init",
    [
        "self.inner = Dense(4, kernel_regularizer=scale_regularizer)",
        "super(Scale, self).__init__(kernel_regularizer=scale_regularizer)",
        "self.options = locals()",
        "names = locals\nself.options = names()",
        "self.options = inspect.currentframe().f_locals",
        "self.kept = eval('scale_regularizer')",
        "kept = scale_regularizer\nself.inner = Dense(4, kernel_regularizer=kept)",
        "kept = [scale_regularizer]\nself.kept = kept",
        "outside.keep(scale_regularizer)",
        "self.make = lambda: scale_regularizer",
        "this = outside\nthis.kept = scale_regularizer",
        "def make():\n    return Dense(4, kernel_regularizer=scale_regularizer)\nself.inner = make()",
    ],
)
def test_what_the_constructor_does_more_with(init):
    assert not dropped(init)


def ignored(body: str) -> bool:
    return [each.name for each in facts(IMPORTS + body).custom.ignored] == ["kernel_regularizer"]


@pytest.mark.parametrize(
    "body",
    [
        "return Dense(n)",
        "# kernel_regularizer=kernel_regularizer, locals()\n    return Dense(\n        n,\n    )",
        "'kernel_regularizer'\n    return Dense(n)",
        "locals = n\n    return Dense(locals)",
        "return Dense(n, name=getattr(outside, 'name'))",
        "return Dense(n, name=outside.locals())",
        "return Dense(len(vars(outside)))",
        "def inner(kernel_regularizer):\n        return Dense(n, None, kernel_regularizer)\n    return inner(None)",
    ],
)
def test_a_parameter_that_a_function_does_not_read(body):
    assert ignored(f"def block(n, kernel_regularizer=None):\n    {body}\n")


@pytest.mark.parametrize(
    "body",
    [
        "return Dense(n, kernel_regularizer=kernel_regularizer)",
        "return Dense(\n        n,\n        kernel_regularizer=(\n            kernel_regularizer\n        ),\n    )",
        "given = kernel_regularizer\n    return Dense(n, kernel_regularizer=given)",
        "def inner():\n        return Dense(n, kernel_regularizer=kernel_regularizer)\n    return inner()",
        "def inner(given=kernel_regularizer):\n        return Dense(n, kernel_regularizer=given)\n    return inner()",
        "return Dense(**vars())",
        "names = locals\n    return Dense(**names())",
        "return Dense(n, **inspect.getargvalues(inspect.currentframe()).locals)",
        "del kernel_regularizer\n    return Dense(n)",
    ],
)
def test_one_that_it_reads_or_may(body):
    assert not ignored(f"def block(n, kernel_regularizer=None):\n    {body}\n")
