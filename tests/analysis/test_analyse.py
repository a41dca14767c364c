"""The facts of a whole file."""

import pickle

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.facts.file import FileFacts
from kreglint.facts.values import OneOf
from tests.analysis.reading import PRELUDE, facts


def text_of(source: str, span: tuple[int, int]) -> str:
    return source[span.start : span.end]


class TestUnparsable:
    @pytest.mark.parametrize(
        ("source", "row", "column", "reason"),
        [
            ("x = (1\n", 1, 5, "'(' was never closed"),
            ("a\nb = = 2\n", 2, 5, "invalid syntax"),
            ("print 'a'\n", 1, 1, "Missing parentheses in call to 'print'. Did you mean print(...)?"),
            (
                "x = 0777\n",
                1,
                5,
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
            ),
            ("éß = = 1\n", 1, 6, "invalid syntax"),
        ],
    )
    def test_the_place_and_pythons_words_are_told(self, source, row, column, reason):
        with pytest.raises(UnparsableError) as caught:
            analyse(source)
        assert (caught.value.row, caught.value.column, caught.value.reason) == (row, column, reason)

    def test_strings_and_bytes_side_by_side(self):
        with pytest.raises(UnparsableError):
            analyse("x = b'' f'{x}'\n")

    def test_what_python_reads_and_libcst_does_not(self):
        with pytest.raises(UnparsableError) as caught:
            analyse("x = f(1)\n\\\n")
        assert caught.value.row >= 1


class TestLayerCalls:
    def test_a_layer_is_told_with_its_places(self):
        source = "from keras import layers as L\ndef vgg():\n    return L.Conv2D(4, 3, name='c')\n"
        (layer,) = analyse(source).layers
        assert layer.layer == "Conv2D"
        assert layer.dotted == "L.Conv2D"
        assert layer.scope == "vgg"
        assert layer.symbol.path == "keras.layers.Conv2D"
        assert text_of(source, layer.span) == "L.Conv2D(4, 3, name='c')"
        assert text_of(source, layer.callee_span) == "L.Conv2D"
        name = layer.keyword("name")
        assert [text_of(source, span) for span in (name.span, name.keyword_span, name.value_span)] == [
            "name='c'",
            "name",
            "'c'",
        ]

    def test_a_call_of_anything_else_counts_where_it_hands_on_a_regularizer(self):
        (call,) = facts("conv_bn(4, kernel_regularizer='l2')\nconv_bn(4)\n").layers
        assert (call.layer, call.symbol, call.dotted) == (None, None, "conv_bn")

    def test_the_text_of_an_odd_callee_is_told(self):
        (call,) = facts("nets[0].block(x, bias_regularizer=None)\n").layers
        assert call.dotted == "nets[0].block"

    def test_where_a_failure_is_expected_it_is_told(self):
        source = PRELUDE + "with pytest.raises(ValueError):\n    Dense(4, kernel_regularizer='l3')\n"
        (layer,) = analyse(source).layers
        assert layer.provoked

    def test_layers_are_told_in_source_order(self):
        source = PRELUDE + "Dense(1, x=Dense(2))\nDense(3)\n"
        assert [layer.arguments[0].source for layer in analyse(source).layers] == ["1", "2", "3"]


class TestLayerClass:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("keras.layers.Dense", "Dense"),
            ("keras.layers.Convolution2D", "Conv2D"),
            ("keras.layers.NotThere", "NotThere"),
            ("keras.layers.add", None),
            ("keras.layers.Dense.from_config", None),
            ("keras.regularizers.L2", None),
            ("keras.layers", None),
            (None, None),
        ],
    )
    def test_a_class_of_the_layers_package(self, name, expected):
        assert layer_class(name) == expected


class TestRegularizerCalls:
    def test_each_is_told_wherever_it_stands(self):
        source = PRELUDE + "reg = l1(0.1)\nmodel.add_loss(l2(0.2)(w))\n"
        assert [call.value.symbol.name for call in analyse(source).regularizer_calls] == ["l1", "l2"]

    def test_one_of_several_sets_of_arguments_is_not_certain(self):
        calls = analyse(PRELUDE + "l2(0.1 if c else 0.2)\n").regularizer_calls
        assert [call.certain for call in calls] == [False, False]

    def test_a_call_with_one_set_is_certain(self):
        (call,) = analyse(PRELUDE + "l2(0.1)\n").regularizer_calls
        assert call.certain

    def test_where_a_failure_is_expected_it_is_told(self):
        (call,) = analyse(PRELUDE + "with self.assertRaises(E):\n    l2(-1)\n").regularizer_calls
        assert call.provoked


class TestNameUses:
    def test_an_import_from_is_told_with_its_place(self):
        source = "from keras.regularizers import l2, activity_l2 as a\n"
        uses = analyse(source).regularizer_names
        assert [(text_of(source, use.span), use.symbol.canonical, use.imported) for use in uses] == [
            ("l2", "keras.regularizers.l2", True),
            ("activity_l2", "keras.regularizers.activity_l2", True),
        ]

    def test_one_in_a_try_is_guarded(self):
        source = "try:\n    from keras.regularizers import l1l2\nexcept ImportError:\n    pass\n"
        (use,) = analyse(source).regularizer_names
        assert use.guarded

    def test_one_under_an_if_is_not(self):
        (use,) = analyse("if old:\n    from keras.regularizers import l1l2\n").regularizer_names
        assert not use.guarded

    def test_an_attribute_that_no_later_keras_has_is_told(self):
        source = "from keras import regularizers\nregularizers.activity_l2(0.1)\nregularizers.l2(0.1)\n"
        (use,) = analyse(source).regularizer_names
        assert (text_of(source, use.span), use.imported) == ("regularizers.activity_l2", False)

    def test_an_attribute_of_something_else_is_not(self):
        assert analyse("import regularizers\nregularizers.activity_l2(0.1)\n").regularizer_names == ()


class TestAttributeAssignments:
    @pytest.mark.parametrize(
        "owner",
        [
            "model.layers[0]",
            "model.get_layer('x')",
            "Dense(4)",
        ],
    )
    def test_what_is_certainly_a_layer_is_told_as_one(self, owner):
        source = PRELUDE + f"{owner}.kernel_regularizer = 'l2'\nd = {owner}\ne = d\ne.kernel_regularizer = 'l2'\n"
        first, second = analyse(source).attribute_assignments
        assert (first.owner, first.on_layer, first.name) == (owner, True, "kernel_regularizer")
        assert (second.owner, second.on_layer) == ("e", True)

    def test_the_target_of_a_loop_over_layers_is_one(self):
        (found,) = facts("for layer in model.layers:\n    layer.kernel_regularizer = r\n").attribute_assignments
        assert found.on_layer

    @pytest.mark.parametrize("body", ["x.kernel_regularizer = r\n", "self.kernel_regularizer = r\n"])
    def test_anything_else_may_be_anything(self, body):
        (found,) = facts(body).attribute_assignments
        assert not found.on_layer

    def test_a_name_made_from_itself_in_a_loop_is_none(self):
        body = "for _ in r:\n    a = b\n    b = a\na.kernel_regularizer = r\n"
        (found,) = facts(body).attribute_assignments
        assert not found.on_layer

    def test_other_attributes_do_not_matter(self):
        assert facts("x.trainable = False\n").attribute_assignments == ()


class TestStatements:
    def rows(self, source: str) -> list[str]:
        return [text_of(source, span).splitlines()[0] for span in analyse(source).statements]

    def test_the_statement_of_a_layer_call(self):
        assert self.rows(PRELUDE + "x = Dense(\n    4)\n")[-1] == "x = Dense("

    def test_the_statement_of_an_import(self):
        assert self.rows("from keras.regularizers import (\n    l2,\n)\n") == ["from keras.regularizers import ("]

    def test_the_start_of_a_def_up_to_a_default_that_is_used(self):
        source = PRELUDE + "def f(a,\n      reg='l2'):\n    Dense(4, kernel_regularizer=reg)\n"
        assert "def f(a,\n      reg='l2'" in [text_of(source, span) for span in analyse(source).statements]


class TestWholeFiles:
    def test_facts_survive_pickling(self):
        found = analyse(PRELUDE + "def f(w=0.1):\n    return Dense(4, kernel_regularizer=l2(w if c else 1))\n")
        assert pickle.loads(pickle.dumps(found)) == found

    @pytest.mark.parametrize("source", ["", "\n", "# keras\n", "'''keras'''\n", "\f", "keras"])
    def test_a_file_without_a_fact(self, source):
        assert analyse(source) == FileFacts()

    @pytest.mark.parametrize("newline", ["\r\n", "\r"])
    def test_line_ends_change_no_fact_but_its_places(self, newline):
        source = PRELUDE + "if c:\n    Dense(4,\n          kernel_regularizer=l2(0.1))\n"
        changed = source.replace("\n", newline)
        (layer,) = analyse(changed).layers
        assert text_of(changed, layer.span) == f"Dense(4,{newline}          kernel_regularizer=l2(0.1))"

    def test_a_long_file_is_read_alike(self):
        source = PRELUDE + "x = 1\n" * 5_000 + "Dense(4, kernel_regularizer=l2(0.1 if c else 0.2))\n"
        (layer,) = analyse(source).layers
        assert isinstance(layer.keyword("kernel_regularizer").value, OneOf)

    @pytest.mark.parametrize(
        ("source", "registers"),
        [
            ("import keras\n@keras.saving.register_keras_serializable()\nclass R: pass\n", True),
            ("from keras.utils import custom_object_scope\nwith custom_object_scope({}): pass\n", True),
            ("import keras\nkeras.utils.get_custom_objects()['r'] = R\n", True),
            ("import keras\nkeras.Model()\n", False),
        ],
    )
    def test_a_file_may_register_names_of_its_own(self, source, registers):
        assert analyse(source).registers_custom_objects is registers


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("model = load_model('m.keras', custom_objects={'r': r})", True),
        ("model = load_model('m.keras', **{'custom_objects': {'r': r}})", True),
        ("custom_objects = {'r': r}", True),
        ("# without custom_objects this does not load", False),
    ],
)
def test_what_loads_models_with_objects_of_its_own_is_code_and_no_comment(line, names):
    assert analyse(f"from keras.models import load_model\n{line}\n").names_custom_objects is names
