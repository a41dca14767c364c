"""What a value is as a factor λ."""

import math

import pytest

from kreglint.facts.factors import factor_kind, number
from kreglint.facts.values import Value
from tests.analysis.reading import layers


def value(expression: str) -> Value:
    (layer,) = layers(f"import numpy as np\nimport tensorflow as tf\nDense(4, x={expression})\n")
    argument = layer.keyword("x")
    assert argument is not None
    return argument.value


class TestNumber:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("0.1", 0.1),
            ("1", 1.0),
            ("True", 1.0),
            ("False", 0.0),
            ("-0.5", -0.5),
            ("np.float64(0.1)", 0.1),
            ("1e400", math.inf),
        ],
    )
    def test_what_keras_sees(self, expression, expected):
        assert number(value(expression)) == expected

    def test_an_int_beyond_every_float_is_infinite(self):
        assert number(value("0x" + "f" * 400)) == math.inf

    @pytest.mark.parametrize(
        "expression", ["'0.1'", "None", "1j", "np.float32(0.1)", "np.float64()", "f()", "0.1 if c else 0.2", "[1]"]
    )
    def test_anything_else_is_no_known_number(self, expression):
        assert number(value(expression)) is None


class TestKind:
    @pytest.mark.parametrize(
        ("expression", "kind"),
        [
            ("None", "none"),
            ("True", "bool_true"),
            ("False", "bool_false"),
            ("'0.1'", "str"),
            ("b'0.1'", "bytes"),
            ("1j", "complex"),
            ("0.1", "usual"),
            ("0", "zero"),
            ("-0.0", "zero"),
            ("1", "one"),
            ("1.5", "above_one"),
            ("-0.1", "negative"),
            ("1e39", "huge"),
            ("float('inf')", "inf"),
            ("-float('inf')", "inf"),
            ("float('nan')", "nan"),
            ("[0.1]", "list"),
            ("(0.1,)", "tuple"),
            ("{0.1}", "set"),
            ("{}", "dict"),
            ("np.float64(0.1)", "np.float64"),
            ("np.float64(-0.1)", "negative"),
            ("np.float64('nan')", "np.float64"),
            ("np.float32(0.1)", "np.float32"),
            ("np.int64(1)", "np.int64"),
            ("tf.constant(0.1)", "tensor"),
            ("tf.Variable(0.1)", "variable"),
        ],
    )
    def test_the_catalogs_word(self, expression, kind):
        assert factor_kind(value(expression)) == kind

    @pytest.mark.parametrize("expression", ["f()", "outside.WEIGHT_DECAY", "outside.f()", "0.1 if c else 0.2"])
    def test_what_is_not_known_has_none(self, expression):
        assert factor_kind(value(expression)) is None
