"""The inventory: which calls it lists, and what it says of their regularizers."""

import pytest

from kreglint.diagnostics import Location
from kreglint.engine.inventory import inventory
from kreglint.engine.programs import UnreadableError
from kreglint.engine.reading import read
from kreglint.inventory import LayerEntry, RegularizerEntry
from kreglint.settings.schema import Settings

IMPORTS = "import keras\nfrom keras import layers, regularizers\nfrom keras.regularizers import l2\n"
FIRST_ROW = IMPORTS.count("\n") + 1


def entries(code: str, **settings) -> tuple[LayerEntry, ...]:
    return inventory(*read(IMPORTS + code, "nets/vgg.py"), Settings(**settings))


def regularizer(code: str, **settings) -> RegularizerEntry:
    [entry] = entries(code, **settings)
    [given] = entry.regularizers
    return given


def given_to_dense(value: str, before: str = "", **settings) -> RegularizerEntry:
    return regularizer(f"{before}layers.Dense(4, kernel_regularizer={value})\n", **settings)


def effects(entry: RegularizerEntry) -> dict[str, str]:
    return {each.version: each.effect for each in entry.effects}


class TestCalls:
    @pytest.mark.parametrize(
        ("code", "layer", "canonical"),
        [
            ("layers.Dense(4)", "Dense", "keras.layers.Dense"),
            ("layers.Convolution2D(8, 3)", "Conv2D", "keras.layers.Conv2D"),
            ("net.block(8, kernel_regularizer='l2')", "net.block", None),
            ("make()(8, kernel_regularizer='l2')", "make()", None),
        ],
    )
    def test_a_keras_layer_has_its_class_and_anything_else_its_name_as_written(self, code, layer, canonical):
        [entry] = entries(code)
        assert (entry.layer, entry.canonical) == (layer, canonical)

    @pytest.mark.parametrize(
        "code",
        [
            "keras.Input((4,))",
            "layers.InputLayer((4,))",
            "keras.Model()",
            "block(8, regularizer='l2')",
            "print(l2(0.1))",
            "def block(n):\n    return n\n\n\nblock(8)",
            "class Block(layers.Layer):\n    pass\n\n\nBlock()",
        ],
    )
    def test_what_takes_no_regularizer_and_is_given_none_is_left_out(self, code):
        assert entries(code) == ()

    def test_a_call_of_a_partial_is_the_layer(self):
        code = (
            "import functools\nconv = functools.partial(layers.Dense, kernel_regularizer=l2(0.1))\nconv(4)\nconv(8)\n"
        )
        made = [each for each in entries(code) if each.entry == "layer"]
        assert [(each.layer, each.location.row - FIRST_ROW) for each in made] == [("Dense", 2), ("Dense", 3)]

    def test_the_place_is_the_calls(self):
        [entry] = entries("x = layers.Dense(\n    4)\n")
        assert (entry.location, entry.end_location) == (Location(FIRST_ROW, 5), Location(FIRST_ROW + 1, 7))

    def test_they_come_in_the_order_of_the_file(self):
        found = entries("layers.Wrapper(layers.Dense(4), kernel_regularizer=layers.ReLU())\nlayers.Conv1D(4, 3)\n")
        assert [entry.layer for entry in found] == ["Wrapper", "Dense", "ReLU", "Conv1D"]

    @pytest.mark.parametrize(
        ("name", "told"), [("'fc1'", "fc1"), ("f'{prefix}_fc1'", None), ("prefix", None), ("None", None)]
    )
    def test_the_name_is_told_where_it_is_known(self, name, told):
        assert entries(f"layers.Dense(4, name={name})")[0].name == told

    def test_the_scope_is_the_function_or_class_around(self):
        code = "class Net:\n    def build(self):\n        return layers.Dense(4)\n"
        assert [entry.scope for entry in (*entries(code), *entries("layers.Dense(4)"))] == ["Net.build", "<module>"]

    def test_a_program_that_cannot_be_parsed_is_an_error(self):
        with pytest.raises(UnreadableError):
            entries("layers.Dense(")


class TestValues:
    @pytest.mark.parametrize(
        ("value", "kind", "l1", "l2"),
        [
            ("'l2'", "L2", None, 0.01),
            ("'l1'", "L1", 0.01, None),
            ("l2(5e-4)", "L2", None, 0.0005),
            ("regularizers.L1L2(l2=0.05, l1=0.02)", "L1L2", 0.02, 0.05),
            ("regularizers.l1_l2(0.02)", "L1L2", 0.02, 0.0),
            ("regularizers.get('l1')", "L1", 0.01, None),
            ("{'class_name': 'L2', 'config': {'l2': 0.05}}", "L2", None, 0.05),
            ("None", "none", None, None),
            ("lambda weights: 0.1", "custom", None, None),
            ("'l3'", "invalid", None, None),
            ("0.01", "invalid", None, None),
            ("l2(-0.1)", "L2", None, -0.1),
        ],
    )
    def test_kind_and_lambdas_are_keras_own(self, value, kind, l1, l2):
        entry = given_to_dense(value)
        assert (entry.kind, entry.l1, entry.l2, entry.factor) == (kind, l1, l2, None)
        assert (entry.resolution, entry.reason, entry.alternatives) == ("exact", None, ())

    def test_an_orthogonal_regularizer_has_a_factor(self):
        entry = given_to_dense("regularizers.OrthogonalRegularizer(factor=0.3)")
        assert (entry.kind, entry.l1, entry.l2, entry.factor) == ("OrthogonalRegularizer", None, None, 0.3)

    @pytest.mark.parametrize(
        ("value", "major", "kind", "l1"),
        [
            ("'l1_l2'", "2", "L1L2", 0.01),
            ("'l1_l2'", "3", "invalid", None),
            ("'l1l2'", "2", "invalid", None),
            ("'l1l2'", "3", "L1L2", 0.0),
            ("regularizers.l1_l2()", "2", "L1L2", 0.01),
            ("regularizers.l1_l2()", "3", "L1L2", 0.0),
            ("regularizers.L1(l=0.01)", "2", "L1", 0.01),
            ("regularizers.L1(l=0.01)", "3", "invalid", None),
        ],
    )
    def test_they_are_those_of_the_target(self, value, major, kind, l1):
        entry = given_to_dense(value, keras_version=major)
        assert (entry.kind, entry.l1) == (kind, l1)

    def test_without_a_target_they_are_those_of_the_newest_that_takes_the_value(self):
        entry = given_to_dense("'l1_l2'")
        assert (entry.kind, entry.l1, effects(entry)) == ("L1L2", 0.01, {"2.21": "applied", "3.15": "rejected"})
        entry = given_to_dense("regularizers.l1_l2(0.02)")
        assert (entry.l2, entry.effect) == (0.0, "applied")

    def test_what_no_target_takes_is_invalid(self):
        assert (given_to_dense("'l3'").kind, given_to_dense("'l3'").effect) == ("invalid", "rejected")

    def test_a_value_given_by_position_has_the_parameters_name(self):
        entry = regularizer("layers.Dense(4, 'relu', True, 'zeros', 'zeros', l2(0.1))\n")
        assert (entry.argument, entry.source, entry.l2) == ("kernel_regularizer", "l2(0.1)", 0.1)

    def test_activity_regularization_is_an_l1l2_of_its_own_arguments(self):
        entry = regularizer("layers.ActivityRegularization(l1=0.1, l2=0.2)\n")
        assert (entry.argument, entry.kind, entry.l1, entry.l2) == ("activity_regularizer", "L1L2", 0.1, 0.2)

    @pytest.mark.parametrize("value", ["l2(0.1)", "decay"])
    def test_through_a_dict_the_place_and_source_are_those_of_the_value_in_it(self, value):
        before = f"decay = l2(0.1)\nREG = {{'kernel_regularizer': {value}}}\n"
        entry = regularizer(f"{before}layers.Dense(4, **REG)\n")
        assert (entry.location, entry.source, entry.l2) == (Location(FIRST_ROW + 1, 30), value, 0.1)

    def test_the_place_and_source_are_the_values_in_the_call(self):
        entry = given_to_dense("decay", "decay = l2(0.1)\n")
        assert (entry.source, entry.l2, entry.resolution) == ("decay", 0.1, "exact")
        assert (entry.location, entry.end_location) == (Location(FIRST_ROW + 1, 36), Location(FIRST_ROW + 1, 41))
        assert [place.location for place in entry.origin] == [Location(FIRST_ROW, 1)]


class TestKeywordsThatALayerDoesNotTake:
    @pytest.mark.parametrize("major", ["2", "3"])
    @pytest.mark.parametrize("keyword", ["W_regularizer", "kernal_regularizer", "depthwise_regularizer"])
    def test_what_raises_is_rejected_and_keeps_its_kind_and_lambda(self, keyword, major):
        entry = regularizer(f"layers.Dense(4, {keyword}=l2(0.1))\n", keras_version=major)
        assert (entry.argument, entry.kind, entry.l2, entry.effect) == (keyword, "L2", 0.1, "rejected")

    def test_what_keras_2_ignores_and_keras_3_refuses(self):
        code = "layers.SeparableConv2D(8, 3, kernel_regularizer=l2(0.1))\n"
        assert effects(regularizer(code)) == {"2.21": "ignored", "3.15": "rejected"}
        assert regularizer(code, keras_version="2").effect == "ignored"

    def test_a_function_of_the_users_own_may_take_anything(self):
        entry = regularizer("scaled(4, kernel_regularizer=0.0)\n")
        assert (entry.kind, entry.resolution, entry.reason) == (
            "unknown",
            "unknown",
            "'scaled' is not known to be a Keras layer",
        )

    def test_a_regularizer_that_a_function_of_the_users_own_is_given_is_told(self):
        entry = regularizer("scaled(4, kernel_regularizer=l2(0.1))\n")
        assert (entry.kind, entry.l2, entry.resolution) == ("L2", 0.1, "exact")


class TestResolution:
    def test_a_parameters_default_is_default(self):
        code = "def block(decay=1e-4):\n    return layers.Dense(4, kernel_regularizer=l2(decay))\n"
        entry = regularizer(code)
        assert (entry.kind, entry.l2, entry.resolution) == ("L2", 0.0001, "default")

    def test_a_parameter_without_a_default_is_unknown(self):
        code = "def block(decay):\n    return layers.Dense(4, kernel_regularizer=l2(decay))\n"
        entry = regularizer(code)
        assert (entry.kind, entry.l2, entry.resolution) == ("L2", None, "unknown")
        assert entry.reason == "parameter 'decay' has no default"

    def test_branches_are_told_one_by_one(self):
        entry = given_to_dense("'l1' if small else None")
        assert (entry.kind, entry.l1, entry.resolution) == ("unknown", None, "branches")
        assert [(way.kind, way.l1, way.location.column) for way in entry.alternatives] == [
            ("L1", 0.01, 36),
            ("none", None, 55),
        ]

    def test_branches_that_agree_are_exact(self):
        assert given_to_dense("'l2' if small else 'l2'").resolution == "exact"

    @pytest.mark.parametrize("value", ["self.reg", "reg", "regs[0]", "make(0.1)", "l2(self.decay)", "l2(*decays)"])
    def test_what_cannot_be_known_has_a_reason_and_no_lambda(self, value):
        entry = given_to_dense(value)
        assert (entry.l2, entry.resolution) == (None, "unknown")
        assert entry.reason


class TestEntries:
    @pytest.mark.parametrize(
        ("code", "entry"),
        [
            ("layers.Dense(4)", "layer"),
            ("layers.Dense(4, kernel_regularizer=l2(0.1))", "layer"),
            ("layers.ActivityRegularization(l2=0.1)", "layer"),
            ("net.block(8, kernel_regularizer='l2')", "wrapper"),
            ("dict(kernel_regularizer=l2(0.1))", "call"),
            ("import functools\nfunctools.partial(layers.Dense, kernel_regularizer=l2(0.1))", "call"),
            ("def show(kernel_regularizer):\n    print(kernel_regularizer)\n\n\nshow(kernel_regularizer='l2')", "call"),
            (
                (
                    "class Settings:\n    def __init__(self, kernel_regularizer):\n"
                    "        self.kernel_regularizer = kernel_regularizer\n\n\nSettings(kernel_regularizer=l2(0.1))"
                ),
                "call",
            ),
            ("keras.Input((4,), kernel_regularizer='l2')", "call"),
            (
                (
                    "class Own(layers.Layer):\n    def build(self, shape):\n"
                    "        self.w = self.add_weight(shape=shape, regularizer=l2(0.1))"
                ),
                "weight",
            ),
        ],
    )
    def test_each_call_has_its_kind(self, code, entry):
        assert [each.entry for each in entries(code)] == [entry]

    def test_a_weight_has_the_regularizer_by_its_own_name(self):
        code = (
            "class Own(layers.Layer):\n    def build(self, shape):\n"
            "        self.w = self.add_weight(name='w', shape=shape, regularizer=l2(0.1){more})"
        )
        [entry] = entries(code.format(more=""))
        assert (entry.layer, entry.canonical, entry.name) == ("self.add_weight", None, "w")
        assert [(each.argument, each.l2, each.effect) for each in entry.regularizers] == [
            ("regularizer", 0.1, "applied")
        ]
        [frozen] = entries(code.format(more=", trainable=False"))
        assert frozen.regularizers[0].effect == "unknown"


class TestEffects:
    @pytest.mark.parametrize(
        ("call", "effect"),
        [
            ("layers.Dense(4, kernel_regularizer='l2')", "applied"),
            ("layers.Dense(4, kernel_regularizer=lambda w: 0.1)", "applied"),
            ("layers.Dense(4, kernel_regularizer=l2(decay))", "applied"),
            ("layers.Dense(4, kernel_regularizer=None)", "ignored"),
            ("layers.Dense(4, kernel_regularizer=l2(0.0))", "ignored"),
            ("layers.Dense(4, use_bias=False, bias_regularizer='l2')", "ignored"),
            ("layers.Dense(4, kernel_regularizer=0.1)", "rejected"),
            ("layers.Conv2D(4, 3, kernel_regularizer=regularizers.OrthogonalRegularizer())", "rejected"),
            ("layers.Dense(4, kernel_regularizer=reg)", "unknown"),
            ("layers.Dense(4, kernel_regularizer='l2' if small else None)", "unknown"),
            ("layers.Dense(4, kernel_regularizer='l2' if small else 'l1')", "applied"),
            ("net.block(8, kernel_regularizer='l2')", "unknown"),
            ("dict(kernel_regularizer='l2')", "unknown"),
        ],
    )
    @pytest.mark.parametrize("major", ["2", "3"])
    def test_it_is_what_both_majors_make_of_it(self, call, effect, major):
        assert regularizer(call, keras_version=major).effect == effect

    @pytest.mark.parametrize(
        ("call", "told"),
        [
            ("layers.DepthwiseConv2D(3, kernel_regularizer=l2(1e-4))", {"2.21": "ignored", "3.15": "rejected"}),
            ("layers.SimpleRNN(4, activity_regularizer=l2(0.1))", {"2.21": "applied", "3.15": "ignored"}),
        ],
    )
    def test_where_the_versions_differ_each_has_its_own(self, call, told):
        entry = regularizer(call)
        assert (entry.effect, effects(entry)) == (None, told)

    @pytest.mark.parametrize(
        ("version", "effect"),
        [("1.2", "applied"), ("2.2", "applied"), ("2.3", "applied"), ("2.4", "rejected"), ("3", "rejected")],
    )
    def test_a_keyword_of_keras_1_has_an_effect_up_to_2_3(self, version, effect):
        entry = regularizer("layers.Dense(4, W_regularizer=l2(0.0002))", keras_version=version)
        assert (entry.kind, entry.l1, entry.l2, entry.effect) == ("L2", None, 0.0002, effect)
