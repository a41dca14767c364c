"""Keywords that a layer is given through `**`: judged where the dict is known, at the key, and else not at all."""

import pytest

from kreglint.engine.api import check_source, fix_source
from kreglint.engine.files import check_file
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

PRELUDE = (
    "from functools import partial\n"
    "import outside\n"
    "from tf_keras.layers import BatchNormalization, Conv2D, Dense, DepthwiseConv2D, SeparableConv2D\n"
    "from tf_keras.models import Sequential\n"
    "from tf_keras.regularizers import l2\n"
)
KEYWORDS = ("KRG401", "KRG402", "KRG403", "KRG404", "KRG501")


def found(code: str, *select: str):
    return check_source(PRELUDE + code, "model.py", Settings(select=select or KEYWORDS, keras_version="2"))


def marked(code: str) -> tuple[str, list[str]]:
    """Code without its marks, and the texts between « and »."""
    parts = code.replace("»", "«").split("«")
    return "".join(parts), parts[1::2]


def text_of(diagnostic, code: str) -> str:
    lines = (PRELUDE + code).splitlines()
    row, column = diagnostic.location
    return lines[row - 1][column - 1 : diagnostic.end_location.column - 1]


@pytest.mark.parametrize(
    "code",
    [
        "REG = {«'kernel_regularizer'»: l2(1e-4)}\nDepthwiseConv2D(3, **REG)\n",
        "DepthwiseConv2D(3, **{«'kernel_regularizer'»: l2(1e-4)})\n",
        "DepthwiseConv2D(3, **dict(«kernel_regularizer»=l2(1e-4)))\n",
        "REG = dict(«kernel_regularizer»=l2(1e-4))\nDepthwiseConv2D(3, **REG)\n",
        "CFG = {'conv': {«'kernel_regularizer'»: l2(1e-4)}}\nDepthwiseConv2D(3, **CFG['conv'])\n",
        "A = {'padding': 'same'}\nDepthwiseConv2D(3, **(A | {«'kernel_regularizer'»: l2(1e-4)}))\n",
        "A = {«'kernel_regularizer'»: l2(1e-4)}\nDepthwiseConv2D(3, **{**A, 'padding': 'same'})\n",
        "A = {}\nA['padding'] = 'same'\nA[«'kernel_regularizer'»] = l2(1e-4)\nDepthwiseConv2D(3, **A)\n",
        "A = {}\nA.update(«kernel_regularizer»=l2(1e-4))\nDepthwiseConv2D(3, **A)\n",
        "A = {}\nA.update({«'kernel_regularizer'»: l2(1e-4)})\nDepthwiseConv2D(3, **A)\n",
        "A = {}\nA.setdefault(«'kernel_regularizer'», l2(1e-4))\nDepthwiseConv2D(3, **A)\n",
        "def made():\n    return {«'kernel_regularizer'»: l2(1e-4)}\n\n\nDepthwiseConv2D(3, **made())\n",
        "def made(**given):\n    return given\n\n\nDepthwiseConv2D(3, **made(«kernel_regularizer»=l2(1e-4)))\n",
        "def conv(given={«'kernel_regularizer'»: l2(1e-4)}):\n    return DepthwiseConv2D(3, **given)\n",
        "def conv():\n    reg = {«'kernel_regularizer'»: l2(1e-4)}\n    return DepthwiseConv2D(3, **reg)\n",
        "def conv(**given):\n    return DepthwiseConv2D(3, **given)\n\n\nconv(«kernel_regularizer»=l2(1e-4))\n",
        "conv = partial(DepthwiseConv2D, «kernel_regularizer»=l2(1e-4))\nconv(3)\n",
        "REG = {«'kernel_regularizer'»: l2(1e-4)}\npartial(DepthwiseConv2D, **REG)(3)\n",
        (
            "class Net:\n    def __init__(self):\n"
            "        self.conv = partial(DepthwiseConv2D, «kernel_regularizer»=l2(1e-4))\n"
            "        self.conv(3)\n"
        ),
        "KEY = 'kernel_regularizer'\nDepthwiseConv2D(3, **{«KEY»: l2(1e-4)})\n",
        (
            "if outside.small:\n    REG = {'kernel_regularizer': l2(1e-4)}\nelse:\n"
            "    REG = {'kernel_regularizer': l2(1e-3)}\nDepthwiseConv2D(3, **«REG»)\n"
        ),
        (
            "DepthwiseConv2D(\n    3,\n    **{  # shared\n        «'kernel_regularizer'»  # the kernel's\n"
            "        : l2(1e-4),\n    },\n)\n"
        ),
    ],
)
def test_wherever_the_dict_comes_from_it_is_judged_at_the_key(code):
    code, marks = marked(code)
    diagnostics = found(code)
    assert [(each.code, text_of(each, code)) for each in diagnostics] == [("KRG401", mark) for mark in marks]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("BatchNormalization(**{«'kernel_regularizer'»: l2(1e-4)})\n", "KRG401"),
        ("Dense(4, **{«'kernal_regularizer'»: l2(1e-4)})\n", "KRG402"),
        ("Sequential(**{«'kernel_regularizer'»: l2(1e-4)})\n", "KRG403"),
        ("Dense(4, **{«'weights_regularizer'»: l2(1e-4)})\n", "KRG404"),
        ("Dense(4, **{«'weight_decay'»: 1e-4})\n", "KRG404"),
        ("Dense(4, **{«'W_regularizer'»: l2(1e-4)})\n", "KRG501"),
        ("Dense(4, **{'kernel_regularizer': «0.1»})\n", "KRG103"),
        ("Dense(4, **{'kernel_regularizer': «'l3'»})\n", "KRG101"),
        ("Dense(4, **{'kernel_constraint': «'l2'»})\n", "KRG104"),
        ("Dense(4, use_bias=False, **{'bias_regularizer': «l2(1e-4)»})\n", "KRG304"),
        ("Dense(4, **{'use_bias': False, 'bias_regularizer': «l2(1e-4)»})\n", "KRG304"),
    ],
)
def test_every_rule_on_keywords_and_their_values_does(code, rule):
    for written in (code, code.replace("**{", "**(A | {").replace("})\n", "}))\n")):
        program, marks = marked("A = {}\n" + written)
        assert [text_of(each, program) for each in found(program, rule)] == marks


@pytest.mark.parametrize(
    "code",
    [
        "REG = {'kernel_regularizer': l2(1e-4)}\nREG.pop('kernel_regularizer')\nDepthwiseConv2D(3, **REG)\n",
        "REG = {'kernel_regularizer': l2(1e-4)}\ndel REG['kernel_regularizer']\nDepthwiseConv2D(3, **REG)\n",
        "REG = {'kernel_regularizer': l2(1e-4)}\noutside.tidy(REG)\nDepthwiseConv2D(3, **REG)\n",
        (
            "def tidy(reg):\n    reg.clear()\n\n\nREG = {'kernel_regularizer': l2(1e-4)}\ntidy(REG)\n"
            "DepthwiseConv2D(3, **REG)\n"
        ),
        "REG = {'kernel_regularizer': l2(1e-4)}\nDepthwiseConv2D(3, **{k: REG[k] for k in outside.names})\n",
        "REG = {'kernel_regularizer': l2(1e-4), 'padding': 'same'}\nDepthwiseConv2D(3, padding=REG['padding'])\n",
        (
            "REG = {'kernel_regularizer': l2(1e-4)}\nif outside.small:\n    REG.pop('kernel_regularizer')\n"
            "DepthwiseConv2D(3, **REG)\n"
        ),
        (
            "if outside.small:\n    REG = {'kernel_regularizer': l2(1e-4)}\nelse:\n    REG = {}\n"
            "DepthwiseConv2D(3, **REG)\n"
        ),
        (
            "def conv(**given):\n    given.pop('kernel_regularizer', None)\n"
            "    return DepthwiseConv2D(3, **given)\n\n\n"
            "conv(kernel_regularizer=l2(1e-4))\n"
        ),
        (
            "def conv(size, kernel_regularizer=None, **given):\n    return DepthwiseConv2D(size, **given)\n\n\n"
            "conv(3, kernel_regularizer=l2(1e-4))\n"
        ),
        "REG = {'kernel_regularizer': l2(1e-4)}\n\n\ndef conv(**given):\n    return Dense(3)\n\n\nconv(**REG)\n",
        "REG = {'kernel_regularizer': l2(1e-4)}\noutside.DepthwiseConv2D(3, **REG)\n",
        "DepthwiseConv2D(3, **outside.settings())\n",
        "def same(given):\n    return given\n\n\nDepthwiseConv2D(3, **same({'kernel_regularizer': l2(1e-4)}))\n",
        "DepthwiseConv2D(3, **{'kernel_regularizer': None})\n",
        "REG = {'kernel_regularizer': l2(1e-4)}\nConv2D(8, 3, **REG)\n",
        "dict(kernel_regularizer=l2(1e-4), W_regularizer=1)\npartial(DepthwiseConv2D, kernel_regularizer=l2(1e-4))\n",
    ],
)
def test_it_is_silent_where_the_layer_may_not_get_the_keyword(code):
    assert found(code) == []


class TestSharedDicts:
    CODE = (
        "REG = {'kernel_regularizer': l2(1e-4)}\nConv2D(8, 3, **REG)\nDepthwiseConv2D(3, **REG)\n"
        "DepthwiseConv2D(5, **REG)\nBatchNormalization(**REG)\n"
    )

    def test_the_layers_that_have_the_fault_are_named_with_their_places(self):
        row = PRELUDE.count("\n") + 1
        told = {
            each.message.partition(" has no ")[0]: [(note.message, note.location.row - row) for note in each.related]
            for each in found(self.CODE)
        }
        assert told == {
            "DepthwiseConv2D": [("given to this DepthwiseConv2D", 2), ("given to this DepthwiseConv2D", 3)],
            "BatchNormalization": [("given to this BatchNormalization", 4)],
        }

    @pytest.mark.parametrize(
        "code",
        [
            CODE,
            "REG = {'kernal_regularizer': l2(1e-4)}\nDense(4, **REG)\n",
            "REG = {'W_regularizer': l2(1e-4)}\nDense(4, **REG)\n",
            "REG = {'weight_decay': 1e-4}\nDense(4, **REG)\n",
            "KEY = 'kernal_regularizer'\nDense(4, **{KEY: l2(1e-4)})\n",
            "kernal_regularizer = 'kernal_regularizer'\nDense(4, **{kernal_regularizer: l2(1e-4)})\n",
            "Dense(4, kernel_regularizer='l2', **{'kernal_regularizer': l2(1e-4)})\n",
            "dense = partial(Dense, kernal_regularizer=l2(1e-4))\ndense(4)\n",
        ],
    )
    def test_what_others_may_use_is_left_alone(self, code):
        diagnostics = found(code)
        assert diagnostics
        assert all(each.fix is None for each in diagnostics)

    @pytest.mark.parametrize(
        ("code", "fixed"),
        [
            ('Dense(4, **{"kernal_regularizer": "l2"})\n', 'Dense(4, **{"kernel_regularizer": "l2"})\n'),
            ("Dense(4, **dict(W_regularizer='l2'))\n", "Dense(4, **dict(kernel_regularizer='l2'))\n"),
            (
                "SeparableConv2D(8, 3, **{'kernel_regularizer': l2(0.1), 'padding': 'same'})\n",
                (
                    "SeparableConv2D(8, 3, **{'depthwise_regularizer': l2(0.1), 'pointwise_regularizer': l2(0.1), "
                    "'padding': 'same'})\n"
                ),
            ),
            ("Dense(4, **{'kernel_regularizer': 'l3'})\n", "Dense(4, **{'kernel_regularizer': 'l2'})\n"),
        ],
    )
    def test_a_dict_within_the_call_is_mended(self, code, fixed):
        settings = Settings(select=(*KEYWORDS, "KRG101"), keras_version="2")
        assert fix_source(PRELUDE + code, "model.py", settings, unsafe=True) == (PRELUDE + fixed, [])


class TestOtherFiles:
    @pytest.fixture
    def diagnostics(self, tmp_path):
        (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
        (tmp_path / "settings.py").write_text(
            "from tf_keras.regularizers import l2\n\nREG = {'kernel_regularizer': l2(0.0)}\n", encoding="utf-8"
        )
        model = tmp_path / "model.py"
        code = "from tf_keras.layers import DepthwiseConv2D\nfrom settings import REG\n\nDepthwiseConv2D(3, **REG)\n"
        model.write_text(code, encoding="utf-8")
        return check_file(str(model), Settings(select=("KRG401", "KRG301"), keras_version="2"), Run()).diagnostics

    def test_it_is_placed_in_the_call_with_the_other_place_beside_it(self, diagnostics):
        [keyword] = [each for each in diagnostics if each.code == "KRG401"]
        assert (keyword.location, keyword.fix) == ((4, 22), None)
        [note] = keyword.related
        assert (note.message, note.location) == ("the keyword is written here", (3, 8))
        assert note.filename.endswith("settings.py")
