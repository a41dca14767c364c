"""A layer class that a branch chooses: what is wrong on one branch is a warning that names the condition."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.engine.check import check
from kreglint.settings.schema import Settings

HEAD = "from keras.layers import Conv2D, Dense, DepthwiseConv2D\nfrom keras.regularizers import l2\n"
GIVEN = "(3, kernel_regularizer=l2(1e-4))(x)"
LAYERS = "LAYERS = {'conv': Conv2D, 'dw': DepthwiseConv2D}\n"
BY_IF = f"""
def f(x, kind):
    if kind == 'dw':
        conv = DepthwiseConv2D
    else:
        conv = Conv2D
    conv{GIVEN}
"""
BY_ELIF = f"""
def f(x, kind):
    if kind == 'a':
        conv = Conv2D
    elif kind:
        conv = DepthwiseConv2D
    else:
        conv = Dense
    conv{GIVEN}
"""
BY_DICT_OF_KEYWORDS = """
def f(x, dw):
    conv = DepthwiseConv2D if dw else Conv2D
    kw = {'kernel_size': 3}
    kw['kernel_regularizer'] = l2(1e-4)
    conv(**kw)(x)
"""
IN_AN_ATTRIBUTE = f"""
class Net:
    def __init__(self):
        self.conv = DepthwiseConv2D
    def f(self, x):
        self.conv{GIVEN}
"""


def found_in(body: str) -> list[Diagnostic]:
    return check(HEAD + dedent(body), "nets.py", Settings(keras_version="3"))


def told(body: str) -> list[tuple[str, Severity]]:
    """The condition of each finding, "" for one without, and its severity."""
    return [
        (found.message.partition(", DepthwiseConv2D")[0] if ", Depth" in found.message else "", found.severity)
        for found in found_in(body)
    ]


class TestConditions:
    @pytest.mark.parametrize(
        ("body", "condition"),
        [
            (f"def f(x, dw):\n    (DepthwiseConv2D if dw else Conv2D){GIVEN}\n", "if `dw`"),
            (f"def f(x, dw):\n    conv = DepthwiseConv2D if dw else Conv2D\n    conv{GIVEN}\n", "if `dw`"),
            (f"def f(x, dw):\n    conv = Conv2D if dw else DepthwiseConv2D\n    conv{GIVEN}\n", "unless `dw`"),
            (BY_IF, "if `kind == 'dw'`"),
            (BY_ELIF, "unless `kind == 'a'` and if `kind`"),
            (f"{LAYERS}def f(x, kind):\n    LAYERS[kind]{GIVEN}\n", "where `kind` is 'dw'"),
            (f"{LAYERS}def f(x, kind):\n    conv = LAYERS[kind]\n    conv{GIVEN}\n", "where `kind` is 'dw'"),
            (BY_DICT_OF_KEYWORDS, "if `dw`"),
        ],
    )
    def test_the_condition_is_told_as_it_is_written(self, body, condition):
        assert told(body) == [(condition, Severity.WARNING)]

    def test_there_is_no_fix(self):
        (found,) = found_in(f"def f(x, dw):\n    (DepthwiseConv2D if dw else Conv2D){GIVEN}\n")
        assert found.fix is None

    def test_a_keyword_that_the_other_branch_takes_may_be_wrong(self):
        (found,) = found_in(
            "def f(x, dw):\n    (DepthwiseConv2D if dw else Conv2D)(3, depthwise_regularizer=l2(1e-4))(x)\n"
        )
        assert found.message.startswith("unless `dw`, Conv2D has no 'depthwise_regularizer'")


class TestCertainty:
    @pytest.mark.parametrize(
        "body",
        [
            f"conv = DepthwiseConv2D if True else Conv2D\nconv{GIVEN}\n",
            f"FAST = 1\nconv = DepthwiseConv2D if FAST else Conv2D\nconv{GIVEN}\n",
            f"LAYERS = {{'conv': Conv2D, 'dw': DepthwiseConv2D}}\nLAYERS['dw']{GIVEN}\n",
            IN_AN_ATTRIBUTE,
        ],
    )
    def test_a_condition_that_is_known_is_no_condition(self, body):
        assert told(body) == [("", Severity.ERROR)]

    @pytest.mark.parametrize(
        "body",
        [
            f"conv = DepthwiseConv2D if False else Conv2D\nconv{GIVEN}\n",
            f"def f(x, conv=DepthwiseConv2D):\n    conv{GIVEN}\n",
            f"LAYERS = {{'dw': DepthwiseConv2D}}\noutside(LAYERS)\nLAYERS['dw']{GIVEN}\n",
            f"try:\n    outside()\n    conv = Conv2D\nexcept OSError:\n    conv = DepthwiseConv2D\nconv{GIVEN}\n",
            f"def f(x, dw):\n    conv = Dense if dw else Conv2D\n    conv{GIVEN}\n",
            f"def f(x, dw):\n    conv = outside.Conv if dw else Conv2D\n    conv{GIVEN}\n",
        ],
    )
    def test_what_no_condition_tells_is_not_told(self, body):
        assert found_in(body) == []

    def test_what_is_wrong_on_every_branch_is_told_once_and_without_a_condition(self):
        found = found_in("def f(x, big):\n    (Dense if big else Conv2D)(3, kernel_regularizer='l5')(x)\n")
        assert [(each.code, each.severity) for each in found] == [("KRG101", Severity.ERROR)]
