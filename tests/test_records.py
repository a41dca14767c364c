"""Records behave as the dataclasses that they stand for."""

from __future__ import annotations

import dataclasses
import pickle
from typing import ClassVar

import pytest

from kreglint.records import field, record, replace


@record(kw_only=True)
class Base:
    """A base."""

    place: int
    origin: tuple[int, ...] = ()


@record(kw_only=True)
class Derived(Base):
    kind: ClassVar[str] = "derived"
    name: str
    hidden: int = field(default=0, compare=False, repr=False)

    @property
    def doubled(self) -> str:
        return self.name * 2


@record()
class Pair:
    left: int
    right: dict[str, int] = field(default_factory=dict)


@record(eq=False)
class Itself:
    left: int


@record(frozen=False)
class Tally:
    count: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plain(Base):
    name: str


def test_fields_are_filled_in_by_place_or_by_name():
    assert (Pair(1, {"a": 2}).left, Pair(left=1).right) == (1, {})
    assert Pair(1).right is not Pair(1).right
    assert Derived(place=1, name="n").origin == ()


@pytest.mark.parametrize("make", [lambda: Derived(1, name="n"), lambda: Derived(place=1), lambda: Pair(1, {}, 3)])
def test_other_arguments_are_refused(make):
    with pytest.raises(TypeError):
        make()


def test_records_are_equal_by_what_counts_in_comparisons():
    assert Derived(place=1, name="n", hidden=1) == Derived(place=1, name="n", hidden=2)
    assert Derived(place=1, name="n") != Derived(place=2, name="n")
    assert Derived(place=1, name="n") != Plain(place=1, name="n")
    assert Itself(1) != Itself(1)


def test_records_are_hashed_as_they_are_compared_and_those_that_change_are_not():
    assert len({Derived(place=1, name="n", hidden=1), Derived(place=1, name="n", hidden=2)}) == 1
    assert len({Itself(1), Itself(1)}) == 2
    with pytest.raises(TypeError):
        hash(Tally())


def test_records_have_no_other_attributes():
    with pytest.raises(AttributeError):
        Pair(1).middle = 2  # type: ignore[attr-defined]
    assert not hasattr(Derived(place=1, name="n"), "__dict__")


def test_a_record_is_shown_with_its_fields():
    assert repr(Derived(place=1, name="n")) == "Derived(place=1, origin=(), name='n')"


def test_a_record_is_replaced_in_some_of_its_fields():
    first = Derived(place=1, name="n", hidden=3)
    second = replace(first, name="m")
    assert (second.place, second.name, second.hidden, first.name) == (1, "m", 3, "n")
    with pytest.raises(TypeError, match="no field 'other'"):
        replace(first, other=1)


def test_a_record_is_pickled():
    first = Derived(place=1, name="n", hidden=3)
    again = pickle.loads(pickle.dumps(first))
    assert (again, again.hidden, again.doubled) == (first, 3, "nn")


def test_dataclasses_take_records():
    first = Derived(place=1, name="n", hidden=3)
    assert [each.name for each in dataclasses.fields(Derived)] == ["place", "origin", "name", "hidden"]
    assert dataclasses.asdict(first) == {"place": 1, "origin": (), "name": "n", "hidden": 3}
    assert dataclasses.replace(first, name="m").name == "m"


def test_a_dataclass_may_be_a_record():
    plain = Plain(place=1, name="n")
    assert (plain.place, plain.origin, plain.name) == (1, (), "n")
    assert replace(plain, name="m") == Plain(place=1, name="m")


def test_names_match_by_place():
    match Pair(1, {"a": 2}):
        case Pair(left, right):
            assert (left, right) == (1, {"a": 2})


def test_documentation_and_names_are_kept():
    assert (Base.__doc__, Base.__name__, Base.__module__) == ("A base.", "Base", __name__)
