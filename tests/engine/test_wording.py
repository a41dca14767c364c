"""How a finding becomes a sentence."""

from typing import get_args

import pytest

from kreglint.engine.wording import clause, sentence
from kreglint.outcomes import Effect, Fails, FillsIn, Stage, TakenAs

KERAS_2_TYPE = ("Keras 2", Fails("TypeError", "constructor"))
KERAS_3_VALUE = ("Keras 3", Fails("ValueError", "constructor"))


class TestClause:
    @pytest.mark.parametrize(
        ("outcome", "words"),
        [
            (Fails("TypeError"), "raises TypeError"),
            (Fails("ValueError", "constructor"), "raises ValueError when the layer is constructed"),
            (
                Fails("ValueError", "constructor", "regularizer"),
                "raises ValueError when the regularizer is constructed",
            ),
            (Fails("ValueError", "build"), "raises ValueError when the layer is built"),
            (Fails("ValueError", "by losses"), "raises ValueError, at the latest when losses are read"),
            (Fails("TypeError", "losses"), "fails with TypeError when losses are first read"),
            (Fails("TypeError", "training"), "fails with TypeError when the model is trained"),
            (Fails("TypeError", "step", backend="TensorFlow"), "raises TypeError in training, on TensorFlow"),
            (Fails("TypeError", "fit"), "fails with TypeError in fit"),
            (Fails("", "computation", backend="TensorFlow"), "fails when it is computed, on TensorFlow"),
            (TakenAs("L1L2", (("l1", 0.0), ("l2", 0.01))), "treats it as L1L2(l1=0.0, l2=0.01)"),
            (TakenAs("OrthogonalRegularizer", ()), "treats it as OrthogonalRegularizer()"),
            (TakenAs("bias_initializer"), "uses it as bias_initializer"),
            (FillsIn("l2", 0.0), "uses l2=0"),
            (Effect.IGNORED, "ignores it"),
            (Effect.ADDS_NOTHING, "adds nothing"),
        ],
    )
    def test_it_goes_on_from_the_name_of_a_version(self, outcome, words):
        assert clause(outcome) == words

    @pytest.mark.parametrize("effect", Effect)
    def test_every_effect_has_words_of_its_own(self, effect):
        assert clause(effect)
        assert [other for other in Effect if clause(other) == clause(effect)] == [effect]

    @pytest.mark.parametrize("stage", get_args(Stage))
    def test_every_stage_has_words_of_its_own(self, stage):
        words = {each: clause(Fails("TypeError", each)) for each in get_args(Stage)}
        assert [each for each in words if words[each] == words[stage]] == [stage]


class TestSentence:
    def test_what_is_said_of_no_version_is_the_message_alone(self):
        assert sentence("λ = 0", "", []) == "λ = 0"

    def test_what_keras_does_follows_the_message(self):
        assert sentence("λ = True", "", [("Keras", Effect.COUNTS_AS_1)]) == "λ = True: Keras counts it as 1"

    def test_what_was_meant_is_asked(self):
        assert sentence("'l3' is unknown", "'l2'", []) == "'l3' is unknown; did you mean 'l2'?"

    def test_what_keras_does_follows_the_question(self):
        told = sentence("'l3' is unknown", "'l2'", [("Keras", Effect.IGNORED)])
        assert told == "'l3' is unknown; did you mean 'l2'? Keras ignores it"

    def test_versions_that_differ_have_a_clause_each(self):
        told = sentence("this", "", [("Keras 2", Effect.IGNORED), KERAS_3_VALUE])
        assert told == "this: Keras 2 ignores it; Keras 3 raises ValueError when the layer is constructed"

    def test_another_exception_at_the_same_moment_is_one_clause(self):
        told = sentence("this", "", [KERAS_2_TYPE, KERAS_3_VALUE])
        assert told == "this: Keras 2 raises TypeError and Keras 3 ValueError when the layer is constructed"

    @pytest.mark.parametrize("third", [Effect.IGNORED, Fails("ValueError", "build")])
    def test_one_that_does_something_else_parts_them(self, third):
        told = sentence("this", "", [KERAS_2_TYPE, KERAS_3_VALUE, ("Keras 1", third)])
        assert told.count(";") == 2

    @pytest.mark.parametrize(
        "other", [Fails("ValueError", "constructor", "regularizer"), Fails("ValueError", "constructor", "layer", "JAX")]
    )
    def test_another_subject_or_backend_is_another_moment(self, other):
        assert ";" in sentence("this", "", [KERAS_2_TYPE, ("Keras 3", other)])

    def test_what_fails_later_is_told_of_each_version(self):
        told = sentence("this", "", [("Keras 2", Fails("TypeError", "fit")), ("Keras 3", Fails("ValueError", "fit"))])
        assert told == "this: Keras 2 fails with TypeError in fit; Keras 3 fails with ValueError in fit"
