"""Versions of Keras: which have a catalog, and whose catalog speaks for another one."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

MAJORS = (2, 3)
BACKENDS_OF_KERAS_3 = frozenset(("jax", "torch", "numpy", "openvino"))  # and of no older one (Keras 2.3 and 3.15)

_PRERELEASE = r"(?:a|b|rc|\.dev)[0-9]{1,12}"
_TEXT = re.compile(rf"([0-9]{{1,3}})(?:\.([0-9]{{1,3}})(?:\.[0-9]{{1,3}}(?:{_PRERELEASE})?)?)?", re.ASCII)
_FIRST_OF_TENSORFLOW = (2, 4)  # standalone Keras ended with 2.3; what follows is tf.keras


class Version(NamedTuple):
    """A version of Keras by what tells its behaviour: 3.13.2 is (3, 13)."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


KNOWN = (
    Version(1, 2),
    Version(2, 3),
    Version(2, 15),
    Version(2, 21),
    Version(3, 0),
    Version(3, 5),
    Version(3, 13),
    Version(3, 14),
    Version(3, 15),
    Version(3, 16),
)
PREVIEW = frozenset({Version(3, 16)})  # not released: it judges only those who name it
RELEASED = tuple(version for version in KNOWN if version not in PREVIEW)


@cache
def newest(major: int) -> Version:
    """The newest released version of a major that has a catalog.

    Raises:
        ValueError: no version of this major is known.
    """
    versions = [version for version in RELEASED if version.major == major]
    if not versions:
        raise ValueError(f"expected {described()}, got {major!r}")
    return max(versions)


@cache
def parse(text: str) -> Version:
    """The version that a text such as "3", "3.13" or "3.13.2" names; a major alone is its newest one.

    What is told after "3.13" makes no difference, be it a patch, a release candidate or a nightly build.

    Raises:
        ValueError: it names no version, or one of a major that is not known.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"expected {described()}, got {text!r}")
    last = newest(int(found[1]))
    return last if found[2] is None else Version(last.major, int(found[2]))


def described() -> str:
    """What can be named, for a message."""
    majors = ", ".join(f'"{major}"' for major in sorted({version.major for version in KNOWN}))
    known = ", ".join(map(str, KNOWN))
    return f'a major of Keras ({majors}) or an exact version such as "3.13.2" (known: {known})'


def nearest(version: Version) -> Version:
    """The version whose catalog speaks for this one: the nearest at or below it, or else the first, of its line.

    A line is a major; Keras 2 has two, the standalone one up to 2.3 and that of tf.keras.
    """
    line = [known for known in KNOWN if _line(known) == _line(version)]
    return max((known for known in line if known <= version), default=min(line))


@cache
def within(version: Version, ranges: str) -> bool:
    """True if a version lies in a range such as ">=3.1,<3.15"; every version lies in the empty one.

    >>> within(Version(3, 15), ">=3.1,<3.15")
    False
    """
    return all(_meets(version, bound) for bound in ranges.split(",") if bound)


def _meets(version: Version, bound: str) -> bool:
    if bound.startswith(">="):
        return version >= parse(bound[2:])
    if bound.startswith("<"):
        return version < parse(bound[1:])
    raise ValueError(f"expected bounds such as '>=3.1,<3.15', got {bound!r}")


def _line(version: Version) -> tuple[int, bool]:
    return version.major, version >= _FIRST_OF_TENSORFLOW
