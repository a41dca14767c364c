"""What has changed in an inventory since an earlier report: layers by their scope and name, whatever their rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any

from kreglint.diagnostics import Location
from kreglint.inventory import Alternative, Change, EffectIn, LayerEntry, RegularizerEntry

_SCHEMA = 2
_FACTORS = ("l1", "l2", "factor")


class ReportError(Exception):
    """A file that is no report to compare with, told in one line."""


def read_report(file: str) -> tuple[LayerEntry, ...]:
    """Return the layers in what `report --output-format json` wrote. Raises ReportError or OSError."""
    try:
        report = json.loads(Path(file).read_bytes())
        if report["schema"] != _SCHEMA:
            raise ReportError(f"{file}: expected a report of schema {_SCHEMA}, received {report['schema']!r}")
        return tuple(map(_layer, report["layers"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        expected = "expected what `kreglint report --output-format json` writes"
        raise ReportError(f"{file}: {expected}") from error


def changes(before: Iterable[LayerEntry], after: Iterable[LayerEntry]) -> Iterator[Change]:
    """Yield what was removed, added and changed, by file, scope, class and name, in the order of the calls."""
    old, new = _by_identity(before), _by_identity(after)
    for identity in dict.fromkeys((*new, *old)):
        yield from _among(old.get(identity, []), new.get(identity, []))


def _by_identity(layers: Iterable[LayerEntry]) -> dict[tuple[object, ...], list[LayerEntry]]:
    found: dict[tuple[object, ...], list[LayerEntry]] = {}
    for layer in layers:
        found.setdefault((layer.filename, layer.scope, layer.layer, layer.name), []).append(layer)
    return found


def _among(before: list[LayerEntry], after: list[LayerEntry]) -> Iterator[Change]:
    """Compare calls that cannot be told apart but by their order."""
    matcher = SequenceMatcher(None, list(map(_what, before)), list(map(_what, after)), autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        for old, new in zip_longest(before[start:end], after[new_start:new_end]) if kind != "equal" else ():
            if old is None:
                yield Change(kind="added", layer=new, after=new.regularizers)
            elif new is None:
                yield Change(kind="removed", layer=old, before=old.regularizers)
            else:
                yield from _arguments(old, new)


def _arguments(before: LayerEntry, after: LayerEntry) -> Iterator[Change]:
    old = {entry.argument: entry for entry in before.regularizers}
    new = {entry.argument: entry for entry in after.regularizers}
    for argument in dict.fromkeys((*new, *old)):
        was, now = old.get(argument), new.get(argument)
        if was is None or now is None or _meant(was) != _meant(now):
            given = ((was,) if was is not None else (), (now,) if now is not None else ())
            yield Change(kind="changed", layer=after, argument=argument, before=given[0], after=given[1])


def _what(layer: LayerEntry) -> tuple[object, ...]:
    return tuple((entry.argument, *_meant(entry)) for entry in layer.regularizers)


def _meant(entry: RegularizerEntry) -> tuple[object, ...]:
    """Return what Keras makes of an argument, however it is written."""
    ways = frozenset((way.kind, *_factors(way)) for way in entry.alternatives)
    effect = entry.effect or frozenset(entry.effects)
    return (entry.kind, *_factors(entry), ways, effect)


def _factors(value: RegularizerEntry | Alternative) -> tuple[float | None, ...]:
    return (value.l1, value.l2, value.factor)


# What a report has in JSON


def _layer(given: Mapping[str, Any]) -> LayerEntry:
    return LayerEntry(
        entry=given["entry"],
        filename=given["filename"],
        cell=given["cell"],
        code_cell=given.get("code_cell"),
        location=_location(given["location"]),
        end_location=_location(given["end_location"]),
        layer=given["layer"],
        canonical=given["canonical"],
        name=given["name"],
        scope=given["scope"],
        regularizers=tuple(map(_regularizer, given["regularizers"])),
    )


def _regularizer(given: Mapping[str, Any]) -> RegularizerEntry:
    effect = given["effect"]
    return RegularizerEntry(
        argument=given["argument"],
        location=_location(given["location"]),
        end_location=_location(given["end_location"]),
        source=given["source"],
        kind=given["kind"],
        **{name: given[name] for name in _FACTORS},
        effects=(EffectIn("", effect),) if isinstance(effect, str) else tuple(map(EffectIn._make, effect.items())),
        resolution=given["resolution"],
        reason=given["reason"],
        alternatives=tuple(map(_alternative, given["alternatives"])),
    )


def _alternative(given: Mapping[str, Any]) -> Alternative:
    factors = {name: given[name] for name in _FACTORS}
    return Alternative(kind=given["kind"], **factors, location=_location(given["location"]))


def _location(given: Mapping[str, Any]) -> Location:
    return Location(given["row"], given["column"])
