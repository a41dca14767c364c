from __future__ import annotations

import pytest

from kreglint.diagnostics import Location
from kreglint.inventory import EffectIn
from kreglint.output.inventory_summary import LambdaCount, summarised


def test_kinds_are_counted_by_argument_and_sorted_by_name(layer, entry):
    layers = [layer(entry(), entry(kind="none", l2=None)), layer(entry(kind="L1", l1=0.01, l2=None))]
    assert list(summarised(layers, 1).by_kind.items()) == [("L1", 1), ("L2", 1), ("none", 1)]


def test_the_most_frequent_lambda_comes_first_and_ties_go_by_kind_and_size(layer, entry):
    entries = [entry(l2=0.1), entry(l2=0.01), entry(kind="L1", l1=0.5, l2=None), entry(l2=0.1), entry(l2=0.001)]
    assert summarised([layer(*entries)], 1).by_lambda == (
        LambdaCount("L2", None, 0.1, None, 2),
        LambdaCount("L1", 0.5, None, None, 1),
        LambdaCount("L2", None, 0.001, None, 1),
        LambdaCount("L2", None, 0.01, None, 1),
    )


def test_an_argument_without_known_lambda_is_not_in_by_lambda(layer, entry):
    assert summarised([layer(entry(kind="custom", l2=None))], 1).by_lambda == ()


@pytest.mark.parametrize(
    ("effects", "regularized"),
    [
        ({"3.15": "applied"}, 1),
        ({"2.21": "applied", "3.15": "applied"}, 1),
        ({"2.21": "applied", "3.15": "rejected"}, 0),
        ({"3.15": "ignored"}, 0),
        ({"3.15": "rejected"}, 0),
        ({"3.15": "unknown"}, 0),
        ({}, 0),
    ],
)
def test_a_layer_is_regularized_where_every_version_applies_an_argument(layer, entry, effects, regularized):
    found = summarised([layer(entry(effects=tuple(map(EffectIn._make, effects.items()))))], 1)
    assert (found.regularized, len(found.by_lambda)) == (regularized, regularized)


def test_a_layer_with_two_penalties_is_one(layer, entry):
    assert summarised([layer(entry(), entry(argument="bias_regularizer"))], 1).regularized == 1


@pytest.mark.parametrize(("kind", "layers"), [("layer", 1), ("wrapper", 1), ("weight", 1), ("call", 0)])
def test_what_makes_a_layer_or_weight_counts(layer, entry, kind, layers):
    found = summarised([layer(entry(), entry=kind)], 1)
    assert (found.layers, found.regularized, sum(found.by_kind.values())) == (layers, layers, layers)


def test_a_layer_is_counted_at_the_call_of_its_wrapper_alone(layer, entry):
    inner, beside = layer(entry(l2=0.1)), layer(entry(l2=0.2), location=Location(30, 1))
    call = layer(entry(l2=0.3), entry="wrapper", location=Location(40, 1), inside=(inner.place,))
    found = summarised([inner, beside, call], 1)
    assert (found.layers, {each.l2 for each in found.by_lambda}) == (2, {0.2, 0.3})


def test_unresolved_counts_arguments_of_unknown_resolution(layer, entry):
    unknown = entry(kind="unknown", l2=None, resolution="unknown", reason="a call")
    assert summarised([layer(entry(), unknown), layer(unknown)], 1).unresolved == 2
