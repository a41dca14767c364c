"""Regularizers beside the layers: on optimizers, in `add`, in a layer's call, in `add_weight`, and λ after the fact."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
from tensorflow import keras
from tensorflow.keras import layers, regularizers
from tensorflow.keras.regularizers import l1, l2

"""


def found(body: str, *select: str, version: str = "3.15") -> list[str]:
    settings = Settings(select=select, keras_version=version)
    return [f"{each.code} {each.message}" for each in check_source(IMPORTS + body, "a.py", settings)]


CALLBACK = "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"


class TestOptimizers:
    @pytest.mark.parametrize(
        "statement",
        [
            "optimizer = keras.optimizers.SGD()\noptimizer.kernel_regularizer = l2(0.1)",
            "optimizer = keras.optimizers.SGD()\nsetattr(optimizer, 'kernel_regularizer', l2(0.1))",
            "model = keras.Sequential()\nmodel.optimizer.activity_regularizer = l2(0.1)",
            CALLBACK + "        self.model.optimizer.regularizer = l2(0.1)",
        ],
    )
    def test_an_attribute_that_no_optimizer_reads(self, statement):
        [message] = found(statement, "KRG403")
        assert message.startswith("KRG403 an optimizer has no '")

    def test_a_loss_has_none_either(self):
        body = "loss = keras.losses.MeanSquaredError()\nloss.kernel_regularizer = l2(0.1)"
        assert found(body, "KRG403")[0].startswith("KRG403 a loss has no 'kernel_regularizer'")

    @pytest.mark.parametrize(
        "body",
        [
            "optimizer = keras.optimizers.SGD()\noptimizer.kernel_regularizer = 1\nprint(optimizer.kernel_regularizer)",
            "def set_it(optimizer):\n    optimizer.kernel_regularizer = l2(0.1)",
            "class C:\n    def end(self):\n        self.model.optimizer.kernel_regularizer = l2(0.1)",
            "class Ours(keras.optimizers.SGD):\n    pass\n\n\nOurs().kernel_regularizer = l2(0.1)",
            "optimizer = keras.optimizers.SGD()\noptimizer.weight_decay = 0.1",
        ],
    )
    def test_what_may_be_read_or_is_not_known(self, body):
        assert found(body, "KRG403") == []


class TestCalls:
    @pytest.mark.parametrize(
        "call",
        [
            "layers.Dense(4)(x, kernel_regularizer=l2(0.1))",
            "layers.Dense(4)(\n    x,\n    kernel_regularizer=l2(0.1),\n)",
            "dense = layers.Dense(4)\ndense(x, activity_regularizer='l2')",
            "layers.TimeDistributed(layers.Dense(4))(x, kernel_regularizer=l2(0.1))",
            "model = keras.Sequential()\nmodel.add(layers.Dense(4), W_regularizer=l2(0.1))",
        ],
    )
    def test_a_keyword_that_belongs_to_the_layer(self, call):
        [message] = found(call, "KRG406")
        assert message.endswith("pass it to the constructor: Keras 3 raises TypeError")

    def test_one_by_position_is_taken_for_something_else(self):
        body = "model = keras.Sequential()\nmodel.add(layers.Dense(4), l2(0.1))"
        assert found(body, "KRG406")[0].endswith("Keras 3 ignores it")
        assert found(body, "KRG406", version="2.21")[0].endswith("Keras 2 raises TypeError")

    @pytest.mark.parametrize(
        "call",
        [
            "layers.Dense(4, kernel_regularizer=l2(0.1))(x)",
            "layers.Dense(4)(x, kernel_regularizer=None)",
            "layers.Dense(4)(x, training=True)",
            "def block(dense, x):\n    return dense(x, kernel_regularizer=l2(0.1))",
            "from mynets import Dense\nDense(4)(x, kernel_regularizer=l2(0.1))",
            "known = set()\nknown.add(1, kernel_regularizer=l2(0.1))",
            "layers.TFSMLayer('net')(x, kernel_regularizer=l2(0.1))",
        ],
    )
    def test_what_takes_it_or_may(self, call):
        assert found(call, "KRG406") == []


LAYER = """\
class Gain({base}):
    def build(self, shape):
        self.gain = self.add_weight(name="gain", shape=(1,), {keyword}=l2(0.1))
{more}
"""


class TestWeights:
    @pytest.mark.parametrize("keyword", ["kernel_regularizer", "regulariser", "weights_regularizer", "weight_decay"])
    def test_a_keyword_that_add_weight_does_not_have(self, keyword):
        [message] = found(LAYER.format(base="layers.Layer", keyword=keyword, more=""), "KRG401")
        assert message == (
            f"KRG401 add_weight has no '{keyword}', only regularizer: Keras 3 raises TypeError when the layer is built"
        )

    def test_a_layer_of_a_layer_of_the_file(self):
        body = "class Base(layers.Layer):\n    pass\n\n\n" + LAYER.format(base="Base", keyword="l2", more="")
        assert len(found(body, "KRG401")) == 1

    @pytest.mark.parametrize(
        ("base", "keyword", "more"),
        [
            ("layers.Layer", "regularizer", ""),
            ("layers.Layer", "regularizer_scale_of_mine", ""),
            ("Unknown", "kernel_regularizer", ""),
            ("", "kernel_regularizer", ""),
            ("layers.Layer", "kernel_regularizer", "\n    def add_weight(self, **options):\n        pass\n"),
        ],
    )
    def test_what_has_it_or_may(self, base, keyword, more):
        assert found(LAYER.format(base=base, keyword=keyword, more=more), "KRG401") == []

    @pytest.mark.parametrize(("version", "error"), [("2.3", "TypeError"), ("2.15", "ValueError"), ("3.5", "TypeError")])
    def test_an_input_has_none(self, version, error):
        for made in ("keras.Input", "layers.Input"):
            [message] = found(f"{made}((3,), kernel_regularizer=l2(0.1))", "KRG401", version=version)
            assert message.endswith(f"raises {error}")


class TestFactors:
    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ("print(l1(0.1).l2)", "an L1 has no 'l2', only 'l1'"),
            ("def show(reg):\n    print(reg.l2)\n\n\nshow(l1(0.1))", "an L1 has no 'l2', only 'l1'"),
            ("reg = l2(0.1)\nprint(reg.factor)", "an L2 has no 'factor', only 'l2'"),
            ("reg = l1(0.1) if x else l2(0.1)\nprint(reg.factor)", "an L1 or an L2 has no 'factor', only 'l1' or 'l2'"),
            (
                "layer = layers.Dense(4, kernel_regularizer='l1')\nprint(layer.kernel_regularizer.l2)",
                "an L1 has no 'l2', only 'l1'",
            ),
        ],
    )
    def test_one_that_is_not_there(self, body, message):
        assert found(body, "KRG405") == [f"KRG405 {message}: Keras 3 raises AttributeError"]

    def test_before_tensorflow_every_one_has_both(self):
        assert found("print(l1(0.1).l2)", "KRG405", version="2.3") == []

    @pytest.mark.parametrize(
        "body",
        [
            "print(l2(0.1).l2, regularizers.L1L2(l1=0.1).l1)",
            "reg = l1(0.1) if x else l2(0.1)\nprint(reg.l2)",
            "def show(reg):\n    print(reg.l2)\n\n\nshow(l1(0.1))\nshow(l2(0.1))",
            "reg = l1(0.1)\nif isinstance(reg, regularizers.L2):\n    print(reg.l2)",
            "reg = l1(0.1)\nreg.l2 = 1\nprint(reg.l2)",
        ],
    )
    def test_one_that_is_or_may_be(self, body):
        assert [each for each in found(body, "KRG405") if "raises" in each] == []

    @pytest.mark.parametrize(
        ("value", "outcome"),
        [
            ("-0.1", "λ = -0.1 is negative: Keras 3 rewards large weights"),
            ("float('inf')", "λ is inf: Keras 3 makes the penalty infinite or NaN without an error"),
            ("'0.1'", "λ is a string, not a number: Keras 3 fails with an error when losses are first read"),
            ("None", "λ is None, not a number: Keras 3 fails with an error when losses are first read"),
        ],
    )
    @pytest.mark.parametrize(
        "owner",
        [
            "reg = l2(0.1)\nreg",
            "layer = layers.Dense(4, kernel_regularizer=l2(0.1))\nlayer.kernel_regularizer",
            "model = keras.Sequential([])\nmodel.layers[0].kernel_regularizer",
        ],
    )
    def test_a_wrong_one_that_is_set_later(self, owner, value, outcome):
        assert found(f"{owner}.l2 = {value}", "KRG313") == [f"KRG313 {outcome}"]

    @pytest.mark.parametrize("value", ["0.1", "0", "1", "rate", "reg.l2 * 0.5"])
    def test_one_that_works(self, value):
        assert found(f"reg = l2(0.1)\nreg.l2 = {value}", "KRG313") == []


class TestActivityLayer:
    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ("5.0", "KRG202"),
            ("l2=5.0", "KRG202"),
            ("'l2'", "KRG203"),
            ("l2=l2(0.1)", "KRG203"),
            ("-0.1", "KRG201"),
            ("True", "KRG204"),
            ("l=0.1", "KRG211"),
            ("0.0, 0.0", "KRG301"),
            ("l2=0", "KRG301"),
            ("", "KRG303"),
            ("name='off'", "KRG303"),
        ],
    )
    def test_it_is_judged_as_a_regularizer(self, arguments, code):
        rules = ("KRG105", "KRG201", "KRG202", "KRG203", "KRG204", "KRG211", "KRG301", "KRG303")
        messages = found(f"layers.ActivityRegularization({arguments})", *rules)
        assert [message.split()[0] for message in messages] == [code]

    @pytest.mark.parametrize("arguments", ["0.1", "l1=0.0, l2=0.1", "**options", "l1=rate", "1e-4, name='on'"])
    def test_what_is_usual(self, arguments):
        rules = ("KRG105", "KRG201", "KRG202", "KRG203", "KRG204", "KRG211", "KRG301", "KRG303")
        assert found(f"layers.ActivityRegularization({arguments})", *rules) == []
