"""Regularizers of the user's own: no formula is known, so nothing is said of their size, and the rest is checked."""

import json
import math
import re

import pytest

import kreglint
from kreglint.output import verification_html, verification_json, verification_table
from kreglint.output.colour import Palette
from tests.runtime.conftest import imported
from tests.runtime.models import codes, compiled, dense, messages, statuses

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def squares(keras, factor=0.1):
    """0.1 times the sum of squares, as an object."""

    @keras.utils.register_keras_serializable("tests")
    class Mine(keras.regularizers.Regularizer):
        def __init__(self, factor=0.1):
            self.factor_of_mine = factor

        def __call__(self, weight):
            return self.factor_of_mine * sum_of(keras, weight * weight)

        def get_config(self):
            return {"factor": self.factor_of_mine}

    return Mine(factor)


def sum_of(keras, values):
    return keras.ops.sum(values) if hasattr(keras, "ops") else imported("tensorflow").reduce_sum(values)


def kinds(keras):
    """The ways to write one."""

    @keras.utils.register_keras_serializable("tests")
    class Derived(keras.regularizers.L2):
        def __call__(self, weight):
            return 2.0 * super().__call__(weight)

    return {
        "an object": squares(keras),
        "a function": lambda weight: 0.1 * sum_of(keras, weight * weight),
        "a class derived from one of Keras": Derived(0.05),
    }


KINDS = ("an object", "a function", "a class derived from one of Keras")


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_told_that_no_formula_is_known(keras, kind):
    found = kreglint.verify(dense(keras, kernel_regularizer=kinds(keras)[kind]))
    assert statuses(found) == {"d/kernel": "not-checked"}
    assert "no finding, 0 of 1 penalties match, 1 has no known formula" in repr(found).splitlines()[0]
    for output in (verification_table.render(found, Palette()), verification_html.render(found)):
        text = "".join(output)
        assert "1 has no known formula" in text
        assert ": ok," not in text
    document = json.loads("".join(verification_json.render(found)))
    assert any("has no known formula" in each["why"] for each in document["not_checked"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("argument", ["kernel_regularizer", "activity_regularizer"])
def test_what_evaluate_reports_has_its_penalty(keras, kind, argument):
    found = kreglint.verify(dense(keras, **{argument: kinds(keras)[kind]}))
    assert found.prediction.status == "match"
    told = re.search(r"reports (\S+) = (\S+) without the regularizers \+ penalty (\S+)$", found.prediction.detail)
    whole, rest, penalty = map(float, told.groups())
    assert penalty > 0
    assert math.isclose(whole, rest + penalty, rel_tol=1e-4)


def test_a_known_and_an_own_one_are_told_apart(keras):
    found = kreglint.verify(dense(keras, kernel_regularizer=squares(keras), bias_regularizer="l2"))
    assert statuses(found) == {"d/kernel": "not-checked", "d/bias": "match"}
    assert "no finding, 1 of 2 penalties match, 1 has no known formula" in repr(found)


def test_the_penalty_of_an_output_has_a_row(keras):
    found = kreglint.verify(dense(keras, activity_regularizer=squares(keras)))
    assert statuses(found) == {"d/output": "not-checked"}
    (row,) = (each for each in found.penalties if each.variable == "output")
    assert row.actual == pytest.approx(found.total.actual)
    assert "0 of 1 penalties match, 1 has no known formula" in repr(found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("argument", ["kernel_regularizer", "bias_regularizer"])
def test_it_is_trained_once(keras, kind, argument):
    found = kreglint.verify(dense(keras, **{argument: kinds(keras)[kind]}))
    assert found.training.status == "match"
    assert found.training.detail.startswith("a step of training counts the penalty once")


@pytest.mark.parametrize(("times", "code"), [(0, "KRG803"), (1, None), (2, "KRG804")])
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_that_forgets_or_doubles_it_is_found(keras, kind, times, code):
    tensorflow = imported("tensorflow")

    class Stepped(keras.Model):
        def train_step(self, data):
            x, y = data
            with tensorflow.GradientTape() as tape:
                loss = tensorflow.reduce_mean((self(x, training=True) - y) ** 2) + times * sum(self.losses)
            variables = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
            return {"loss": loss}

    entry = keras.layers.Input((4,))
    model = compiled(Stepped(entry, keras.layers.Dense(3, kernel_regularizer=kinds(keras)[kind])(entry)))
    assert codes(kreglint.verify(model)) == ([code] if code else [])


def test_one_without_a_gradient_is_not_judged(keras):
    class Constant(keras.regularizers.Regularizer):
        def __call__(self, weight):
            return sum_of(keras, weight * 0) + 3.0 if hasattr(keras, "ops") else imported("tensorflow").constant(3.0)

    found = kreglint.verify(dense(keras, kernel_regularizer=Constant()))
    assert found.training.status == "not-checked"
    assert found.total.custom == pytest.approx(3.0)


def test_the_regularizers_are_afterwards_what_they_were(keras):
    mine = squares(keras)
    kind = type(mine)
    model = dense(keras, kernel_regularizer=mine)
    kreglint.verify(model)
    assert type(mine) is kind
    assert model.get_layer("d").kernel_regularizer is mine


def test_one_that_is_saved_without_its_factor_is_lost(keras):
    @keras.utils.register_keras_serializable("tests")
    class Forgetful(keras.regularizers.Regularizer):
        def __init__(self, factor=0.1):
            self.factor_of_mine = factor

        def __call__(self, weight):
            return self.factor_of_mine * sum_of(keras, weight * weight)

        def get_config(self):
            return {}

    found = kreglint.verify(dense(keras, kernel_regularizer=Forgetful(0.3)))
    assert set(codes(found)) == {"KRG806"}
    assert "for the same weights" in messages(found)
    assert kreglint.verify(dense(keras, kernel_regularizer=Forgetful(0.1))).survival.status == "match"
