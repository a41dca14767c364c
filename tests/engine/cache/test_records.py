"""A record has all that a diagnostic says."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.diagnostics import (
    Diagnostic,
    Location,
    PlacedEdit,
    PlacedFix,
    Related,
    Safety,
    Severity,
    Suppression,
)
from kreglint.engine.cache.records import from_record, to_record

TEXTS = st.text(st.characters(), max_size=5)
NUMBERS = st.integers(1, 10**6)
PLACES = st.builds(Location, NUMBERS, NUMBERS)
CELLS = st.none() | NUMBERS


def some(of):
    return st.lists(of, max_size=2).map(tuple)


FIXES = st.builds(PlacedFix, TEXTS, st.sampled_from(Safety), some(st.builds(PlacedEdit, TEXTS, PLACES, PLACES, CELLS)))
DIAGNOSTICS = st.builds(
    Diagnostic,
    code=TEXTS,
    name=TEXTS,
    severity=st.sampled_from(Severity),
    message=TEXTS,
    filename=TEXTS,
    location=PLACES,
    end_location=PLACES,
    noqa_row=NUMBERS,
    keras=some(TEXTS),
    fingerprint=TEXTS,
    cell=CELLS,
    related=some(st.builds(Related, TEXTS, TEXTS, PLACES, PLACES, CELLS)),
    fix=st.none() | FIXES,
    source_lines=some(TEXTS),
    noqa_rows=some(NUMBERS),
    suppressed=st.none() | st.sampled_from(Suppression),
)


@given(DIAGNOSTICS)
def test_it_comes_back_from_json_as_it_was(found):
    back = from_record(json.loads(json.dumps(to_record(found))))
    for field in fields(Diagnostic):
        assert getattr(back, field.name) == getattr(found, field.name)
        assert type(getattr(back, field.name)) is type(getattr(found, field.name))


@pytest.mark.parametrize("record", [[], [1], "abcdef", {}, None, [[], [], [], None, [], None], 3])
def test_anything_else_is_refused(record):
    with pytest.raises((ValueError, TypeError)):
        from_record(record)
