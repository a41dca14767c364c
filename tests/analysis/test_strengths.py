"""Parameters for a λ that reach no weight, judged by where their values go."""

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.values.project import Project
from kreglint.facts.parameters import is_strength
from tests.analysis.reading import facts
from tests.analysis.test_far_callers import Folder

IMPORTS = """\
import logging
import outside
import keras
import tensorflow as tf
from keras import regularizers
from keras.layers import AveragePooling2D, Dense, Layer
from keras.regularizers import l2

"""
LAYER = """\
class Factors(Layer):
    def __init__(self, units=4, l2_reg=1e-5, **kwargs):
        super().__init__(**kwargs)
        {init}

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(4,){weight})

    def call(self, x):
        {call}
        return x * self.kernel
"""
KEPT = "self.l2_reg = l2_reg"


def layer(init: str = KEPT, weight: str = "", call: str = "pass", more: str = "") -> str:
    return IMPORTS + LAYER.format(init=init.replace("\n", "\n        "), weight=weight, call=call) + more


def dropped(init: str = KEPT, weight: str = "", call: str = "pass", more: str = "") -> list[str]:
    return [each.name for each in facts(layer(init, weight, call, more)).parameters.strengths]


@pytest.mark.parametrize(
    "name",
    """l2_reg l1_reg l2_reg_w l2_reg_embedding reg regs reg_lambda reg_strength weight_decay weights_decay
    weight_decay_rate kernel_reg dnn_reg l2_lambda l2_weight lambda_l2 kernel_l2 regularization l2_regularization
    regularization_strength kernel_regularisation""".split(),
)
def test_names_for_a_strength(name):
    assert is_strength(name)


@pytest.mark.parametrize(
    "name", "l1 l2 decay reg_max reg_head num_reg regression regnet registry use_reg kernel_regularizer l2_norm".split()
)
def test_names_that_may_mean_anything_else(name):
    assert not is_strength(name)


class TestLayers:
    @pytest.mark.parametrize(
        "init",
        [
            "pass",
            KEPT,
            "self.l2_reg: float = l2_reg",
            "self.l2_reg = float(l2_reg)",
            "self.penalty = l2(l2_reg)",
            "self.penalty = l2(l2_reg) if l2_reg > 0 else None",
            "self.a = self.b = l2_reg",
            "l2_reg = float(l2_reg)\nself.l2_reg = l2_reg",
            f"assert l2_reg >= 0, 'negative'\n{KEPT}",
            f"print('l2', l2_reg)\n{KEPT}",
            f"print(f'l2 is {{l2_reg}}')\n{KEPT}",
            f"logging.info('l2 is %s', l2_reg)\n{KEPT}",
            f"if l2_reg < 0:\n    raise ValueError(units)\n{KEPT}",
        ],
    )
    def test_what_is_kept_and_never_read(self, init):
        assert dropped(init) == ["l2_reg"]

    def test_what_the_configuration_alone_tells(self):
        config = "\n    def get_config(self):\n        return {'l2_reg': self.l2_reg, **vars(self)}\n"
        assert dropped(more=config) == ["l2_reg"]

    def test_what_it_is_shown_as(self):
        shown = "\n    def __repr__(self):\n        return f'Factors({self.l2_reg})'\n"
        assert dropped(more=shown) == ["l2_reg"]

    def test_a_model(self):
        code = layer().replace("(Layer)", "(keras.Model)")
        assert [each.name for each in facts(code).parameters.strengths] == ["l2_reg"]

    def test_another_layer_that_reads_its_own(self):
        other = LAYER.replace("Factors", "Cross").format(init=KEPT, weight=", regularizer=l2(self.l2_reg)", call="pass")
        assert dropped(more="\n" + other) == ["l2_reg"]

    @pytest.mark.parametrize(
        ("init", "weight", "call"),
        [
            (KEPT, ", regularizer=l2(self.l2_reg)", "pass"),
            (KEPT, ", **self.options", "self.add_loss(self.l2_reg * tf.nn.l2_loss(self.kernel))"),
            (KEPT, "", "outside.penalize(self.kernel, self.l2_reg)"),
            (KEPT, "", "outside.penalize(self)"),
            (KEPT, "", "x = x * getattr(self, 'l2_reg')"),
            (KEPT, "", "x = x * getattr(self, outside.name)"),
            (KEPT, "", "x = x * self.__dict__['l2_reg']"),
            (KEPT, "", "x = x * vars(self)['l2_reg']"),
            ("self.options = {'l2': l2_reg}", "", "pass"),
            ("self.inner = Dense(units, kernel_regularizer=l2(l2_reg))", "", "pass"),
            ("self.inner = Dense(units, kernel_regularizer=l2(l2_reg)) if l2_reg else Dense(units)", "", "pass"),
            ("self.options = locals()", "", "pass"),
            ("outside.note(l2_reg)", "", "pass"),
            ("if l2_reg:\n    self.inner = Dense(units)", "", "pass"),
            ("self.penalties = []\nself.penalties.append(l2_reg)", "", "pass"),
            ("self.penalty = lambda w: l2_reg * w", "", "pass"),
        ],
    )
    def test_what_is_used_or_may_be(self, init, weight, call):
        assert dropped(init, weight, call) == []

    @pytest.mark.parametrize(
        "more",
        [
            "\nclass Ridge(Factors):\n    def call(self, x):\n        return x * self.l2_reg\n",
            "\ndef price(layer: Factors):\n    return Factors().l2_reg\n",
            "\noutside.register(Factors())\n",
        ],
    )
    def test_what_others_in_the_file_read_or_may_read(self, more):
        assert dropped(more=more) == []

    def test_a_layer_without_weights_may_have_to_take_it(self):
        code = layer().replace('self.kernel = self.add_weight(name="kernel", shape=(4,))', "self.kernel = 1")
        assert not facts(code).parameters.strengths

    @pytest.mark.parametrize("made", ["Dense(4)", "Inner()"])
    def test_a_layer_inside_has_weights_too(self, made):
        code = layer().replace('self.add_weight(name="kernel", shape=(4,))', made)
        inner = "\nclass Inner(Layer):\n    def __init__(self):\n        super().__init__()\n"
        assert [each.name for each in facts(code + inner).parameters.strengths] == ["l2_reg"]

    def test_a_class_that_is_defined_anew_may_have_to_take_it(self):
        code = layer() + LAYER.format(init="pass", weight=", regularizer=l2(0.1)", call="pass")
        assert not facts(code).parameters.strengths

    def test_an_abstract_layer_is_for_others_to_finish(self):
        code = layer().replace("    def call", "    @outside.abstractmethod\n    def call")
        assert not facts(code).parameters.strengths

    @pytest.mark.parametrize("default", ["True", "False", "'strong'"])
    def test_a_flag_or_a_word_is_none(self, default):
        assert not facts(layer().replace("1e-5", default)).parameters.strengths

    def test_layout_and_comments_change_nothing(self):
        code = layer().replace("l2_reg=1e-5", "\n        l2_reg  # as vars(self) has it\n        = 1e-5")
        assert [each.name for each in facts(code).parameters.strengths] == ["l2_reg"]


def across(source: str, **files: str) -> list[str]:
    project = Project(Searched(files={"nets": source, **files}))
    return [each.name for each in analyse(source, "/nets.py", project).parameters.strengths]


class Searched(Folder):
    """A project that is looked through for words."""

    def naming(self, word: str, near: str) -> tuple[str, ...] | None:
        return tuple(f"/{module}.py" for module, text in self.files.items() if word in text)


class TestOtherFiles:
    @pytest.mark.parametrize(
        "other",
        [
            "from nets import Factors\ndef price(model):\n    return [each.l2_reg for each in model.layers]\n",
            "from nets import Factors\nclass Ridge(Factors):\n    def call(self, x):\n        return x * self.l2_reg\n",
            "import nets\nclass Ridge(nets.Factors):\n    def call(self, x):\n        return x * self.l2_reg\n",
            "from nets import Factors\ndef price(layer):\n    return getattr(layer, 'l2_reg')\n",
            "from nets import Factors\ndef price(layer:\n    return layer.l2_reg\n",
            "import nets\ndef price():\n    return nets.build().l2_reg\n",
            "from nets import build\ndef price():\n    return build().l2_reg\n",
        ],
    )
    def test_one_that_reads_it_or_cannot_be_read(self, other):
        assert across(layer(), other=other) == []

    @pytest.mark.parametrize(
        "other",
        [
            "def price(layer):\n    return layer.l2_reg\n",
            "from nets import Factors\nFactors(l2_reg=0.1)\n",
            "from nets import Factors\nclass Other:\n    def price(self):\n        return self.l2_reg\n",
        ],
    )
    def test_one_that_has_nothing_to_do_with_it(self, other):
        assert across(layer(), other=other) == ["l2_reg"]

    def test_a_base_class_that_reads_it(self):
        base = "from keras.layers import Layer\nclass Base(Layer):\n    def price(self):\n        return self.l2_reg\n"
        code = layer().replace("import outside\n", "from base import Base\n").replace("(Layer)", "(Base)")
        assert across(code, base=base) == []

    def test_a_base_class_that_does_not(self):
        base = "from keras.layers import Layer\nclass Base(Layer):\n    pass\n"
        code = layer().replace("import outside\n", "from base import Base\n").replace("(Layer)", "(Base)")
        assert across(code, base=base) == ["l2_reg"]


TOWER = """
class Tower{base}:
    def _block(self, n, reg=1e-5):
        return Dense(n)

    def build(self, n):
        return {made}
"""


def ignored(body: str) -> list[str]:
    return [each.name for each in facts(IMPORTS + body).parameters.ignored]


class TestFunctions:
    @pytest.mark.parametrize(
        "body",
        [
            "def tower(n, l2_reg=1e-5):\n    return Dense(n)\n",
            "def tower(n, *, weight_decay):\n    return Dense(n)\n\ntower(4, weight_decay=0.1)\n",
            "def tower(n, reg=1e-5):\n    if reg < 0:\n        raise ValueError\n    return Dense(n)\n",
            "class Tower:\n    @staticmethod\n    def build(n, reg=1e-5):\n        return Dense(n)\n\nTower.build(4)\n",
            TOWER.format(base="", made="self._block(n, reg=0.1)"),
            "def outer():\n    def tower(n, reg=1e-5):\n        return Dense(n)\n    return tower(4)\n",
        ],
    )
    def test_a_parameter_that_no_row_uses(self, body):
        assert len(ignored(body)) == 1

    @pytest.mark.parametrize(
        "body",
        [
            "def tower(n, l2_reg=1e-5):\n    return Dense(n, kernel_regularizer=l2(l2_reg))\n",
            "def tower(n, l2_reg=1e-5):\n    return [Dense(n, kernel_regularizer=l2(l2_reg)) for _ in range(3)]\n",
            "def tower(n, l2_reg=1e-5):\n    return lambda: Dense(n, kernel_regularizer=l2(l2_reg))\n",
            "def tower(n, l2_reg=1e-5):\n    penalty = l2(l2_reg)\n    return Dense(n, kernel_regularizer=penalty)\n",
            "def tower(n, l2_reg=1e-5):\n    return Dense(n, **outside.options(locals()))\n",
            "def tower(n, l2_reg=1e-5):\n    outside.note(l2_reg)\n    return Dense(n)\n",
            "def tower(n, l2_reg=1e-5):\n    return Dense(n, name=f'dense_{l2_reg}')\n",
            TOWER.format(base="(outside.Tower)", made="self._block(n, reg=0.1)"),
            TOWER.format(base="", made="outside.repeat(self._block, reg=0.1)"),
            TOWER.format(base="", made="self._block(n, reg=0.1)")
            + TOWER.format(base="(Tower)", made="1")
            .replace("class Tower", "class Ridge")
            .replace("Dense(n)", "Dense(n, kernel_regularizer=l2(reg))"),
            "@outside.configured\ndef tower(n, l2_reg=1e-5):\n    return Dense(n)\n",
            "def tower(n, l2_reg=1e-5):\n    return Dense(n)\n\nTOWERS = {'plain': tower}\n",
            "def tower(n, l2_reg=1e-5):\n    return Dense(n)\n\noutside.build(tower, l2_reg=0.1)\n",
            "class Tower:\n    def build(self, n, l2_reg=1e-5):\n        return Dense(n)\n",
            "def tower(n, reg=True):\n    return Dense(n)\n",
            "def tower(n, reg=4):\n    return Dense(n)\n",
            "def tower(n, reg=0.1):\n    return Dense(n)\n\nif outside.new:\n    tower = outside.tower\n",
            "class Tower(outside.Builder):\n    @staticmethod\n    def build(n, reg=1e-5):\n        return Dense(n)\n",
            "class Tower:\n    @staticmethod\n    def build(n, reg=1e-5):\n        return Dense(n)\n\nALL = [Tower]\n",
        ],
    )
    def test_one_that_is_used_or_may_have_to_be_taken(self, body):
        assert ignored(body) == []
