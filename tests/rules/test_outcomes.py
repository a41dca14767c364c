"""From what the catalog saw to what a rule says that Keras does."""

import pytest

from kreglint.catalog.model import load
from kreglint.outcomes import Effect, Fails, TakenAs
from kreglint.rules.outcomes import failure_of, failure_of_factor, outcome_of
from kreglint.versions import KNOWN

REFUSED = Fails("ValueError", "constructor")


@pytest.mark.parametrize(
    ("major", "name", "outcome"),
    [
        (2, "L2", Fails("ValueError", "losses")),
        (3, "L2", TakenAs("L2", (("l2", 0.01),))),
        (3, "L1L2", Effect.ADDS_NOTHING),
        (3, "l1_l2", Effect.ADDS_NOTHING),
    ],
)
def test_what_comes_of_a_class_that_is_not_called(major, name, outcome):
    assert outcome_of(load(major).uncalled[name]) == outcome


@pytest.mark.parametrize("major", [2, 3])
@pytest.mark.parametrize("kind", ["int", "float", "bool", "list", "tuple", "empty_dict"])
def test_a_value_that_is_no_regularizer_is_refused(major, kind):
    assert outcome_of(load(major).not_a_regularizer[kind]) == REFUSED


@pytest.mark.parametrize(
    ("major", "kind", "outcome"),
    [
        (2, "function", Effect.ADDS_WHAT_IT_RETURNS),
        (3, "function", Effect.ADDS_WHAT_IT_RETURNS),
        (3, "MaxNorm", Effect.ADDS_WHAT_MEANS_NOTHING),
        (3, "dict_without_config", TakenAs("L2", (("l2", 0.01),))),
    ],
)
def test_what_comes_of_a_value_that_keras_takes(major, kind, outcome):
    assert outcome_of(load(major).not_a_regularizer[kind]) == outcome


def test_a_refused_factor_is_refused_by_the_regularizer():
    assert outcome_of(load(3).factors["negative"]) == Fails("ValueError", "constructor", "regularizer")


def test_what_is_computed_with_a_factor_was_seen_on_tensorflow_alone():
    found = load(3).factor("OrthogonalRegularizer", "bool_true")
    assert failure_of(found) == Fails("TypeError", "losses")
    assert failure_of_factor(found) == Fails("TypeError", "losses", backend="TensorFlow")


def test_a_constructor_refuses_on_every_backend():
    assert failure_of_factor(load(3).factors["negative"]).backend == ""


def test_what_works_and_what_was_not_tried_fails_nowhere():
    assert failure_of(load(2).factors["negative"]) is None
    assert failure_of_factor(None) is None


@pytest.mark.parametrize("version", KNOWN, ids=str)
def test_everything_that_was_tried_has_an_outcome(version):
    keras = load(version)
    for tried in (*keras.factors.values(), *keras.uncalled.values(), *keras.not_a_regularizer.values()):
        assert (failure_of(tried) is None) == (tried.exception is None)
        assert outcome_of(tried)
