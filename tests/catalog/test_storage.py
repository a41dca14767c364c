"""A base for each major and what differs: nothing is lost, and little is stored."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.catalog.storage import DATA, applied, path_of, read
from kreglint.versions import KNOWN, Version, newest
from tools.catalog.writing import difference, write

NAMES = st.text("abc", min_size=1, max_size=2)
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | NAMES | st.lists(NAMES | st.integers(0, 2), max_size=3)
TREES = st.dictionaries(NAMES, st.recursive(LEAVES, lambda each: st.dictionaries(NAMES, each, max_size=3)), max_size=4)


@given(TREES, TREES)
def test_a_difference_brings_back_what_it_was_made_of(data, base):
    change = json.loads(json.dumps(difference(data, base)))
    assert applied(change, base) == data


@given(TREES)
def test_nothing_differs_from_itself(data):
    assert difference(data, data) == {}


def test_of_a_set_of_names_only_those_that_come_and_go_are_stored():
    assert difference({"names": ["a", "c"]}, {"names": ["a", "b"]}) == {"names": {"+": ["c"], "-": ["b"]}}


def test_a_base_may_change_and_the_others_stay(tmp_path):
    newer, older = newest(3), Version(3, 5)
    write(newer, {"version": "3.15.0", "kept": 1}, tmp_path)
    write(older, {"version": "3.5.0", "kept": 1}, tmp_path)
    write(newer, {"version": "3.15.1", "kept": 2}, tmp_path)
    assert read(older, tmp_path) == {"version": "3.5.0", "kept": 1}
    assert read(newer, tmp_path) == {"version": "3.15.1", "kept": 2}


@pytest.mark.parametrize("version", KNOWN, ids=str)
def test_every_known_version_has_its_catalog(version):
    data = read(version)
    assert data["version"].startswith(f"{version}.")
    assert data["major"] == version.major


def test_every_file_is_of_a_known_version():
    assert {path.name for path in DATA.glob("*.json")} == {path_of(version).name for version in KNOWN}
