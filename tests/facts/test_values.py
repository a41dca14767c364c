"""Values: when two are alike, and what several of them together are."""

import pytest

from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Function,
    Mapping,
    OneOf,
    Origin,
    Provenance,
    Sequence,
    Symbol,
    Unknown,
    Value,
    one_of,
    same,
)

HERE, THERE = Span(0, 1), Span(2, 3)


def const(value: object, **fields: object) -> Const:
    return Const(span=HERE, value=value, **fields)


def call(path: str, canonical: str | None, *values: Value) -> Construct:
    symbol = Symbol(span=HERE, path=path, canonical=canonical)
    arguments = tuple(Argument(span=HERE, value=value, value_span=HERE) for value in values)
    return Construct(span=HERE, symbol=symbol, callee_span=HERE, arguments=arguments)


class TestSame:
    def test_places_do_not_matter(self):
        assert same(const(0.1), Const(span=THERE, value=0.1, origin=(Origin(HERE),)))

    @pytest.mark.parametrize(("left", "right"), [(1, 1.0), (1, True), (0.0, -0.0), ("a", b"a"), (None, False)])
    def test_types_and_signs_do(self, left, right):
        assert not same(const(left), const(right))

    def test_nan_is_like_nan(self):
        assert same(const(float("nan")), const(float("nan")))

    def test_one_class_by_two_paths_is_one(self):
        keras, tensorflow = "keras.regularizers.l2", "tensorflow.keras.regularizers.l2"
        assert same(call(keras, keras, const(0.1)), call(tensorflow, keras, const(0.1)))

    def test_arguments_count(self):
        assert not same(call("f", None, const(0.1)), call("f", None, const(0.2)))

    def test_and_so_does_how_certain_they_are(self):
        passed = const(0.1, provenance=Provenance.DEFAULT)
        assert not same(call("f", None, const(0.1)), call("f", None, passed))

    def test_kinds_of_sequences_count(self):
        assert not same(Sequence(span=HERE, kind="list", items=()), Sequence(span=HERE, kind="tuple", items=()))

    def test_entries_of_dicts_count(self):
        assert not same(Mapping(span=HERE, entries=(("a", const(1)),)), Mapping(span=HERE, entries=(("a", const(2)),)))

    def test_two_lambdas_are_two(self):
        assert not same(
            Function(span=HERE, name="<lambda>", kind="lambda"), Function(span=THERE, name="<lambda>", kind="lambda")
        )

    def test_what_is_not_known_is_like_nothing(self):
        assert not same(Unknown(span=HERE, reason="x"), Unknown(span=HERE, reason="x"))


class TestOneOf:
    def test_values_that_are_alike_are_one(self):
        assert one_of([const(0.1), const(0.1)], THERE) == const(0.1)

    def test_the_least_certain_of_them_stands_for_all(self):
        default = const(0.1, provenance=Provenance.DEFAULT)
        assert one_of([const(0.1), default, const(0.1)], THERE) == default

    def test_others_are_left_open(self):
        found = one_of([const(0.1), const(0.2)], THERE)
        assert found == OneOf(span=THERE, alternatives=(const(0.1), const(0.2)))

    def test_nested_ones_are_taken_apart(self):
        inner = one_of([const(0.1), const(0.2)], HERE)
        found = one_of([inner, const(0.1), const(0.3)], THERE)
        assert isinstance(found, OneOf)
        assert found.alternatives == (const(0.1), const(0.2), const(0.3))

    def test_one_that_is_not_known_makes_it_unknown(self):
        unknown = Unknown(span=HERE, reason="x", provenance=Provenance.UNKNOWN)
        assert one_of([const(0.1), unknown], THERE) == unknown

    def test_very_many_are_given_up(self):
        assert isinstance(one_of([const(n) for n in range(100)], THERE), Unknown)


class TestMapping:
    def test_the_last_of_two_entries_counts(self):
        assert Mapping(span=HERE, entries=(("a", const(1)), ("a", const(2)))).get("a") == const(2)

    def test_a_key_of_another_type_is_another_key(self):
        assert Mapping(span=HERE, entries=((1, const(1)),)).get(True) is None


class TestProvenance:
    def test_its_words_are_the_contracts(self):
        words = dict.fromkeys(each.word for each in Provenance)  # a form field is a default too
        assert list(words) == ["exact", "cross-file", "callers", "default", "unknown"]
