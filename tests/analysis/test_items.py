"""Paths into dicts within dicts."""

from __future__ import annotations

import pytest

from kreglint.analysis.semantic.access_paths import ANY, SharedItems, item
from tests.analysis.reading import expression


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("d", ("d", ())),
        ("d['a']", ("d", ("a",))),
        ("d['a'][1]['c']", ("d", ("a", 1, "c"))),
        ("d.get('a')", ("d", ("a",))),
        ("d.get('a', {})['b']", ("d", ("a", "b"))),
        ("d[key]['b']", ("d", (ANY, "b"))),
        ("d[1:2]", ("d", (ANY,))),
        ("d[0, 1]", ("d", (ANY,))),
        ("d.get(*keys)", ("d", (ANY,))),
        ("self.d['a']", (".d", ("a",))),
        ("made().d['a']", (".d", ("a",))),
        ("made()['a']", None),
        ("d.pop('a')", None),
    ],
)
def test_the_path_that_an_expression_reads(source, expected):
    assert item(expression(source)) == expected


class TestSharedItems:
    def shared(self, source, *below):
        found = SharedItems()
        found.note(expression(source), *below)
        return found

    def test_an_item_is_shared_with_all_that_it_holds(self):
        found = self.shared("d['a']")
        assert found.has("d", ("a",))
        assert found.has("d", ("a", "b"))

    def test_what_holds_it_and_what_stands_beside_it_is_not(self):
        found = self.shared("d['a']['b']")
        assert not found.has("d", ("a",))
        assert not found.has("d", ("a", "c"))
        assert not found.has("e", ("a", "b"))

    def test_a_key_that_is_not_known_may_be_any(self):
        assert self.shared("d[key]").has("d", ("a",))

    def test_what_a_copy_holds_is_shared_though_not_itself(self):
        found = self.shared("d['a']", ANY)
        assert found.has("d", ("a", "b"))
        assert not found.has("d", ("a",))

    def test_what_starts_at_no_name_is_nobodys(self):
        assert not self.shared("made()['a']").has("made", ("a",))
