"""How a message names versions of Keras: "Keras 2", "Keras 3.1 to 3.14"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kreglint.versions import Version, within


def subject(versions: Sequence[Version], asked: Sequence[Version], ranges: Sequence[str] = ()) -> str:
    """Return the name of those among the versions that were `asked` which do the same.

    A major that does the same throughout is named alone, and Keras where every one of several does. Where one of
    `ranges` tells two versions of a major apart, or only it was asked for, its bounds are the name.
    """
    majors = sorted({version.major for version in versions})
    names = [name for major in majors for name in _names(major, versions, asked, ranges)]
    if len(majors) > 1 and names == [str(major) for major in majors]:
        return "Keras"
    return f"Keras {_listed(names)}"


def _names(major: int, versions: Iterable[Version], asked: Iterable[Version], ranges: Iterable[str]) -> Iterator[str]:
    these = [version for version in versions if version.major == major]
    every = [version for version in asked if version.major == major]
    inside = {each: [version for version in every if within(version, each)] for each in ranges}
    whole = len(these) == len(every)
    if whole and not any(found and set(found) == set(these) for found in inside.values()):
        yield str(major)
        return
    named: set[Version] = set()
    for each, found in inside.items():
        if found and set(found) <= set(these) - named:
            named.update(found)
            yield _bounds(each)
    rest = [version for version in these if version not in named]
    yield from _runs(rest, every)


def _runs(versions: Sequence[Version], asked: Sequence[Version]) -> Iterator[str]:
    """Neighbours among those that were asked, as "3.5 to 3.14"."""
    run: list[Version] = []
    for version in asked:
        if version in versions:
            run.append(version)
        elif run:
            yield _span(str(run[0]), str(run[-1]))
            run = []
    if run:
        yield _span(str(run[0]), str(run[-1]))


def _bounds(ranges: str) -> str:
    """Return a range in words: ">=3.1,<3.15" is "3.1 to 3.14", "<3.14" is "before 3.14", ">=3.7" is "from 3.7"."""
    bounds = {bound.rstrip("0123456789."): bound.lstrip("<>=") for bound in ranges.split(",")}
    first, end = bounds.get(">="), bounds.get("<")
    if end is None:
        return f"from {first}"
    if first is None:
        return f"before {end}"
    major, _, minor = end.partition(".")
    return _span(first, f"{major}.{int(minor) - 1}") if minor not in ("", "0") else f"{first} up to {end}"


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
