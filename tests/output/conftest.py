"""Diagnostics made by hand: what an output prints must not depend on the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kreglint.diagnostics import Diagnostic, Location, Severity
from kreglint.inventory import EffectIn, LayerEntry, RegularizerEntry

INERT = Diagnostic(
    code="KRG302",
    name="inert-identifier",
    severity=Severity.ERROR,
    message="'L1L2' adds no penalty",
    filename="nets/vgg.py",
    location=Location(12, 34),
    end_location=Location(12, 40),
    noqa_row=12,
    keras=("2", "3"),
    fingerprint="f00d",
    source_lines=('    x = Dense(4, kernel_regularizer="L1L2")(x)',),
)

LAYER = LayerEntry(
    filename="nets/vgg.py",
    location=Location(12, 9),
    end_location=Location(12, 80),
    layer="Conv2D",
    canonical="keras.layers.Conv2D",
    name="block1_conv1",
    scope="vgg_block",
    regularizers=(),
)

ENTRY = RegularizerEntry(
    argument="kernel_regularizer",
    location=Location(12, 60),
    end_location=Location(12, 76),
    source="l2(weight_decay)",
    kind="L2",
    l2=0.0005,
    effects=(EffectIn("3.15", "applied"),),
    resolution="exact",
)


@pytest.fixture
def diagnostic() -> Callable[..., Diagnostic]:
    def make(**changes: object) -> Diagnostic:
        return replace(INERT, **changes)

    return make


@pytest.fixture
def layer() -> Callable[..., LayerEntry]:
    def make(*regularizers: RegularizerEntry, **changes: object) -> LayerEntry:
        return replace(LAYER, regularizers=regularizers, **changes)

    return make


@pytest.fixture
def entry() -> Callable[..., RegularizerEntry]:
    def make(**changes: object) -> RegularizerEntry:
        return replace(ENTRY, **changes)

    return make
