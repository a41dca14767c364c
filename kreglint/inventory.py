"""The regularization inventory: every layer call and what it is regularized with, placed in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kreglint.diagnostics import Location
from kreglint.records import record

LAYER, WRAPPER, WEIGHT, CALL = "layer", "wrapper", "weight", "call"


class Place(NamedTuple):
    """A place in a file of the project."""

    filename: str
    location: Location
    cell: int | None = None


@record(kw_only=True)
class Alternative:
    """One of several values that a regularizer argument may have."""

    kind: str
    l1: float | None
    l2: float | None
    factor: float | None
    location: Location


class EffectIn(NamedTuple):
    """What one version of Keras makes of a regularizer."""

    version: str
    effect: str


@record(kw_only=True)
class RegularizerEntry:
    """One regularizer argument of a layer call.

    `kind`, λ, `resolution` and `reason` are in the contract's words; `effects` has one for each version of Keras that
    the file may run on. `origin` are the places the value came through, from its use to where it stands. `is_inner`:
    the call of a wrapper does not name it, and the wrapper gives it to the layer.
    """

    argument: str
    location: Location
    end_location: Location
    source: str
    kind: str
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None
    effects: tuple[EffectIn, ...] = ()
    resolution: str
    reason: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    origin: tuple[Place, ...] = ()
    is_inner: bool = False

    @property
    def effect(self) -> str | None:
        """What all versions make of it; None where they differ."""
        words = {each.effect for each in self.effects} or {"unknown"}
        return words.pop() if len(words) == 1 else None


@record(kw_only=True)
class LayerEntry:
    """One call that constructs a layer, or that hands a regularizer to something else (`canonical` None).

    `entry` says which: LAYER, WRAPPER, WEIGHT or CALL. `inside` are the places of the calls in the user's own code by
    which a wrapper makes its layer: they are counted here, and not by themselves.
    """

    entry: str = LAYER
    filename: str
    cell: int | None = None
    code_cell: int | None = None
    location: Location
    end_location: Location
    layer: str
    canonical: str | None
    name: str | None
    scope: str
    regularizers: tuple[RegularizerEntry, ...]
    inside: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        return Place(self.filename, self.location, self.cell)


@record(kw_only=True)
class Change:
    """What one call, or one of its regularizer arguments, was `before` and is now.

    Of a layer that was added or removed there is no `argument`: `before` or `after` then has all its regularizers.
    """

    kind: str  # "added", "removed" or "changed"
    layer: LayerEntry
    argument: str | None = None
    before: tuple[RegularizerEntry, ...] = ()
    after: tuple[RegularizerEntry, ...] = ()


def counted(layers: Sequence[LayerEntry]) -> tuple[LayerEntry, ...]:
    """Return the calls that make a layer or a weight, each layer once: at the call of its wrapper where it has one."""
    among = [layer for layer in layers if layer.entry != CALL]
    inside = {place for layer in among for place in layer.inside}
    return tuple(layer for layer in among if layer.place not in inside)
