"""The regularizers in an inventory: what each is, and what the versions make of it that the file may run on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from kreglint.catalog.model import Keras
from kreglint.facts.effects import Effect
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import Meaning, meaning
from kreglint.facts.values import Argument, Const, Construct, Mapping, Origin, Provenance, Unknown, Value
from kreglint.inventory import Alternative, EffectIn, Place, RegularizerEntry
from kreglint.records import replace
from kreglint.source.paths import shown
from kreglint.source.text import Source
from kreglint.versions import Version

EffectOf: TypeAlias = Callable[[str, Meaning, Keras], Effect]


class Target(NamedTuple):
    """A version that a file may run on, and the catalog that speaks for it."""

    version: Version
    keras: Keras


class Values:
    """Makes the entries of one file; `targets` are the versions that it may run on, the newest first."""

    def __init__(self, source: Source, targets: Sequence[Target]) -> None:
        self._source = source
        self._targets = targets

    def entry(
        self,
        argument: Argument,
        name: str,
        effect_of: EffectOf,
        *,
        foreign: str = "",
        is_inner: bool = False,
    ) -> RegularizerEntry:
        """Return the entry of an argument; `foreign` says why another value than a regularizer may be meant."""
        found = [meaning(argument.value, target.keras) for target in self._targets]
        effects = [effect_of(name, each, target.keras) for each, target in zip(found, self._targets, strict=True)]
        if foreign and found[0].kind == "invalid":
            return self._made(argument, name, _unknown(foreign), is_inner)
        return self._made(argument, name, _as_called(_best(found), argument.value), is_inner, effects)

    def unpacked(self, call: LayerCall) -> Iterator[RegularizerEntry]:
        """Yield the `**` of a call that may bring what is not known."""
        for argument in call.arguments:
            if argument.star == "**" and not _is_complete(argument.value):
                yield self._made(argument, f"**{argument.source}", _of_callers(argument.value))

    def _made(
        self, argument: Argument, name: str, found: Meaning, is_inner: bool = False, effects: Sequence[Effect] = ()
    ) -> RegularizerEntry:
        location, end_location, _ = self._source.extent(argument.value_span)
        told = zip(self._targets, effects or ["unknown"] * len(self._targets), strict=True)
        return RegularizerEntry(
            argument=name,
            location=location,
            end_location=end_location,
            source=argument.source,
            kind=found.kind,
            l1=found.l1,
            l2=found.l2,
            factor=found.factor,
            effects=tuple(EffectIn(str(target.version), effect) for target, effect in told)[::-1],
            resolution=found.word,
            reason=found.reason,
            alternatives=tuple(self._alternative(way, means) for way, means in found.alternatives),
            origin=places_of(_origins(argument.value), self._source),
            is_inner=is_inner,
        )

    def _alternative(self, value: Value, found: Meaning) -> Alternative:
        return Alternative(
            kind=found.kind,
            l1=found.l1,
            l2=found.l2,
            factor=found.factor,
            location=self._source.extent(value.span).location,
        )


def places_of(origins: Iterable[Origin], source: Source) -> tuple[Place, ...]:
    """Return where they are, each once, in the file itself or in others."""
    return tuple(dict.fromkeys(_place_of(origin, source) for origin in origins))


def _place_of(origin: Origin, source: Source) -> Place:
    if origin.elsewhere is not None:
        return Place(shown(origin.elsewhere.filename), origin.elsewhere.location)
    location, _, cell = source.extent(origin.span)
    return Place(source.path, location, cell)


def _origins(value: Value) -> Iterator[Origin]:
    """Yield the places that the value and its factors came through."""
    yield from value.origin
    if isinstance(value, Construct):
        for argument in value.arguments:
            yield from _origins(argument.value)


def _best(found: Sequence[Meaning]) -> Meaning:
    """Return what a value is in the newest version that takes it."""
    known = [each for each in found if each.kind not in ("invalid", "unknown") or each.alternatives]
    taken = [each for each in found if each.kind != "invalid"]
    return (known or taken or found)[0]


def _as_called(found: Meaning, value: Value) -> Meaning:
    """Return what the older Keras makes by `l1` or `l2`, an L1L2 with one factor, as what these are called since."""
    name = value.symbol.name if isinstance(value, Construct) else value.value if isinstance(value, Const) else None
    if found.kind == "L1L2" and name == "l1" and found.l2 == 0:
        return replace(found, kind="L1", l2=None)
    if found.kind == "L1L2" and name == "l2" and found.l1 == 0:
        return replace(found, kind="L2", l1=None)
    return found


def _unknown(reason: str) -> Meaning:
    return Meaning(kind="unknown", provenance=Provenance.UNKNOWN, reason=reason)


def _of_callers(value: Value) -> Meaning:
    """Return what a `**` brings that is not known whole: `**kwargs` brings nothing unless callers pass something."""
    if all(isinstance(way, Mapping) and (way.complete or way.overridable) for way in value.ways):
        return Meaning(kind="none", provenance=Provenance.DEFAULT)
    return _unknown(_why_not_whole(value))


def _is_complete(value: Value) -> bool:
    """True if it is a dict of which every entry is known: what it brings is then among the call's arguments."""
    return all(isinstance(way, Mapping) and way.complete for way in value.ways)


def _why_not_whole(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.reason
    ways = value.ways
    by_callers = any(way.provenance is Provenance.DEFAULT or getattr(way, "overridable", False) for way in ways)
    return "callers decide what it brings" if by_callers else "it may have more entries than are known"
