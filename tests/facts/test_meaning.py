"""What Keras 2 and Keras 3 make of a value that is given as a weight regularizer."""

from __future__ import annotations

import pytest

from kreglint.catalog.model import load
from kreglint.diagnostics import Span
from kreglint.facts.meaning import Meaning, meaning
from kreglint.facts.values import Const, OneOf, Provenance
from tests.analysis.reading import layers

INVALID = "invalid"


def of(expression: str, major: int, before: str = "") -> Meaning:
    body = f"import numpy as np\nfrom keras import regularizers, constraints, initializers\n{before}\n"
    argument = layers(f"{body}Dense(4, kernel_regularizer={expression})\n")[-1].keyword("kernel_regularizer")
    assert argument is not None
    return meaning(argument.value, load(major))


def brief(found: Meaning) -> object:
    """The kind and the factors, or the kind alone where there are none."""
    return (found.kind, found.factors) if found.factors else found.kind


def both(expression: str, before: str = "") -> tuple[object, object]:
    return brief(of(expression, 2, before)), brief(of(expression, 3, before))


L1, L2, L1L2 = ("L1", {"l1": 0.01}), ("L2", {"l2": 0.01}), ("L1L2", {"l1": 0.01, "l2": 0.01})
NOTHING = ("L1L2", {"l1": 0.0, "l2": 0.0})
ORTHOGONAL = ("OrthogonalRegularizer", {"factor": 0.01})


class TestStrings:
    @pytest.mark.parametrize(
        ("identifier", "keras2", "keras3"),
        [
            ("l1", L1, L1),
            ("l2", L2, L2),
            ("L1", L1, L1),
            ("L2", L2, L2),
            ("l1_l2", L1L2, INVALID),
            ("l1l2", INVALID, NOTHING),
            ("L1L2", NOTHING, NOTHING),
            ("OrthogonalRegularizer", ORTHOGONAL, ORTHOGONAL),
            ("orthogonal_regularizer", ORTHOGONAL, ORTHOGONAL),
            ("orthogonal", INVALID, INVALID),
            ("Regularizer", "none", "none"),
            ("regularizer", INVALID, "none"),
            ("l3", INVALID, INVALID),
            ("l2 ", INVALID, INVALID),
            ("", INVALID, INVALID),
            ("none", INVALID, INVALID),
        ],
    )
    def test_by_major(self, identifier, keras2, keras3):
        assert both(repr(identifier)) == (keras2, keras3)

    @pytest.mark.parametrize(("major", "stage"), [(2, "losses"), (3, "constructor")])
    def test_one_that_keras_does_not_know_fails_sooner_or_later(self, major, stage):
        outcome = of("'l3'", major).outcome
        assert outcome is not None
        assert outcome.stage == stage


class TestNone:
    def test_it_is_no_regularizer(self):
        assert both("None") == ("none", "none")

    def test_it_is_certain(self):
        assert of("None", 3).provenance is Provenance.EXACT


class TestCalls:
    @pytest.mark.parametrize(
        ("expression", "keras2", "keras3"),
        [
            ("l1(0.2)", ("L1", {"l1": 0.2}), ("L1", {"l1": 0.2})),
            ("l2(0.2)", ("L2", {"l2": 0.2}), ("L2", {"l2": 0.2})),
            ("regularizers.L2(l2=0.05)", ("L2", {"l2": 0.05}), ("L2", {"l2": 0.05})),
            ("regularizers.L1(l1=1)", ("L1", {"l1": 1.0}), ("L1", {"l1": 1.0})),
            ("l2()", L2, L2),
            ("regularizers.L1L2(l1=0.02, l2=0.05)", *[("L1L2", {"l1": 0.02, "l2": 0.05})] * 2),
            ("regularizers.L1L2(0.02)", *[("L1L2", {"l1": 0.02, "l2": 0.0})] * 2),
            ("regularizers.L1L2(0.02, 0.05)", *[("L1L2", {"l1": 0.02, "l2": 0.05})] * 2),
            ("regularizers.L1L2()", NOTHING, NOTHING),
            ("regularizers.l1_l2()", L1L2, NOTHING),
            ("regularizers.l1_l2(0.02)", ("L1L2", {"l1": 0.02, "l2": 0.01}), ("L1L2", {"l1": 0.02, "l2": 0.0})),
            ("regularizers.l1_l2(l2=0.02)", ("L1L2", {"l1": 0.01, "l2": 0.02}), ("L1L2", {"l1": 0.0, "l2": 0.02})),
            ("l2(l=0.02)", ("L2", {"l2": 0.02}), INVALID),
            ("regularizers.L1(l=0.02)", ("L1", {"l1": 0.02}), INVALID),
            ("regularizers.L1L2(l=0.02)", INVALID, INVALID),
            ("regularizers.L2(l1=0.02)", INVALID, INVALID),
            ("regularizers.L2(0.01, 0.02)", INVALID, INVALID),
            ("regularizers.L2(0.01, l2=0.02)", INVALID, INVALID),
            (
                "regularizers.OrthogonalRegularizer(0.2, mode='columns')",
                *[("OrthogonalRegularizer", {"factor": 0.2})] * 2,
            ),
            ("regularizers.OrthogonalRegularizer(1)", ("OrthogonalRegularizer", {"factor": 1.0}), INVALID),
            ("regularizers.OrthogonalRegularizer(None)", INVALID, INVALID),
            ("regularizers.get('l2')", L2, L2),
            ("regularizers.get(identifier='l2')", L2, L2),
            ("regularizers.get(l2(0.2))", *[("L2", {"l2": 0.2})] * 2),
            ("regularizers.get(None)", "none", "none"),
        ],
    )
    def test_by_major(self, expression, keras2, keras3):
        assert both(expression) == (keras2, keras3)

    @pytest.mark.parametrize(
        ("expression", "keras2", "keras3"),
        [
            ("-0.1", ("L2", {"l2": -0.1}), INVALID),
            ("0", *[("L2", {"l2": 0.0})] * 2),
            ("1.5", *[("L2", {"l2": 1.5})] * 2),
            ("True", *[("L2", {"l2": 1.0})] * 2),
            ("None", L2, L2),
            ("'0.1'", INVALID, INVALID),
            ("[0.1]", INVALID, INVALID),
            ("{}", INVALID, INVALID),
            ("1j", INVALID, INVALID),
            ("float('nan')", INVALID, INVALID),
            ("float('inf')", INVALID, INVALID),
            ("np.float32(0.1)", INVALID, INVALID),
            ("np.int64(1)", INVALID, INVALID),
            ("np.float64(0.1)", *[("L2", {"l2": 0.1})] * 2),
            ("np.float64(-0.1)", ("L2", {"l2": -0.1}), INVALID),
        ],
    )
    def test_a_factor_by_major(self, expression, keras2, keras3):
        assert both(f"l2({expression})") == (keras2, keras3)

    def test_none_for_a_factor_of_l1l2_is_no_default_but_zero(self):
        assert both("regularizers.L1L2(None, 0.2)") == (("L1L2", {"l1": 0.0, "l2": 0.2}),) * 2

    def test_none_for_the_one_of_l1_is_its_default(self):
        assert both("l1(None)") == (L1, L1)

    @pytest.mark.parametrize(
        ("expression", "reason"),
        [
            ("l2(f())", "returned by 'f'"),
            ("l2(outside.WD)", "'l2' is imported as 'outside.WD'"),
            ("l2(outside.f())", "'l2' is returned by 'outside.f'"),
            ("l2(**x)", "arguments that are unpacked"),
            ("l2(*x)", "arguments that are unpacked"),
            ("regularizers.deserialize(x)", "returned by 'keras.regularizers.deserialize'"),
            ("regularizers.activity_l2(0.1)", "Keras 3 has no 'keras.regularizers.activity_l2'"),
            ("outside.reg(0.1)", "returned by 'outside.reg'"),
            ("outside.reg", "'reg' is imported from 'outside'"),
            ("reg", "'reg' is not defined in this file"),
        ],
    )
    def test_what_is_not_known_says_why(self, expression, reason):
        found = of(expression, 3)
        assert (found.provenance, found.reason) == (Provenance.UNKNOWN, reason)

    def test_the_kind_is_known_where_a_factor_is_not(self):
        found = of("regularizers.L1L2(0.1, f())", 3)
        assert (found.kind, found.l1, found.l2) == ("L1L2", 0.1, None)

    def test_one_invalid_factor_settles_it_whatever_the_other(self):
        assert of("regularizers.L1L2(f(), 'x')", 3).kind == INVALID


class TestUncalled:
    @pytest.mark.parametrize(
        ("expression", "keras3"),
        [
            ("l1", L1),
            ("l2", L2),
            ("regularizers.L2", L2),
            ("regularizers.L1L2", NOTHING),
            ("regularizers.l1_l2", NOTHING),
        ],
    )
    def test_keras_3_makes_the_default_and_keras_2_fails(self, expression, keras3):
        assert both(expression) == (INVALID, keras3)

    def test_a_function_of_the_module_is_not_followed(self):
        assert of("regularizers.get", 3).kind == "unknown"


class TestDictConfigs:
    @pytest.mark.parametrize(
        ("expression", "keras2", "keras3"),
        [
            ("{'class_name': 'L2', 'config': {'l2': 0.2}}", *[("L2", {"l2": 0.2})] * 2),
            ("dict(class_name='L2', config=dict(l2=0.2))", *[("L2", {"l2": 0.2})] * 2),
            ("{'class_name': 'l2', 'config': {}}", L2, L2),
            ("{'class_name': 'l1_l2', 'config': {'l2': 0.2}}", ("L1L2", {"l1": 0.01, "l2": 0.2}), INVALID),
            ("{'class_name': 'l1l2', 'config': {'l2': 0.2}}", INVALID, ("L1L2", {"l1": 0.0, "l2": 0.2})),
            ("{'class_name': 'regularizer', 'config': {}}", INVALID, "none"),
            ("{'class_name': 'L2'}", INVALID, L2),
            ("{'class_name': 'L3', 'config': {}}", INVALID, INVALID),
            ("{'class_name': 'L2', 'config': {'l3': 0.2}}", INVALID, INVALID),
            ("{'l2': 0.2}", INVALID, INVALID),
            ("{}", INVALID, INVALID),
            ("{**x}", "unknown", "unknown"),
            ("{'class_name': f(), 'config': {}}", "unknown", "unknown"),
            ("{'class_name': 'L2', 'config': f()}", "unknown", "unknown"),
            ("{'class_name': 'L2', 'config': {**x}}", "unknown", "unknown"),
            ("{'module': 'my', 'class_name': 'L2', 'config': {}}", "unknown", "unknown"),
        ],
    )
    def test_by_major(self, expression, keras2, keras3):
        assert both(expression) == (keras2, keras3)

    def test_the_form_that_keras_3_serializes_to(self):
        config = "'class_name': 'L2', 'config': {'l2': 0.2}, 'registered_name': None"
        assert brief(of(f"{{'module': 'keras.regularizers', {config}}}", 3)) == ("L2", {"l2": 0.2})


class TestOtherValues:
    @pytest.mark.parametrize("expression", ["0.01", "1", "True", "b'l2'", "1j", "[l2(0.1)]", "(l2(0.1),)", "{0.1}"])
    def test_what_is_no_regularizer_is_invalid(self, expression):
        assert both(expression) == (INVALID, INVALID)

    @pytest.mark.parametrize(
        ("before", "expression", "kind"),
        [
            ("", "lambda w: 0", "custom"),
            ("def reg(w): return 0", "reg", "custom"),
            ("class Reg: pass", "Reg()", "custom"),
            ("class Reg: pass", "Reg", "unknown"),
        ],
    )
    def test_what_the_file_defines(self, before, expression, kind):
        assert both(expression, before) == (kind, kind)

    @pytest.mark.parametrize(
        ("expression", "keras2", "keras3"),
        [("constraints.MaxNorm(3)", INVALID, "custom"), ("initializers.Zeros()", INVALID, INVALID)],
    )
    def test_another_role(self, expression, keras2, keras3):
        assert both(expression) == (keras2, keras3)


class TestProvenance:
    def test_a_literal_is_exact(self):
        assert of("l2(0.1)", 3).provenance is Provenance.EXACT

    def test_a_constant_is_exact(self):
        assert of("l2(WD)", 3, "WD = 0.1").provenance is Provenance.EXACT

    @pytest.mark.parametrize("expression", ["reg", "l2(w)", "regularizers.get(reg)"])
    def test_a_default_is_one_however_it_is_used(self, expression):
        argument = layers(
            f"from keras import regularizers\ndef f(w=0.1, reg='l2'):\n    Dense(4, kernel_regularizer={expression})\n"
        )[-1].keyword("kernel_regularizer")
        assert argument is not None
        assert meaning(argument.value, load(3)).provenance is Provenance.DEFAULT

    def test_branches_are_told_each_with_its_meaning(self):
        found = of("l2(0.1) if c else None", 3)
        assert (found.kind, found.word) == ("unknown", "branches")
        assert [brief(way) for _, way in found.alternatives] == [("L2", {"l2": 0.1}), "none"]


def test_branches_that_keras_makes_the_same_of_leave_nothing_open():
    found = of("l2(0.01) if outside.flag() else 'l2'", 3)
    assert (found.kind, found.l2, found.provenance, found.alternatives) == ("L2", 0.01, Provenance.EXACT, ())


def test_such_branches_are_as_sure_as_the_least_sure_of_them():
    head = "from keras import regularizers\ndef f(reg=None, kept=None):\n"
    body = "    kept = regularizers.get(reg) if outside.flag() else None\n    Dense(4, kernel_regularizer=kept)\n"
    argument = layers(head + body)[-1].keyword("kernel_regularizer")
    assert argument is not None
    assert meaning(argument.value, load(3)).provenance is Provenance.DEFAULT


class TestFunctionsThatHandThrough:
    def test_deserialize_of_a_config(self):
        config = "{'class_name': 'L2', 'config': {'l2': 0.5}}"
        assert both(f"regularizers.deserialize({config})") == (("L2", {"l2": 0.5}),) * 2

    def test_deserialize_of_what_serialize_made(self):
        made = "regularizers.serialize(regularizers.L2(0.5))"
        assert both(f"regularizers.deserialize({made})") == (("L2", {"l2": 0.5}),) * 2

    def test_deserialize_of_a_name_is_not_followed(self):
        assert both("regularizers.deserialize('l2')") == ("unknown", "unknown")

    def test_serialize_of_a_regularizer(self):
        assert both("regularizers.serialize(regularizers.L2(0.5))") == (("L2", {"l2": 0.5}),) * 2

    def test_serialize_of_none(self):
        assert both("regularizers.serialize(None)") == ("none", "none")


class TestContrib:
    """tf_slim 1.1.0 and contrib: scale * tf.nn.l2_loss(w) is scale·Σw²/2."""

    @pytest.mark.parametrize("module", ["import tf_slim as slim", "from tensorflow.contrib import slim"])
    def test_l2_counts_half(self, module):
        assert both("slim.l2_regularizer(0.5)", before=module) == (("L2", {"l2": 0.25}),) * 2

    def test_l1_counts_whole(self):
        expression = "tf.contrib.layers.l1_regularizer(scale=0.5)"
        assert both(expression, before="import tensorflow as tf") == (("L1", {"l1": 0.5}),) * 2

    def test_both_have_one_as_their_default(self):
        found = both("slim.l1_l2_regularizer(scale_l2=0.5)", before="import tf_slim as slim")
        assert found == (("L1L2", {"l1": 1.0, "l2": 0.25}),) * 2

    def test_a_scale_that_is_not_known(self):
        found = of("slim.l2_regularizer(outside.scale())", 3, before="import tf_slim as slim")
        assert (found.kind, found.l2, found.provenance) == ("L2", None, Provenance.UNKNOWN)
        assert found.reason == "'l2' is returned by 'outside.scale'"


@pytest.mark.parametrize(
    ("by", "word"), [(Provenance.EXACT, "branches"), (Provenance.CALLERS, "callers"), (Provenance.DEFAULT, "branches")]
)
def test_why_there_are_several_is_told_by_a_word_of_the_contract(by, word):
    ways = (Const(span=Span(0, 4), value=None), Const(span=Span(0, 4), value="l2"))
    found = meaning(OneOf(span=Span(0, 4), alternatives=ways, provenance=by), load(3))
    assert (found.word, found.is_exact) == (word, False)
