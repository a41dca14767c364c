"""Calls of Keras and TensorFlow that make no layer and no regularizer, and yet matter to penalties."""

import pytest

from tests.analysis.reading import facts

IMPORTS = "import keras\nimport tensorflow as tf\nfrom keras import optimizers\n\n"


def calls(body: str) -> list[tuple[str, str, str]]:
    return [(call.path, call.method, call.owner) for call in facts(IMPORTS + body).calls]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("optimizers.SGD(0.1)", ("keras.optimizers.SGD", "", "")),
        ("tf.keras.optimizers.legacy.Adam()", ("keras.optimizers.legacy.Adam", "", "")),
        ("tf.math.add_n(losses)", ("tensorflow.math.add_n", "", "")),
        (
            "tf.compat.v1.losses.get_regularization_loss()",
            ("tensorflow.compat.v1.losses.get_regularization_loss", "", ""),
        ),
        (
            "keras.mixed_precision.set_global_policy('mixed_float16')",
            ("keras.mixed_precision.set_global_policy", "", ""),
        ),
        ("keras.config.set_dtype_policy('mixed_float16')", ("keras.config.set_dtype_policy", "", "")),
        ("keras.mixed_precision.set_dtype_policy('float32')", ("keras.mixed_precision.set_dtype_policy", "", "")),
        ("keras.backend.set_floatx('float16')", ("keras.backend.set_floatx", "", "")),
        ("model.fit(x, y)", ("", "fit", "model")),
        ("self.net.evaluate(x)  # fit(", ("", "evaluate", "self.net")),
    ],
)
def test_a_call_that_matters(call, expected):
    assert calls(call) == [expected]


@pytest.mark.parametrize("call", ["model.predict(x)  # fit(", "tf.nn.relu(w)  # l2_loss", "fit(model)", "add_n(x)"])
def test_a_call_that_does_not(call):
    assert calls(call) == []


def only(body: str):
    [call] = facts(IMPORTS + body).calls
    return call


def test_the_model_whose_losses_are_summed():
    call = only("total = tf.add_n(net.model.losses)")
    assert (call.of_losses, call.tested) == ("net.model", False)


@pytest.mark.parametrize("test", ["if net.losses:\n    ", "net.losses and ", "len(net.losses) and "])
def test_whether_the_file_asks_for_losses_first(test):
    assert only(f"{test}tf.add_n(net.losses)").tested


@pytest.mark.parametrize("caught", ["ValueError", "(TypeError, ValueError)", "Exception"])
def test_whether_the_function_around_catches_that_there_are_none(caught):
    body = f"def total(net):\n    try:\n        return tf.add_n(net.losses)\n    except {caught}:\n        return 0.0\n"
    assert only(body).tested
    assert not only(body.replace(caught, "KeyError")).tested


def test_the_losses_and_variables_that_the_function_around_reads():
    step = "def step():\n    total = sum(model.losses)\n    optimizers.SGD().apply(model.trainable_variables)\n"
    call = only(step)
    assert (call.beside_losses, call.trains) == (True, "model")


@pytest.mark.parametrize("dot", [".", " . ", " \\\n . ", ".  # a comment\n"])
def test_layout_around_dots_says_nothing(dot):
    read = "(self.model.losses, self.model.trainable_variables, other)".replace(".", dot)
    called = "(self.net.compiled_loss)(y, p)".replace(".", dot)
    call = only(f"def step(self, y, p):\n    {read}\n    {called}\n")
    assert (call.owner, call.beside_losses, call.trains) == ("self.net", True, "self.model")


@pytest.mark.parametrize(
    "test", ["if net . losses:", "if (net.losses):", "if (net.losses) and y:", "if (net.  # all\n losses):"]
)
def test_a_question_for_losses_is_seen_in_any_layout(test):
    assert only(f"{test}\n    total = tf.add_n(net.losses)\n").tested


SET = "keras.mixed_precision.set_global_policy('mixed_float16')"


@pytest.mark.parametrize(
    ("body", "held"),
    [
        (f"{SET}\nrest()\n", "\nrest()\n"),
        (f"def build():\n    {SET}\n    rest()\n\n\nbuild()\n", "\n    rest()"),
        (f"if half:\n    {SET}\nrest()\n", None),
        (f"for each in some:\n    {SET}\n", None),
        (f"def build():\n    if half:\n        {SET}\n    rest()\n", None),
    ],
)
def test_the_text_in_which_a_call_is_certainly_made_before(body, held):
    holds = only(body).holds
    assert (None if holds is None else (IMPORTS + body)[holds.start : holds.end]) == held


@pytest.mark.parametrize("called", ["model.fit(x)", "model.fit (x)", "model.fit\\\n(x)", "(model  # fit\n.fit)(x)"])
def test_a_method_is_known_in_any_layout(called):
    assert only(f"{called}\n").method == "fit"
