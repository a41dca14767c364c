"""A weight of one's own takes a regularizer as a kernel does, but its layer makes it when it is built."""

import pytest

from kreglint.engine.api import check_source, report_source
from kreglint.settings.schema import Settings

OWN = """\
from keras.layers import Dense, Layer


class Scale(Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(1,), regularizer={value})


Dense(4, kernel_regularizer={value})
"""


def messages(value: str, code: str, version: str = "3") -> list[str]:
    found = check_source(OWN.format(value=value), "a.py", Settings(select=(code,), keras_version=version))
    return [each.message for each in found]


def test_the_facts_tell_it_from_a_layer():
    facts = report_source(OWN.format(value="'l2'"))
    assert [call.kind for call in facts.layers] == ["layer"]
    assert [call.kind for call in facts.weights] == ["weight"]


def test_what_the_constructor_of_a_layer_refuses_is_refused_when_it_is_built():
    asked = "'l3' is not a Keras regularizer; did you mean 'l2'?"
    assert messages("'l3'", "KRG101") == [
        f"{asked} Keras 3 raises ValueError when the layer is built",
        f"{asked} Keras 3 raises ValueError when the layer is constructed",
    ]


@pytest.mark.parametrize("base", ["Unknown", "object"])
def test_a_call_that_is_only_called_so_is_none_of_keras(base):
    code = OWN.replace("(Layer)", f"({base})").format(value="'l3'")
    found = check_source(code, "a.py", Settings(select=("KRG101",), keras_version="3"))
    assert [each.location.row for each in found] == [9]
