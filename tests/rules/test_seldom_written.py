"""Faults that are seldom written, each beside what looks like it and is right."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

IMPORTS = """\
import keras
import tensorflow as tf
from keras import layers, regularizers
from keras.layers import Dense, Layer
from keras.regularizers import L1, L2

"""


def codes(body: str, *select: str, version: str = "3.15", before: str = IMPORTS) -> list[str]:
    settings = Settings(select=select, keras_version=version)
    return [each.code for each in check_source(before + body, "a.py", settings)]


class TestBuiltins:
    SELECTED = ("KRG103", "KRG107")

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("object()", ["KRG103"]),
            ("float", ["KRG103"]),
            ("dict", ["KRG103"]),
            ("sum", ["KRG107"]),
            ("abs", ["KRG107"]),
            ("print", ["KRG107"]),
            ("repr", []),
            ("object", ["KRG103"]),
            ("unknown", []),
        ],
    )
    def test_what_python_has_is_no_regularizer(self, value, code):
        assert codes(f"Dense(4, kernel_regularizer={value})", *self.SELECTED) == code

    @pytest.mark.parametrize("version", ["2.15", "3.0", "3.10", "3.15"])
    def test_it_is_one_in_no_version(self, version):
        assert codes("Dense(4, kernel_regularizer=sum)", *self.SELECTED, version=version) == ["KRG107"]

    def test_a_function_may_be_an_activity_regularizer(self):
        assert codes("Dense(4, activity_regularizer=sum)", *self.SELECTED) == []

    @pytest.mark.parametrize(
        "before",
        [
            "from mynets import *\n",
            "def sum(w):\n    return L2(0.1)\nsum = regularizers.L2(0.1)\n",
            "for sum in penalties:\n    pass\n",
        ],
    )
    def test_a_name_that_is_bound_is_no_builtin(self, before):
        assert codes(f"{before}Dense(4, kernel_regularizer=sum)", *self.SELECTED, version="2.15") == []

    def test_a_star_that_brings_other_names_hides_no_builtin(self):
        body = "from keras.layers import *\nDense(4, kernel_regularizer=sum)"
        assert codes(body, *self.SELECTED) == ["KRG107"]

    def test_a_class_on_top_of_a_builtin_one_is_not_judged_by_it(self):
        body = "class Penalty(dict):\n    pass\nDense(4, kernel_regularizer=Penalty(class_name='L2', config={}))"
        assert codes(body, *self.SELECTED) == []


class TestAddLoss:
    SELECTED = ("KRG611", "KRG612", "KRG613")
    LAYER = "class Scale(Layer):\n    def build(self, shape):\n        self.scale = self.add_weight(shape=(1,))\n"

    @pytest.mark.parametrize(
        ("builds", "calls", "code"),
        [
            ("self._penalize()", "return x", ["KRG612"]),
            ("self.built = True", "self._penalize()\n        return x", []),
            ("self._penalize()", "self._penalize()\n        return x", []),
            ("self.later = self._penalize", "return x", []),
            ("run(self._penalize)", "return x", []),
        ],
    )
    def test_a_helper_adds_where_the_only_method_that_calls_it_does(self, builds, calls, code):
        body = (
            f"{self.LAYER}        {builds}\n\n    def _penalize(self):\n        self.add_loss(L2(0.1)(self.scale))\n"
            f"\n    def call(self, x):\n        {calls}\n"
        )
        assert codes(body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("", ["KRG613"]),
            ("L2(0.1)", ["KRG613"]),
            ("regularizers.get('l2')", ["KRG613"]),
            ("L2(0.1)(self.scale)", []),
            ("*losses", []),
            ("[lambda: 0.1 for _ in x]", ["KRG611"]),
            ("[L2(0.1)(w) for w in self.weights]", []),
        ],
    )
    def test_it_takes_a_tensor(self, given, code):
        body = f"{self.LAYER}\n    def call(self, x):\n        self.add_loss({given})\n        return x\n"
        assert codes(body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("for layer in model.layers:\n    layer.add_loss(L2(0.1)(layer.kernel))", ["KRG612"]),
            ("for layer in model.layers:\n    layer.add_loss(L2(0.1)(layer.output))", []),
            ("for layer in model.layers:\n    layer.add_loss(L2(0.1)(layer.kernel))\nprint(model.losses)", []),
            ("for layer in model.layers:\n    layer.add_loss(L2(0.1)(layer.kernel))\ngetattr(model, 'losses')", []),
            ("def penalize(layer):\n    layer.add_loss(L2(0.1)(layer.kernel))", []),
            ("for each in things:\n    each.add_loss(L2(0.1)(each.kernel))", []),
        ],
    )
    def test_from_outside_it_is_there_until_the_next_call(self, body, code):
        model = "model = keras.Sequential([keras.Input((4,)), Dense(2)])\n"
        assert codes(model + body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("made", "code"),
        [
            ("keras.Model(i, Dense(2)(i))", ["KRG613"]),
            ("keras.Model(inputs=i, outputs=Dense(2)(i))", ["KRG613"]),
            ("Net(i)", []),
            ("keras.Sequential([Dense(2)])", []),
        ],
    )
    def test_a_functional_model_of_a_helper(self, made, code):
        body = f"def make():\n    i = keras.Input((4,))\n    return {made}\n\n\nmodel = make()\nmodel.add_loss(loss)"
        assert codes(body, *self.SELECTED) == code


class TestDropped:
    SELECTED = ("KRG308", "KRG309")

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (["decay = kwargs.pop('l2_reg', 0.1)"], ["KRG309"]),
            (["decay = kwargs.get('l2_reg', 0.1)", "kwargs.pop('l2_reg', None)"], ["KRG309"]),
            (["if 'l2_reg' in kwargs:", "    decay = kwargs.pop('l2_reg')"], ["KRG309"]),
            (["reg = kwargs.pop('kernel_regularizer', None)"], ["KRG309"]),
            (["kwargs['padding'] = 'same'", "decay = kwargs.pop('weight_decay', 0.1)"], ["KRG309"]),
            (["kwargs.pop('l2_reg', None)"], []),
            (["decay = kwargs.get('l2_reg', 0.1)"], []),
            (["kwargs.setdefault('kernel_regularizer', L2(kwargs.pop('l2_reg', 0.1)))"], []),
            (["decay = kwargs.pop('l2_reg', 0.1)", "kwargs['kernel_regularizer'] = L2(decay)"], []),
            (["decay = kwargs.pop('l2_reg', 0.1)", "kwargs['l2_reg'] = 2 * decay"], []),
            (["if x:", "    decay = kwargs.pop('l2_reg', 0.1)"], []),
            (["log(kwargs)", "decay = kwargs.pop('l2_reg', 0.1)"], []),
            (["inner(**kwargs)", "decay = kwargs.pop('l2_reg', 0.1)"], []),
            (["units = kwargs.pop('units', 4)"], []),
            (["decay = kwargs.pop('l2_reg', 0.1)", "print(locals())"], []),
        ],
    )
    def test_what_a_function_takes_out_of_its_keywords(self, rows, code):
        inside = "\n    ".join(rows)
        body = f"def dense(x, **kwargs):\n    {inside}\n    return Dense(4, **kwargs)(x)\n\n\ndense(a, l2_reg=0.1)\n"
        assert codes(body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("row", "weight", "code"),
        [
            ("self.reg = kwargs.pop('kernel_regularizer', None)", "", ["KRG308"]),
            ("self.reg = regularizers.get(kwargs.pop('kernel_regularizer', None))", "", ["KRG308"]),
            ("self.reg = kwargs.pop('kernel_regularizer', None)", ", regularizer=self.reg", []),
            ("kwargs.pop('kernel_regularizer', None)", "", []),
        ],
    )
    def test_what_a_layer_takes_out_of_its_keywords(self, row, weight, code):
        body = (
            f"class Scale(Layer):\n    def __init__(self, **kwargs):\n        {row}\n"
            "        super().__init__(**kwargs)\n\n    def build(self, shape):\n"
            f"        self.scale = self.add_weight(shape=(1,){weight})\n\n"
            "    def call(self, x):\n        return x\n\n\nScale(kernel_regularizer='l2')\n"
        )
        assert codes(body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("base", "handed", "code"),
        [
            ("Dense", "units, **kwargs", ["KRG308"]),
            ("Dense", "units, kernel_regularizer=kernel_regularizer, **kwargs", []),
            ("layers.Flatten", "**kwargs", []),
            ("Unknown", "units, **kwargs", []),
        ],
    )
    def test_a_layer_of_keras_that_is_derived_from(self, base, handed, code):
        body = (
            f"class Noisy({base}):\n    def __init__(self, units, kernel_regularizer=None, **kwargs):\n"
            f"        super().__init__({handed})\n\n\nNoisy(4, kernel_regularizer='l2')\n"
        )
        assert codes(body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("rest", "code"),
        [
            ("", ["KRG309"]),
            ("print(builder.weight_decay)", []),
            ("print(vars(builder))", []),
            ("register(Builder)", []),
            ("outside.keep(builder)", []),
        ],
    )
    def test_what_a_builder_keeps_for_nothing(self, rest, code):
        body = (
            "class Builder:\n    def __init__(self, units, weight_decay=1e-4):\n        self.units = units\n"
            "        self.weight_decay = weight_decay\n\n    def build(self):\n        return Dense(self.units)\n\n\n"
            f"builder = Builder(4, 1e-3)\nbuilder.build()\n{rest}\n"
        )
        assert codes(body, *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ("l1=0.0, l2=1e-4", ["KRG309", "KRG309"]),
            ("l1, l2", []),
            ("l1=1, l2=2", []),
            ("l1=None, l2=None", []),
        ],
    )
    def test_a_factor_by_its_shortest_name(self, params, code):
        body = f"def head(x, {params}):\n    return Dense(4)(x)\n\n\nhead(x)\n"
        assert codes(body, *self.SELECTED, before="from keras.layers import Dense\n") == code

    @pytest.mark.parametrize(
        ("made", "code"),
        [
            ("dict(kernel_regularizer=L2(0.1))", ["KRG309"]),
            ("{'kernel_regularizer': L2(0.1), 'padding': 'same'}", ["KRG309"]),
            ("functools.partial(Dense, kernel_regularizer=L2(0.1))", ["KRG309"]),
            ("register(L2(0.1))", []),
            ("dict(kernel_regularizer='l2')", []),
            ("Dense(4, kernel_regularizer=L2(0.1))", []),
        ],
    )
    def test_what_holds_a_regularizer_and_is_never_read(self, made, code):
        body = f"import functools\n\n\ndef build():\n    kept = {made}\n    return Dense(4)\n\n\nbuild()\n"
        assert codes(body, *self.SELECTED) == code
        assert codes(body.replace("return Dense(4)", "return kept"), *self.SELECTED) == []

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("self.reg = kwargs.pop('activity_regularizer', None)", ["KRG307"]),
            ("kwargs.get('activity_regularizer')", []),
            ("self.activity = kwargs.get('activity_regularizer')", []),
        ],
    )
    def test_an_activity_regularizer_that_a_layer_takes_out_of_its_keywords(self, row, code):
        body = (
            f"class Block(Layer):\n    def __init__(self, **kwargs):\n        {row}\n"
            "        super().__init__(**kwargs)\n        self.inner = Dense(4)\n\n    def call(self, x):\n"
            "        return self.inner(x)\n\n\nBlock(activity_regularizer='l2')\n"
        )
        assert codes(body, "KRG307") == code


class TestResults:
    SELECTED = ("KRG107", "KRG110")

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (["return L2(w)"], ["KRG110"]),
            (["return lambda x: w * x"], ["KRG110"]),
            (["def penalty(x):", "    return w * x", "return penalty"], ["KRG110"]),
            (["return w, 0.1"], ["KRG110"]),
            (["yield w"], ["KRG110"]),
            (["return L2(0.1)(w)"], ["KRG107"]),
            (["if w is None:", "    return L2(0.1)", "return 0.1 * w"], ["KRG107"]),
            (["return make(w)"], ["KRG107"]),
        ],
    )
    def test_what_a_function_gives_back(self, rows, code):
        inside = "\n    ".join(rows)
        assert codes(f"def made(w):\n    {inside}\n\n\nDense(4, kernel_regularizer=made)\n", *self.SELECTED) == code


class TestFactorsOfTheBase:
    @pytest.mark.parametrize(
        ("base", "made", "called", "code"),
        [
            ("L2", "self.scale = scale", "return self.scale * super().__call__(w)", ["KRG111"]),
            ("L1", "self.scale = scale", "", ["KRG111"]),
            ("L2", "super().__init__(scale)", "return 2 * super().__call__(w)", []),
            ("L2", "L2.__init__(self, scale)", "", []),
            ("L2", "self.l2 = scale", "", []),
            ("L2", "setattr(self, 'l2', scale)", "", []),
            ("L2", "self.scale = scale", "return self.scale * tf.reduce_sum(w)", []),
            ("L2", "self.scale = scale", "return super().__call__(w) if self.scale else 0.0", []),
            ("Unknown", "self.scale = scale", "", []),
        ],
    )
    def test_a_constructor_that_does_not_run_that_of_the_base(self, base, made, called, code):
        method = f"\n    def __call__(self, w):\n        {called}\n" if called else ""
        body = f"class Own({base}):\n    def __init__(self, scale):\n        {made}\n{method}\n\n"
        assert codes(f"{body}Dense(4, kernel_regularizer=Own(0.1))\n", "KRG111") == code


class TestNewInKeras:
    SELECTED = ("KRG108", "KRG622", "KRG623")
    DENSE = "dense = Dense(8, kernel_regularizer=regularizers.OrthogonalRegularizer(0.1))\n"
    MODEL = "model = keras.Sequential([keras.Input((4,)), dense])\n"

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("dense.enable_lora(1)", ["KRG108"]),
            ("dense.enable_lora(rank=1)", ["KRG108"]),
            ("dense.enable_lora(2)", []),
            ("dense.enable_lora(rank)", []),
            ("other.enable_lora(1)", []),
        ],
    )
    def test_a_layer_that_is_given_factors(self, row, code):
        assert codes(f"{self.DENSE}dense.build((None, 4))\n{row}", *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ("dense.quantize('int8')\nmodel.fit(x, y)", ["KRG622"]),
            ("model.quantize('int8')\nmodel.fit(x, y)", ["KRG622"]),
            ("model.fit(x, y)\ndense.quantize('int8')", []),
            ("dense.quantize('float8')\nmodel.fit(x, y)", []),
            ("dense.quantize('int8')\nother.fit(x, y)", []),
            ("def export():\n    dense.quantize('int8')\n\n\nmodel.fit(x, y)\nexport()", []),
            ("def export():\n    model.quantize('int8')\n\n\nmodel.fit(x, y)\nexport()", []),
        ],
    )
    def test_one_layer_is_quantized(self, rows, code):
        assert codes(f"{self.DENSE}{self.MODEL}{rows}\n", *self.SELECTED) == code

    @pytest.mark.parametrize(
        ("row", "unroll", "code"),
        [
            ("self.add_loss(tf.reduce_sum(y))", "", ["KRG623"]),
            ("self.add_loss(tf.reduce_sum(y))", ", unroll=True", []),
            ("self.add_loss(loss)", "", []),
            ("if training:\n            self.add_loss(tf.reduce_sum(y))", "", []),
        ],
    )
    def test_a_cell_that_adds_a_loss(self, row, unroll, code):
        body = (
            "class Cell(Layer):\n    state_size = 4\n\n    def call(self, x, states):\n        y = x + states[0]\n"
            f"        {row}\n        return y, [y]\n\n\nlayers.RNN(Cell(){unroll})\n"
        )
        assert codes(body, *self.SELECTED) == code


class TestActivityRegularization:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("alpha=0.1", ["KRG211"]),
            ("weight_decay=0.1", ["KRG211"]),
            ("0.1, 0.1, 0.1", ["KRG211"]),
            ("regularizer='l2'", ["KRG404"]),
            ("activty_regularizer='l2'", ["KRG402"]),
            ("", ["KRG303"]),
            ("l2=0.1, name='penalty', input_shape=(4,)", []),
            ("**options", []),
        ],
    )
    def test_each_argument_is_told_once(self, given, code):
        selected = ("KRG211", "KRG303", "KRG402", "KRG404")
        assert codes(f"layers.ActivityRegularization({given})", *selected) == code


class TestDeserialized:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("{'class_name': 'Ridge', 'config': {}}", ["KRG103"]),
            ("{'class_name': 'L2', 'config': {'l2': 0.1}}", []),
            ("{'class_name': 'Ridge', 'config': {}}, custom_objects={'Ridge': L2}", []),
            ("config", []),
        ],
    )
    def test_a_class_that_keras_does_not_have(self, given, code):
        assert codes(f"Dense(4, kernel_regularizer=regularizers.deserialize({given}))", "KRG103") == code


def test_an_activity_regularizer_that_callers_pass_to_attention():
    body = (
        "def attend(x, **options):\n    return layers.MultiHeadAttention(2, 4, **options)(x, x)\n\n\n"
        "attend(keras.Input((5, 8)), activity_regularizer={})\n"
    )
    assert codes(body.format("'l1'"), "KRG619") == ["KRG619"]
    assert codes(body.format("None"), "KRG619") == []


def test_the_base_class_is_the_nearest_name():
    [found] = check_source("from keras import regularizers\n\n\nclass A(regularizers.Regulariser):\n    pass\n", "a.py")
    assert "did you mean 'Regularizer'?" in found.message


def test_a_regularizer_without_a_prefix_is_misplaced_too():
    model = "model = keras.Sequential([keras.Input((4,)), Dense(2)])\n"
    assert codes(f"{model}model.fit(x, y, regularizer='l2')", "KRG403") == ["KRG403"]


def test_a_name_that_no_module_has_is_told_once():
    body = "from keras import constraints\nDense(4, kernel_regularizer=constraints.l2(0.1))\n"
    assert codes(body, "KRG104", "KRG109") == ["KRG109"]
    assert codes(body.replace("l2", "MaxNorm"), "KRG104", "KRG109") == ["KRG104"]
