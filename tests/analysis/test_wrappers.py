"""Classes and functions of the user's own: which of their arguments come to a layer of Keras."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.facts.file import LayerCall, Reach

HEAD = "import outside\nfrom keras import regularizers\nfrom keras.layers import Conv2D, Dense, Layer\n"
KERNEL = "kernel_regularizer"
TO_DENSE = (Reach(KERNEL, KERNEL, ("Dense",)),)


def reaches(program: str, call: str, own_layers: dict[str, str] | None = None) -> tuple[Reach, ...]:
    return last_layer(f"{dedent(program)}\n{call}\n", own_layers).reaches


def last_layer(program: str, own_layers: dict[str, str] | None = None) -> LayerCall:
    return analyse(HEAD + program, "my/nets.py", own_layers=own_layers or {}).layers[-1]


FUNCTIONS = {
    "by keywords": "def block(x, **kwargs):\n    return Dense(4, **kwargs)(x)",
    "by name": "def block(x, kernel_regularizer=None):\n    return Dense(4, kernel_regularizer=kernel_regularizer)(x)",
    "through a dict": """
        def block(x, kernel_regularizer=None):
            options = dict(kernel_regularizer=kernel_regularizer)
            return Dense(4, **options)(x)
    """,
    "through another function": """
        def inner(**kwargs):
            return Dense(4, **kwargs)
        def block(x, **kwargs):
            return inner(**kwargs)(x)
    """,
    "in a function within": """
        def block(x, kernel_regularizer=None):
            def make():
                return Dense(4, kernel_regularizer=kernel_regularizer)
            return make()(x)
    """,
    "a default that the call replaces": """
        def block(x, **kwargs):
            kwargs.setdefault("kernel_regularizer", "l2")
            return Dense(4, **kwargs)(x)
    """,
}


@pytest.mark.parametrize("program", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_that_hands_it_on(program):
    assert reaches(program, "block(0, kernel_regularizer='l3')") == TO_DENSE


def test_a_function_that_hands_it_on_by_another_name():
    program = "def block(x, a_regularizer=None):\n    return Dense(4, kernel_regularizer=a_regularizer)(x)"
    assert reaches(program, "block(0, a_regularizer='l3')") == (Reach("a_regularizer", KERNEL, ("Dense",)),)


def test_a_function_that_hands_it_to_several_layers():
    program = "def block(**kwargs):\n    Dense(4, **kwargs)\n    Conv2D(4, 3, **kwargs)"
    assert reaches(program, "block(kernel_regularizer='l3')") == (Reach(KERNEL, KERNEL, ("Dense", "Conv2D")),)


NOWHERE = {
    "it is not handed on": "def block(x, kernel_regularizer=None):\n    return Dense(4)(x)",
    "it is replaced": """
        def block(x, **kwargs):
            kwargs["kernel_regularizer"] = "l2"
            return Dense(4, **kwargs)(x)
    """,
    "it may be replaced": """
        def block(x, kernel_regularizer=None):
            if outside.flag:
                kernel_regularizer = "l2"
            return Dense(4, kernel_regularizer=kernel_regularizer)(x)
    """,
    "it is changed": """
        def block(x, kernel_regularizer=None):
            return Dense(4, kernel_regularizer=outside.change(kernel_regularizer))(x)
    """,
    "it comes to two parameters": """
        def block(x, kernel_regularizer=None):
            return Dense(4, kernel_regularizer=kernel_regularizer, bias_regularizer=kernel_regularizer)(x)
    """,
    "the function is decorated": "@outside.wrap\ndef block(x, **kwargs):\n    return Dense(4, **kwargs)(x)",
    "the function calls itself": "def block(x, **kwargs):\n    return block(x, **kwargs)",
}


@pytest.mark.parametrize("program", NOWHERE.values(), ids=NOWHERE)
def test_it_comes_nowhere_for_certain(program):
    assert reaches(program, "block(0, kernel_regularizer='l3')") == ()


CLASSES = {
    "without a constructor": "class Block(Dense):\n    pass",
    "with keywords": """
        class Block(Dense):
            def __init__(self, units, **kwargs):
                super().__init__(units, **kwargs)
    """,
    "in the style of Python 2": """
        class Block(Dense):
            def __init__(self, units, **kwargs):
                super(Block, self).__init__(units, **kwargs)
    """,
    "by the class's name": """
        class Block(Dense):
            def __init__(self, units, **kwargs):
                Dense.__init__(self, units, **kwargs)
    """,
    "by name": """
        class Block(Dense):
            def __init__(self, units, kernel_regularizer=None):
                super().__init__(units, kernel_regularizer=kernel_regularizer)
    """,
    "through a base of the user's own": """
        class Base(Dense):
            def __init__(self, units, **kwargs):
                super().__init__(units, **kwargs)
        class Block(Base):
            def __init__(self, *, kernel_regularizer):
                super().__init__(4, kernel_regularizer=kernel_regularizer)
    """,
    "in a layer that it makes": """
        class Block(Layer):
            def __init__(self, units, kernel_regularizer=None, **kwargs):
                super().__init__(**kwargs)
                self.dense = Dense(units, kernel_regularizer=kernel_regularizer)
    """,
}


@pytest.mark.parametrize("program", CLASSES.values(), ids=CLASSES)
def test_a_class_that_hands_it_on(program):
    units = "" if "*, kernel" in program else "4, "
    assert reaches(program, f"Block({units}kernel_regularizer='l3')") == TO_DENSE


def test_a_class_that_takes_it_for_itself():
    program = """
        class Block(Layer):
            def __init__(self, kernel_regularizer=None):
                super().__init__()
                self.kernel_regularizer = regularizers.get(kernel_regularizer)
    """
    assert reaches(program, "Block(kernel_regularizer='l3')") == ()


def test_either_of_two_layers():
    found = last_layer("layer = Dense if outside.flag else Conv2D\nlayer(4, kernel_regularizer='l3')\n")
    assert (found.layer, found.stands_for) == (None, ("Dense", "Conv2D"))
    assert found.reaches == (Reach(KERNEL, KERNEL, ("Dense", "Conv2D")),)


class TestDeclared:
    OWN = {"my.nets.block": "Dense"}  # noqa: RUF012

    def test_a_function_of_this_file(self):
        assert reaches("block = outside.make()\ndef block(x): ...", "block(4, kernel_regularizer='l3')", self.OWN)

    @pytest.mark.parametrize("header", ["from my.nets import block", "from src.my.nets import block as block"])
    def test_a_function_that_is_imported(self, header):
        found = last_layer(f"{header}\nblock(4, kernel_regularizer='l3')\n", self.OWN)
        assert found.reaches == TO_DENSE

    def test_a_call_without_regularizers_counts_too(self):
        assert last_layer("import my.nets\nmy.nets.block(4)\n", self.OWN).stands_for == ("Dense",)

    def test_one_of_another_module_does_not_count(self):
        assert reaches("from other.nets import block", "block(4, kernel_regularizer='l3')", self.OWN) == ()
