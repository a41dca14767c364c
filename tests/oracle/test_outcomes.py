import pytest

from tests.oracle.outcomes import Failure, Working, observation, plain, same_penalty


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("two\n  lines", "two lines"),
        ("(<keras.L2 object at 0x7f00c0ffee>,)", "(<keras.L2 object>,)"),
        ("cannot import name 'l1l2' from 'keras' (/opt/keras/__init__.py)", "cannot import name 'l1l2' from 'keras'"),
        ("no such file: /opt/models/net.h5", "no such file: net.h5"),
        (
            "<Variable shape=(2,), numpy=array([1., 2.], dtype=float32)> is no factor",
            "<Variable shape=(2,)> is no factor",
        ),
        ("see https://keras.io/api/regularizers/", "see https://keras.io/api/regularizers/"),
        ("and/or and a / b stay", "and/or and a / b stay"),
    ],
)
def test_a_message_is_rid_of_what_differs_by_machine(message, shown):
    assert plain(message) == shown


def test_a_failure_says_where_it_happened():
    assert Failure("losses", "TypeError", "no").words() == "TypeError when its losses are read: no"


def test_a_long_message_is_cut():
    assert Failure("build", "ValueError", "x" * 161).words() == f"ValueError when the layer is built: {'x' * 160} …"


def test_a_penalty_is_told_with_its_formula():
    assert Working(0.0123456, 1).words("0.01 * sum(kernel**2)") == "penalty 0.01235 = 0.01 * sum(kernel**2)"


@pytest.mark.parametrize("terms", [0, 1])
def test_no_penalty_is_told_as_such(terms):
    assert Working(0.0, terms).words("0") == "penalty 0: nothing is added"


def test_an_answer_with_an_exception_is_a_failure():
    answer = {"stage": "build", "exception": "ValueError", "message": "a\nb"}
    assert observation(answer) == Failure("build", "ValueError", "a b")


def test_an_answer_without_an_exception_is_working():
    answer = {"penalty": 0.5, "terms": 1, "values": {"kernel": [1.0]}}
    assert observation(answer) == Working(0.5, 1, {"kernel": [1.0]})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.000009, True),
        (1.0, 1.00002, False),
        (0.0, 0.0, True),
        (0.0, 1e-12, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 0.0, False),
        (-1.0, 1.0, False),
    ],
)
def test_penalties_agree_to_a_relative_tolerance(one, other, same):
    assert same_penalty(one, other) is same


def test_what_a_step_logs_is_told_with_its_formula():
    step = Working(0.5, trained=True, logged=0.25)
    assert (
        step.as_logged().words("0.1 * sum(kernel**2)") == "a training step logs a loss of 0.25 = 0.1 * sum(kernel**2)"
    )


def test_a_step_that_logs_nothing_is_told_as_such():
    assert Working(0.5, trained=True).as_logged().words() == "a training step logs no loss"
