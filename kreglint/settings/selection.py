"""Which rules are on: selectors, and which of them wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from os.path import normpath
from pathlib import Path

from kreglint.likeness import alike
from kreglint.settings.schema import Settings, SettingsError

_ALL = "ALL"
_PREFIX = "KRG"
NOT_CHECKED = frozenset({"KRG900", "KRG901"})  # they say that a file could not be judged


def resolve(settings: Settings, known: Mapping[str, bool]) -> frozenset[str]:
    """The codes of the rules that are on. `known` maps each code to whether it is on by default.

    A selector is a code, the beginning of codes, or ALL. Where one selects and another ignores, the more specific
    wins, and `ignore` between equals. KRG900 and KRG901 say that a file was not checked, so they stay on whatever
    is selected, unless they are ignored. Raises SettingsError for a selector that names no rule.
    """
    defaults = {**known, **dict.fromkeys(NOT_CHECKED, True)}
    _refuse_unknown_selectors(settings, defaults)
    return frozenset(code for code, default in defaults.items() if _is_on(code, default, settings))


def fixable(settings: Settings, known: Iterable[str]) -> frozenset[str]:
    """The codes among `known` whose fixes are offered; the more specific of `fixable` and `unfixable` wins."""
    return frozenset(code for code in known if _is_fixable(code, settings))


def ignored_for(path: str, settings: Settings, known: Iterable[str]) -> frozenset[str]:
    """The codes among `known` that `per-file-ignores` turns off in a file.

    A pattern without a slash is held against the name of the file and of each folder that it lies in, one with a
    slash against its path from the settings' root; `*` also stands for slashes, and `!` before a pattern turns it
    round.
    """
    if not settings.per_file_ignores:
        return frozenset()
    places = _places(path, settings.root)
    selectors = [
        selector for pattern, named in settings.per_file_ignores if _matches(pattern, places) for selector in named
    ]
    return frozenset(code for code in known if any(_selects(selector, code) for selector in selectors))


def _is_on(code: str, default: bool, settings: Settings) -> bool:
    selected = _specificity((*(settings.select or ()), *settings.extend_select), code)
    ignored = _specificity(settings.ignore, code)
    if selected is None and (settings.select is None or code in NOT_CHECKED) and default:
        selected = -1
    return selected is not None and (ignored is None or selected > ignored)


def _is_fixable(code: str, settings: Settings) -> bool:
    fixed, left = _specificity(settings.fixable, code), _specificity(settings.unfixable, code)
    return fixed is not None and (left is None or fixed > left)


def _specificity(selectors: Iterable[str], code: str) -> int | None:
    """How specific the closest selector of a code is, None where none selects it."""
    lengths = [0 if selector == _ALL else len(selector) for selector in selectors if _selects(selector, code)]
    return max(lengths, default=None)


def _selects(selector: str, code: str) -> bool:
    return selector == _ALL or (selector.startswith(_PREFIX) and code.startswith(selector))


def _refuse_unknown_selectors(settings: Settings, known: Iterable[str]) -> None:
    for selector, origin in _selectors_with_origin(settings):
        if not any(_selects(selector, code) for code in known):
            raise SettingsError(f"unknown rule selector {selector!r} in {origin}; {_nearest(selector, known)}")


def _selectors_with_origin(settings: Settings) -> Iterator[tuple[str, str]]:
    for key, selectors in (
        ("select", settings.select or ()),
        ("extend-select", settings.extend_select),
        ("ignore", settings.ignore),
        ("fixable", settings.fixable),
        ("unfixable", settings.unfixable),
        *(("per-file-ignores", named) for _, named in settings.per_file_ignores),
    ):
        for selector in selectors:
            yield selector, settings.origin(key)


def _nearest(selector: str, known: Iterable[str]) -> str:
    upper = selector.upper()
    if any(_selects(upper, code) for code in known):
        return f"did you mean {upper}?"
    near = sorted(alike(upper, known, 3))
    if not near:
        return "expected a code such as KRG302, the beginning of codes such as KRG3, or ALL"
    return f"did you mean {' or '.join(near)}?"


def _places(path: str, root: str | None) -> tuple[str, ...]:
    """What a pattern may name of a file: its absolute path, and those of it and its folders from the root."""
    file, base = Path(path).absolute(), Path(root or ".").absolute()
    for absolute, start in ((_normal(file), _normal(base)), (file.resolve(), base.resolve())):
        if absolute.is_relative_to(start):
            relative = absolute.relative_to(start)
            return (absolute.as_posix(), relative.as_posix(), *map(Path.as_posix, relative.parents[:-1]))
    return (_normal(file).as_posix(),)


def _normal(path: Path) -> Path:
    """Without `..`, and with symbolic links as they were named."""
    return Path(normpath(path))


def _matches(pattern: str, places: tuple[str, ...]) -> bool:
    if pattern.startswith("!"):
        return not _matches(pattern[1:], places)
    wanted = pattern.removeprefix("./").rstrip("/")
    if "/" not in wanted:
        return any(fnmatchcase(place.rpartition("/")[2], wanted) for place in places)
    anywhere = wanted.replace("**/", "")  # two stars also stand for no folder at all
    return any(fnmatchcase(place, form) for place in places for form in (wanted, anywhere))
