"""Layer classes that a branch chooses, in calls that the same condition rules out."""

import pytest

from kreglint.engine.api import check_source
from kreglint.settings.schema import Settings

CHOSEN = """\
import keras


def conv(x, dw=None, kind="conv"):
    op = keras.layers.DepthwiseConv2D if {test} else keras.layers.Conv2D
{body}
"""
PLAIN = "op(8, 3, kernel_regularizer='l2')(x)"
DEPTHWISE = "op(3, depthwise_regularizer='l2')(x)"


def found(test: str, body: str) -> list[str]:
    rows = "\n".join(f"    {row}" for row in body.splitlines())
    source = CHOSEN.format(test=test, body=rows)
    return [each.code for each in check_source(source, "a.py", Settings(select=("KRG401",), keras_version="3.15"))]


@pytest.mark.parametrize("test", ["dw", "kind == 'dw'", "dw is not None", "dw and kind == 'dw'"])
@pytest.mark.parametrize(
    "body",
    [
        f"return {DEPTHWISE} if {{test}} else {PLAIN}",
        f"return {PLAIN} if not ({{test}}) else {DEPTHWISE}",
        f"if {{test}}:\n    return {DEPTHWISE}\nreturn {PLAIN}",
        f"if not ({{test}}):\n    return {PLAIN}\nreturn {DEPTHWISE}",
        f"if {{test}}:\n    raise ValueError\nreturn {PLAIN}",
    ],
)
def test_a_call_that_the_condition_rules_out(test, body):
    assert found(test, body.format(test=test)) == []


@pytest.mark.parametrize(
    "body",
    [
        f"return {PLAIN}",
        f"if x is None:\n    return None\nreturn {PLAIN}",
        f"if dw:\n    x = x + 1\nreturn {PLAIN}",
        f"dw = x.shape[-1] < 3\nif not dw:\n    return {PLAIN}",
        f"if not dw:\n    return None\nreturn {PLAIN}",
    ],
)
def test_a_call_that_it_does_not_rule_out(body):
    assert found("dw", body) == ["KRG401"]
