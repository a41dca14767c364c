"""Parameters for a λ or a regularizer that count: read somewhere, refused, or asked for by whoever calls the function.

KRG307, KRG308 and KRG309 say nothing of them, in whichever way the parameter is named.
"""

import pytest

from kreglint.engine.api import check_source
from kreglint.engine.files import check_file
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

CODES = ("KRG307", "KRG308", "KRG309")
IMPORTS = """\
import logging
import sys
import warnings

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, regularizers
from tensorflow.keras.layers import Dense
from tensorflow.keras.regularizers import l2

"""
LAYER = """\
class Gate(layers.Layer):
    def __init__(self, units, {name}=None, **kwargs):
        super().__init__(**kwargs)
        {row}
        self.units = units

    def build(self, shape):
        self.gate = self.add_weight(name="gate", shape=(self.units,))

    def call(self, x):
        return x * self.gate


"""
KEPT = "self.kept = {name}"
FIRED = [("l2_reg", "KRG308"), ("activity_regularizer", "KRG307"), ("gate_regularizer", "KRG308")]
ALL = [name for name, _ in FIRED]


def layer(name: str, row: str = KEPT) -> str:
    return LAYER.format(name=name, row=row.format(name=name).replace("\n", "\n        "))


def codes(body: str) -> list[str]:
    return [each.code for each in check_source(IMPORTS + body, "net.py", Settings(select=CODES))]


@pytest.fixture
def found(tmp_path):
    def found(body: str, **files: str) -> list[str]:
        (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
        for name, text in {"net": body, **files}.items():
            (tmp_path / f"{name}.py").write_text(IMPORTS + text, encoding="utf-8")
        checked = check_file(str(tmp_path / "net.py"), Settings(select=CODES), Run())
        return [each.code for each in checked.diagnostics]

    return found


class TestRefused:
    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize(
        "row",
        [
            "if {name} is not None:\n    raise ValueError('not supported')",
            "if {name}:\n    raise ValueError",
            "if units > 4 and {name} is not None:\n    raise ValueError",
            "if not ({name} is None or units > 4):\n    raise ValueError",
            "if {name} != 0:\n    raise ValueError",
            "if 0 < {name}:\n    raise ValueError",
            "assert {name} is None",
            "assert not {name}, 'not supported'",
            "assert {name} in (None, 0)",
            "warnings.warn(f'{name}={{{name}}} is ignored')",
            "logging.warning('%s is ignored', {name})",
        ],
    )
    def test_a_value_that_is_given(self, name, row):
        assert codes(layer(name, row)) == []

    @pytest.mark.parametrize(
        "row",
        [
            "if l2_reg < 0:\n    raise ValueError",
            "if l2_reg is None:\n    raise ValueError",
            "if not l2_reg:\n    raise ValueError",
            "if l2_reg < 0 or units < 0:\n    raise ValueError",
            "if not 0 <= l2_reg <= 1:\n    raise ValueError",
            "assert l2_reg >= 0, l2_reg",
            "assert l2_reg is not None and units > 0",
        ],
    )
    def test_a_value_that_is_only_checked(self, row):
        assert codes(layer("l2_reg", row)) == ["KRG308"]

    @pytest.mark.parametrize("name", ["l2_reg", "kernel_regularizer"])
    @pytest.mark.parametrize("test", ["if {name}:\n        raise ValueError", "assert {name} is None"])
    def test_by_a_function(self, name, test):
        rows = test.format(name=name)
        assert codes(f"def net(units, {name}=None):\n    {rows}\n    return Dense(units)\n\n\nnet(4)\n") == []


class TestReadOfWhatIsNotKnown:
    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize(
        "reader",
        [
            "def penalty(gate, x):\n    return gate.kept * x\n",
            "def penalty(gate: Gate, x):\n    return gate.kept * x\n",
            "def penalty(net, x):\n    return [each.kept * x for each in net.layers if isinstance(each, Gate)]\n",
            "def penalty(net, x):\n    for each in net.layers:\n        x += each.kept\n    return x\n",
            "def penalty(gate, x):\n    return getattr(gate, 'kept') * x\n",
            "def penalty(gate, x):\n    return vars(gate)['kept'] * x\n",
            "def penalty(gate, x):\n    return gate.__dict__['kept'] * x\n",
            "def penalty(gate, x):\n    return gate.get_config()['kept'] * x\n",
            "import operator\n\nkept = operator.attrgetter('gate.kept')\n",
            "def penalty(gate, name, x):\n    return getattr(gate, name) * x\n",
            (
                "class Loss:\n    def __init__(self, gate):\n        self.gate = gate\n\n"
                "    def __call__(self, y, p):\n        return self.gate.kept * (y - p)\n"
            ),
            "def penalty(path, x):\n    return keras.models.load_model(path).kept * x\n",
            "def penalty(path, x):\n    net = keras.models.load_model(path)\n    return net.kept * x\n",
        ],
    )
    def test_in_the_file(self, name, reader):
        assert codes(layer(name) + reader) == []

    @pytest.mark.parametrize(("name", "code"), FIRED)
    @pytest.mark.parametrize(
        "other",
        [
            "gate = Gate(4)\n",
            "def make(options):\n    return Gate(4, 0.1 * 1, name=options.name)\n",
            "import argparse\n\nARGS = argparse.ArgumentParser().parse_args()\nprint(ARGS.kept)\n",
            "class Options:\n    kept = 1\n\n\nOPTIONS = Options()\nprint(OPTIONS.kept)\n",
            "class Options:\n    kept = 1\n\n\ndef show(options: Options):\n    print(options.kept)\n",
            (
                "class Other(layers.Layer):\n    def __init__(self):\n        super().__init__()\n"
                "        self.kept = 1\n\n    def call(self, x):\n        return x * self.kept\n"
            ),
            "print(keras.kept)\n",
            "def change(gate):\n    gate.kept = None\n",
        ],
    )
    def test_what_is_certainly_something_else(self, name, code, other):
        assert codes(layer(name) + other) == [code]

    def test_what_the_constructor_itself_is_given(self):
        made = "def make(options):\n    return Gate(4, l2_reg=options.l2_reg)\n"
        assert codes(layer("l2_reg", "self.l2_reg = l2_reg") + made) == ["KRG308"]


class TestReadInOtherFiles:
    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize(
        "files",
        [
            {"own": "from net import Gate\n\nclass Own(Gate):\n    def call(self, x):\n        return x * self.kept\n"},
            {
                "own": "import net\n\nclass Net(keras.Model):\n    def call(self, x):\n"
                "        return x * self.gate.kept\n"
            },
            {
                "main": "from net import Gate\nfrom priced import price\n\nprice(Gate(4))\n",
                "priced": "def price(gate):\n    return gate.kept\n",
            },
            {
                "main": "import net\nimport steps\n\nsteps.step(net.Gate(4))\n",
                "steps": "from priced import price\n\n\ndef step(gate):\n    return price(gate)\n",
                "priced": "def price(gate):\n    return gate.kept\n",
            },
        ],
    )
    def test_that_may_have_the_layer(self, found, name, files):
        assert found(layer(name), **files) == []

    @pytest.mark.parametrize(("name", "code"), FIRED)
    @pytest.mark.parametrize(
        "files",
        [
            {"priced": "def price(gate):\n    return gate.kept\n"},
            {"main": "import net\n\nclass Other:\n    def show(self):\n        return self.kept\n"},
            {"main": "import net\nimport options\n\nprint(options.kept)\n", "options": "kept = 1\n"},
        ],
    )
    def test_that_have_none(self, found, name, code, files):
        assert found(layer(name), **files) == [code]


class TestBaseClasses:
    """The classes that derive from a layer may do something with what it takes itself for nothing."""

    DERIVED = "class Own(Gate):\n    def __init__(self, units, {name}=None):\n        super().__init__(units, {name})\n"

    @pytest.mark.parametrize("name", ALL)
    def test_in_the_file(self, name):
        assert codes(layer(name, "pass") + self.DERIVED.format(name=name)) == []

    @pytest.mark.parametrize("name", ALL)
    def test_in_another_file(self, found, name):
        assert found(layer(name, "pass"), own="from net import Gate\n\n\n" + self.DERIVED.format(name=name)) == []

    @pytest.mark.parametrize(("name", "code"), FIRED)
    def test_a_layer_that_nothing_derives_from(self, found, name, code):
        assert found(layer(name, "pass"), main="from net import Gate\n\nGate(4)\n") == [code]


class TestClassesAsValues:
    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize(
        "taker",
        [
            "KINDS = {'gate': Gate, 'dense': Dense}\n\n\ndef make(kind, **rest):\n    return KINDS[kind](4, **rest)\n",
            "def make(kind, **rest):\n    cls = Gate if kind else Dense\n    return cls(4, **rest)\n",
        ],
    )
    def test_one_that_is_made_like_others(self, name, taker):
        assert codes(layer(name, "pass") + taker) == []

    @pytest.mark.parametrize(("name", "code"), FIRED)
    @pytest.mark.parametrize(
        "other",
        [
            "def load(path):\n    return keras.models.load_model(path, custom_objects={'Gate': Gate})\n",
            "def gates(net):\n    return [each for each in net.layers if isinstance(each, (Gate, Dense))]\n",
            "Gated = Gate\n",
            "def test_gate(check):\n    check(Gate, 4)\n",
            "def is_gate(each):\n    return type(each) is Gate\n",
        ],
    )
    def test_one_whose_type_is_told(self, name, code, other):
        assert codes(layer(name, "pass") + other) == [code]

    @pytest.mark.parametrize("name", ALL)
    def test_in_another_file(self, found, name):
        assert found(layer(name, "pass"), main="import net\n\nKINDS = {'gate': net.Gate, 'dense': Dense}\n") == []

    @pytest.mark.parametrize(("name", "code"), FIRED)
    def test_one_that_another_file_loads(self, found, name, code):
        row = "keras.models.load_model('net.keras', custom_objects={'Gate': Gate})\n"
        assert found(layer(name, "pass"), main="from net import Gate\n\n" + row) == [code]


PLAIN = "def plain(units, {name}=0.0):\n    return Dense(units)\n\n\n"
OF_FUNCTIONS = ("l2_reg", "kernel_regularizer")


class TestPrescribed:
    """A function that others take as a value has to take what all of its kind are given."""

    @pytest.mark.parametrize("name", OF_FUNCTIONS)
    @pytest.mark.parametrize(
        "taker",
        [
            "KINDS = {'plain': plain}\n",
            "KINDS = [plain]\n",
            "def make(kind):\n    return plain if kind else Dense\n",
            "KINDS = {}\nKINDS.setdefault('plain', plain)\n",
            "def make(kind, **options):\n    return globals()[kind](4, **options)\n",
            "def make(kind, **options):\n    return getattr(sys.modules[__name__], kind)(4, **options)\n",
            "KINDS = dict(vars())\n",
        ],
    )
    def test_in_the_file(self, name, taker):
        assert codes(PLAIN.format(name=name) + taker) == []

    @pytest.mark.parametrize("name", OF_FUNCTIONS)
    @pytest.mark.parametrize("taker", ["", "plain(4)\n", "def make(kind):\n    return locals(), plain(4)\n"])
    def test_a_function_that_is_only_called(self, name, taker):
        assert codes(PLAIN.format(name=name) + taker) == ["KRG309"]

    @pytest.mark.parametrize("name", OF_FUNCTIONS)
    @pytest.mark.parametrize(
        "files",
        [
            {"main": "import net\n\nKINDS = {'plain': net.plain}\n"},
            {"main": "from net import plain\n\nKINDS = {'plain': plain}\n"},
            {"main": "from net import plain as simple\n\nKINDS = [simple]\n"},
            {"main": "import net\n\ndef make(kind, **options):\n    return getattr(net, kind)(4, **options)\n"},
            {"main": "import net\n\ndef make(**options):\n    return getattr(net, 'plain')(4, **options)\n"},
            {"main": "from net import *\n\ndef make(kind, **options):\n    return globals()[kind](4, **options)\n"},
            {
                "main": "import importlib\n\n"
                "def make(kind):\n    return getattr(importlib.import_module('net'), kind)(4)\n"
            },
            {"main": "from net import plain\n\ndef make(**options):\n    return (plain or 1)(4, **options)\n"},
        ],
    )
    def test_in_another_file(self, found, name, files):
        assert found(PLAIN.format(name=name), **files) == []

    @pytest.mark.parametrize("name", OF_FUNCTIONS)
    @pytest.mark.parametrize(
        "files",
        [
            {"main": "import net\n\nnet.plain(4)\n"},
            {"main": "from net import plain\n\n__all__ = ['plain']\nprint('plain', plain(4))\n"},
            {"main": "import net\n\nplain = 4\nprint(plain, net.plain(plain))\n"},
        ],
    )
    def test_one_that_other_files_only_call(self, found, name, files):
        assert found(PLAIN.format(name=name), **files) == ["KRG309"]
