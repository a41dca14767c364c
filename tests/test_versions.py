"""How versions of Keras are named, compared and spoken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.versions import KNOWN, PREVIEW, RELEASED, Version, described, nearest, newest, parse, within

VERSIONS = st.builds(Version, st.sampled_from([1, 2, 3]), st.integers(0, 99))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1", (1, 2)),
        ("2", (2, 21)),
        ("3", (3, 15)),
        ("3.0", (3, 0)),
        ("3.15", (3, 15)),
        ("3.13.2", (3, 13)),
        ("3.16", (3, 16)),
        ("3.16.0.dev2026102704", (3, 16)),
        ("3.15.0rc1", (3, 15)),
        ("3.0.0a1", (3, 0)),
        ("2.8", (2, 8)),
        ("3.99", (3, 99)),
    ],
)
def test_a_text_names_a_version_and_a_major_alone_its_newest(text, version):
    assert parse(text) == version


@pytest.mark.parametrize(
    "text",
    ["", "0", "4", "33", "3.", "3.x", ">=3", "v3", " 3", "3\n", "3.1.2.3", "٣", "4.1", "3.1.dev1", "3.1.0.dev", "3rc1"],
)
def test_anything_else_is_an_error_that_names_what_is_known(text):
    with pytest.raises(ValueError, match=r"known: 1\.2, 2\.3, 2\.15, 2\.21, 3\.0, 3\.5, 3\.13, 3\.14, 3\.15"):
        parse(text)


def test_the_description_says_what_can_be_written():
    assert described().startswith('a major of Keras ("1", "2", "3") or an exact version such as "3.13.2" (known: 1.2,')


@pytest.mark.parametrize(
    ("version", "spoken_for_by"),
    [
        ((3, 0), (3, 0)),
        ((3, 4), (3, 0)),
        ((3, 13), (3, 13)),
        ((3, 15), (3, 15)),
        ((3, 16), (3, 16)),
        ((3, 17), (3, 16)),
        ((2, 0), (2, 3)),
        ((2, 3), (2, 3)),
        ((2, 4), (2, 15)),
        ((2, 15), (2, 15)),
        ((2, 16), (2, 15)),
        ((2, 21), (2, 21)),
        ((1, 0), (1, 2)),
    ],
)
def test_the_nearest_catalog_at_or_below_in_the_same_line_speaks_for_a_version(version, spoken_for_by):
    assert nearest(Version(*version)) == spoken_for_by


@given(VERSIONS)
def test_a_catalog_of_the_same_major_speaks_for_every_version(version):
    assert nearest(version) in KNOWN
    assert nearest(version).major == version.major


@given(VERSIONS, VERSIONS)
def test_a_newer_version_is_never_spoken_for_by_an_older_catalog(one, other):
    older, newer = sorted((one, other))
    assert nearest(older) <= nearest(newer)


@pytest.mark.parametrize("version", KNOWN)
def test_a_version_with_a_catalog_speaks_for_itself(version):
    assert nearest(version) == version
    assert newest(version.major) >= version or version in PREVIEW


@pytest.mark.parametrize("version", PREVIEW)
def test_a_version_to_come_is_known_and_not_the_newest_of_its_major(version):
    assert version in KNOWN
    assert version not in RELEASED
    assert newest(version.major) < version


@pytest.mark.parametrize(
    ("version", "ranges", "inside"),
    [
        ((3, 0), ">=3.1,<3.15", False),
        ((3, 1), ">=3.1,<3.15", True),
        ((3, 14), ">=3.1,<3.15", True),
        ((3, 15), ">=3.1,<3.15", False),
        ((2, 21), "<3.0", True),
        ((2, 3), "", True),
    ],
)
def test_a_range_has_its_first_version_and_not_its_end(version, ranges, inside):
    assert within(Version(*version), ranges) is inside


def test_another_bound_than_these_is_refused():
    with pytest.raises(ValueError, match="expected bounds"):
        within(Version(3, 0), "==3.0")
