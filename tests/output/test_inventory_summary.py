from __future__ import annotations

import pytest

from kreglint.diagnostics import Location
from kreglint.inventory import Alternative
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
    ("changes", "regularized"),
    [
        ({}, 1),
        ({"kind": "custom", "l2": None}, 1),
        ({"kind": "L2", "l2": None, "resolution": "unknown"}, 1),
        ({"kind": "none", "l2": None}, 0),
        ({"kind": "invalid", "l2": None}, 0),
        ({"kind": "unknown", "l2": None}, 0),
        ({"l2": 0.0}, 0),
        ({"kind": "L1L2", "l1": 0.0, "l2": 0.0}, 0),
        ({"kind": "L1L2", "l1": 0.0, "l2": 0.1}, 1),
    ],
)
def test_a_layer_is_regularized_where_an_argument_is_known_to_add_a_penalty(layer, entry, changes, regularized):
    assert summarised([layer(entry(**changes))], 1).regularized == regularized


@pytest.mark.parametrize(("other", "regularized"), [("L1", 1), ("none", 0)])
def test_of_alternatives_every_one_must_add_a_penalty(layer, entry, other, regularized):
    place = Location(3, 1)
    alternatives = (
        Alternative(kind="L2", l1=None, l2=0.01, factor=None, location=place),
        Alternative(kind=other, l1=None, l2=None, factor=None, location=place),
    )
    branches = entry(kind="unknown", l2=None, resolution="branches", alternatives=alternatives)
    assert summarised([layer(branches)], 1).regularized == regularized


def test_unresolved_counts_arguments_of_unknown_resolution(layer, entry):
    unknown = entry(kind="unknown", l2=None, resolution="unknown", reason="a call")
    assert summarised([layer(entry(), unknown), layer(unknown)], 1).unresolved == 2
