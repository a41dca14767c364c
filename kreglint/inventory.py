"""The regularization inventory: every layer call and what it is regularized with, placed in rows and columns."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.diagnostics import Location
from kreglint.records import record


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


@record(kw_only=True)
class RegularizerEntry:
    """One regularizer argument of a layer call.

    `kind`, λ, `resolution` and `reason` are in the contract's words. `origin` are the places the value came
    through, from its use to where it stands.
    """

    argument: str
    location: Location
    end_location: Location
    source: str
    kind: str
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None
    resolution: str
    reason: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    origin: tuple[Place, ...] = ()


@record(kw_only=True)
class LayerEntry:
    """One call that constructs a layer, or that hands a regularizer to something else (`canonical` None)."""

    filename: str
    cell: int | None = None
    location: Location
    end_location: Location
    layer: str
    canonical: str | None
    name: str | None
    scope: str
    regularizers: tuple[RegularizerEntry, ...]
