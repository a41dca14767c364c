"""Programs whose fault depends on what is decided elsewhere, or later: a rule is silent where it does not know."""

from __future__ import annotations

import pytest

from kreglint.engine.api import check_paths, check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
import keras
import tensorflow as tf
from keras import layers, regularizers

"""


def codes(body: str, *selected: str) -> list[str]:
    return [each.code for each in check_source(IMPORTS + body, "a.py", Settings(select=selected))]


class TestCellsThatRunEagerly:
    """KRG623: only a graph keeps the penalty of a cell in its loop."""

    RNN = "rnn = layers.RNN(layers.GRUCell(2, activity_regularizer='l2'))\n"
    MODEL = "model = keras.Sequential([keras.Input((5, 4)), rnn])\n"
    FIT = "model.compile('sgd', 'mse')\nmodel.fit(x, y)\n"
    TAPE = "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x)) + tf.add_n(model.losses)\n"

    def test_a_model_that_is_fitted_in_a_graph(self):
        assert codes(self.RNN + self.MODEL + self.FIT, "KRG623") == ["KRG623"]

    @pytest.mark.parametrize(
        ("first", "rest"),
        [
            ("", "model.compile('sgd', 'mse', run_eagerly=True)\nmodel.fit(x, y)\n"),
            ("", "model.run_eagerly = True\n" + FIT),
            ("tf.config.run_functions_eagerly(True)\n", FIT),
            ("", TAPE),
        ],
    )
    def test_a_model_that_runs_eagerly(self, first, rest):
        assert codes(first + self.RNN + self.MODEL + rest, "KRG623") == []

    @pytest.mark.parametrize(
        "later",
        [
            "rnn.unroll = True\n",
            "rnn.cell.activity_regularizer = None\n",
            "setattr(rnn, 'unroll', True)\n",
            "config = rnn.get_config()\nconfig['unroll'] = True\nrnn = layers.RNN.from_config(config)\n",
        ],
    )
    def test_an_rnn_that_is_changed_later(self, later):
        assert codes(self.RNN + later + self.MODEL + self.FIT, "KRG623") == []


class TestRematerialization:
    """KRG624: what decides is the innermost scope in which a layer is made."""

    NET = (
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.d = layers.Dense(2, activity_regularizer='l2')\n{}\n"
        "    def call(self, x):{}return self.d(x + 1.0)\n\n\n"
    )
    FULL = "with keras.RematScope():\n    net = Net()\n"

    @pytest.mark.parametrize("layout", ["\n        ", " "])
    def test_the_layout_decides_nothing(self, layout):
        assert codes(self.NET.format("", layout) + self.FULL, "KRG624") == ["KRG624"]

    @pytest.mark.parametrize(
        ("made", "found"),
        [
            ("with keras.RematScope():\n    with keras.RematScope(mode=None):\n        net = Net()\n", False),
            ("with keras.RematScope(), keras.RematScope(mode=None):\n    net = Net()\n", False),
            ("with keras.RematScope():\n    with scope:\n        net = Net()\n", False),
            ("with keras.RematScope(mode=None):\n    with keras.RematScope():\n        net = Net()\n", True),
            ("with keras.RematScope(), keras.name_scope('net'):\n    net = Net()\n", True),
            ("with keras.RematScope():\n    def build():\n        return Net()\n\nnet = build()\n", False),
            ("with keras.RematScope():\n    build = lambda: Net()\n\nnet = build()\n", False),
            ("def build():\n    with keras.RematScope():\n        return Net()\n", True),
        ],
    )
    def test_the_innermost_scope(self, made, found):
        assert codes(self.NET.format("", " ") + made, "KRG624") == (["KRG624"] if found else [])

    def test_a_regularizer_that_is_taken_away(self):
        inside = "        self.d.activity_regularizer = None"
        assert codes(self.NET.format(inside, " ") + self.FULL, "KRG624") == []
        assert codes(self.NET.format("", " ") + self.FULL + "net.d.activity_regularizer = None\n", "KRG624") == []


class TestQuantized:
    """KRG622: the model must be fitted after it was quantized."""

    MODEL = "m = keras.Sequential([keras.Input((4,)), layers.Dense(8, kernel_regularizer='l2')])\n"

    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            ("try:\n    m.quantize('int8')\nexcept ValueError:\n    m.fit(x, y)\n", False),
            ("try:\n    m.quantize('int8')\n    m.fit(x, y)\nexcept ValueError:\n    print(m)\n", True),
            ("def export():\n    m.quantize('int8')\n\ndef train():\n    m.fit(x, y)\n\ntrain()\nexport()\n", False),
        ],
    )
    def test_what_comes_later(self, rows, found):
        assert codes(self.MODEL + rows, "KRG622") == (["KRG622"] if found else [])


class TestLateAssignments:
    """KRG305: what is set may be read again, or be what was there before."""

    MODEL = "m = keras.Sequential([keras.Input((3,)), layers.Dense(3)])\n"
    SET = "m.layers[0].kernel_regularizer = regularizers.l2(0.1)\n"

    @pytest.mark.parametrize(
        "after",
        [
            "m2 = layers.deserialize(layers.serialize(m))\n",
            "both = layers.Bidirectional(m.layers[0])\n",
            "config = m.layers[0].get_config()\nm.layers[0].kernel_regularizer = old\n",
        ],
    )
    def test_a_rebuild(self, after):
        before = "old = m.layers[0].kernel_regularizer\n"
        assert codes(self.MODEL + before + self.SET, "KRG305") == ["KRG305"]
        assert codes(self.MODEL + before + self.SET + after, "KRG305") == []


class TestRepeatedActivity:
    """KRG619: the layer inside must run whenever the layer is called, with the same regularizer."""

    LAYER = (
        "class Own(layers.Layer):\n    def __init__(self, units, activity_regularizer=None, **kw):\n"
        "        super().__init__(activity_regularizer=activity_regularizer, **kw)\n"
        "        {}\n\n    def call(self, x):\n        {}\n\n    def embed(self, x):\n        return self.d(x)\n"
    )
    MADE = "self.d = layers.Dense(units, activity_regularizer=activity_regularizer)"

    @pytest.mark.parametrize(
        ("call", "found"), [("return x", False), ("return self.embed(x)", True), ("return self.d(x)", True)]
    )
    def test_a_method_that_the_call_does_not_run(self, call, found):
        assert codes(self.LAYER.format(self.MADE, call), "KRG619") == (["KRG619"] if found else [])

    @pytest.mark.parametrize(
        ("test", "found"),
        [
            ("activity_regularizer is None", False),
            ("not activity_regularizer", False),
            ("activity_regularizer is not None", False),
            ("activity_regularizer", False),
            ("units > 1", True),
        ],
    )
    def test_a_layer_whose_making_asks_what_is_given(self, test, found):
        made = f"self.d = layers.Dense(units)\n        if {test}:\n            {self.MADE}"
        assert codes(self.LAYER.format(made, "return self.d(x)"), "KRG619") == (["KRG619"] if found else [])


class TestFilledClasses:
    """KRG111: a class may get members in ways that are not seen."""

    @pytest.mark.parametrize(
        ("row", "found"),
        [
            ("pass", True),
            ("for name in ('rate',):\n        locals()[name] = 0.1", False),
            ("exec(options)", False),
        ],
    )
    def test_a_body_that_fills_itself(self, row, found):
        body = (
            f"class Own(regularizers.Regularizer):\n    {row}\n\n"
            "    def __call__(self, x):\n        return self.rate * tf.reduce_sum(x)\n\n"
            "    def get_config(self):\n        return {}\n\n\nlayers.Dense(3, kernel_regularizer=Own())\n"
        )
        assert codes(body, "KRG111") == (["KRG111"] if found else [])


class TestOtherFiles:
    """A file that is imported may register a class, or give a module or class what it lacks."""

    OWN = (
        "class Own(regularizers.Regularizer):\n    def __call__(self, x):\n        return 0.1 * tf.reduce_sum(x)\n\n"
        "    def get_config(self):\n        return {}\n\n\n"
    )
    COPIES = "both = layers.Bidirectional(layers.LSTM(3, kernel_regularizer=Own()))\n"

    @pytest.fixture
    def found(self, tmp_path, monkeypatch):
        """Tell the codes in one file that imports others."""
        monkeypatch.chdir(tmp_path)

        def run(code: str, body: str, **files: str) -> list[str]:
            for name, text in files.items():
                (tmp_path / f"{name}.py").write_text(IMPORTS + text)
            (tmp_path / "net.py").write_text(IMPORTS + body)
            reports = check_paths(["net.py"], Settings(select=(code,)))
            return [each.code for report in reports for each in report.diagnostics]

        return run

    @pytest.mark.parametrize(
        ("row", "codes"),
        [
            ("keras.saving.get_custom_objects()['Own'] = Own", []),
            ("keras.saving.register_keras_serializable()(Own)", []),
            ("print('ready')", ["KRG621"]),
        ],
    )
    def test_a_class_is_registered(self, found, row, codes):
        body = "import ready\nfrom own import Own\n" + self.COPIES
        assert found("KRG621", body, own=self.OWN, ready=f"from own import Own\n\n{row}\n") == codes

    @pytest.mark.parametrize(("row", "codes"), [("regularizers.Own = Own", []), ("Own()", ["KRG109"])])
    def test_a_module_is_given_a_name(self, found, row, codes):
        body = "import ready\nlayers.Dense(3, kernel_regularizer=regularizers.Own())\n"
        assert found("KRG109", body, ready=f"{self.OWN}{row}\n") == codes

    ADDS = "regularizers.Regularizer.__add__ = lambda one, other: [one, other]\n"
    SUM = "layers.Dense(3, kernel_regularizer=regularizers.L1(0.1) + regularizers.L2(0.1))\n"

    def test_a_class_is_given_an_operator(self, found):
        assert found("KRG103", "import ready\n" + self.SUM, ready="print('ready')\n") == ["KRG103"]
        assert found("KRG103", "import ready\n" + self.SUM, ready=self.ADDS) == []
        assert codes(self.ADDS + self.SUM, "KRG103") == []

    READS = (
        "class Own(regularizers.Regularizer):\n    def __call__(self, x):\n        "
        "return self.rate * tf.reduce_sum(x)\n\n"
        "    def get_config(self):\n        return {}\n\n\ndef dense():\n"
        "    return layers.Dense(3, kernel_regularizer=Own())\n"
    )

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("from net import Own, dense\n\nOwn.rate = 0.1\ndense()\n", []),
            ("from net import dense\n\nrate = 0.1\ndense()\n", ["KRG111"]),
        ],
    )
    def test_a_class_is_given_a_factor_by_who_imports_it(self, found, text, codes):
        assert found("KRG111", self.READS, main=text) == codes


class TestSetAnew:
    """KRG313: what is set anew before anything runs is no one's factor."""

    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            ("reg.l2 = -1\nreg.l2 = 0.1", False),
            ("reg.l2 = None; reg.l2 = reg.l2 or 0.1", False),
            ("reg.l2 = -1\nother.l2 = 0.1", True),
            ("reg.l2 = -1\nshow(reg)\nreg.l2 = 0.1", True),
            ("reg.l2 = -1\nreg.l2 = factor(reg)", True),
            ("reg.l2 = -1\nfirst, reg = reg, other\nreg.l2 = 0.1", True),
            ("reg.l2 = -1\nif weaker:\n    reg.l2 = 0.1", True),
            ("reg.l2 = 0.1\nreg.l2 = -1", True),
        ],
    )
    def test_the_next_row(self, rows, found):
        text = f"reg = regularizers.L2(0.1)\n{rows}\nlayers.Dense(3, kernel_regularizer=reg)\n"
        assert codes(text, "KRG313") == (["KRG313"] if found else [])


class TestFlagsOfOtherFiles:
    """What only some versions run is left alone, wherever the flag that decides on it is set."""

    FAULT = 'layers.Dense(4, W_regularizer="l2")\n'
    IMPORT = "from compat import OLD\nfrom keras import layers\n\n\n"

    @pytest.fixture
    def found(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

        def run(flag: str, body: str) -> list[str]:
            (tmp_path / "compat.py").write_text(f"import keras\n\nOLD = {flag}\n")
            (tmp_path / "net.py").write_text(self.IMPORT + body)
            return [each.code for report in check_paths(["net.py"]) for each in report.diagnostics]

        return run

    @pytest.mark.parametrize(
        "body",
        [
            f"if OLD:\n    {FAULT}",
            f"def net():\n    if not OLD:\n        return\n    {FAULT}",
            f"def net():\n    assert OLD\n    {FAULT}",
            f"def net():\n    while OLD:\n        {FAULT}",
        ],
    )
    def test_no_word_of_the_file_need_say_so(self, found, body):
        assert found('keras.__version__ < "3"', body) == []
        assert found('keras.config.floatx() == "float32"', body) == ["KRG501"]

    @pytest.mark.parametrize("asks", ["compat.OLD", "not compat.is_old()", "nets.compat.OLD", "renamed.is_old()"])
    def test_an_attribute_of_a_module_is_one_too(self, tmp_path, monkeypatch, asks):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "nets").mkdir()
        for place in ("compat.py", "nets/compat.py"):
            flag = 'import keras\n\nOLD = keras.__version__ < "3"\n\n\ndef is_old():\n    return OLD\n'
            (tmp_path / place).write_text(flag)
        (tmp_path / "nets" / "__init__.py").write_text("")
        imports = (
            "import compat\nimport nets.compat\nfrom nets import compat as renamed\nfrom keras import layers\n\n\n"
        )
        for test, found in ((asks, []), (asks.replace("OLD", "NEW").replace("is_old", "is_new"), ["KRG501"])):
            (tmp_path / "net.py").write_text(f"{imports}def net():\n    assert {test}\n    {self.FAULT}")
            assert [each.code for report in check_paths(["net.py"]) for each in report.diagnostics] == found

    def test_what_was_asked_before_is_answered_alike(self, found):
        twice = f"def net():\n    assert OLD\n    {self.FAULT}\n\ndef other():\n    assert OLD\n    {self.FAULT}"
        assert found('keras.__version__ < "3"', twice) == []
        assert found("bool(keras)", twice) == ["KRG501", "KRG501"]
