"""What a verification found.

Plain frozen data, the same in the process that ran the model and in the one that asked.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from kreglint.diagnostics import Location, Severity

MATCH, MISMATCH, INERT = "match", "mismatch", "inert"
UNREGULARIZED, NOT_CHECKED = "unregularized", "not-checked"
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the source a layer was constructed: a line, or, where the interpreter tells it, the call.

    The end is exclusive; None where only the line is known, whose column is then 1.
    """

    filename: str
    row: int
    column: int = 1
    end_row: int | None = None
    end_column: int | None = None

    @property
    def location(self) -> Location:
        return Location(self.row, self.column)

    @property
    def end_location(self) -> Location | None:
        if self.end_row is None or self.end_column is None:
            return None
        return Location(self.end_row, self.end_column)


@dataclass(frozen=True, slots=True)
class Penalty:
    """The penalty of one weight, or of a layer's output.

    `expected` is the formula in float64, `actual` Keras' own loss term. `seeded`: the weights told nothing (zeros,
    ones), so both were taken at random ones. `share` is the penalty's gradient over the data loss's, by length.
    `argument` asked for it, and `place` is where the layer was constructed.
    """

    layer: str
    path: str
    class_name: str
    variable: str
    regularizer: dict[str, Any] | None
    weights: int
    dtype: str
    expected: float | None
    actual: float | None
    relative_error: float | None
    tolerance: float | None
    status: str
    seeded: bool = False
    share: float | None = None
    argument: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of `model.losses`, at the weights of the check. `custom` is the part that no formula explains."""

    expected: float
    actual: float
    status: str
    custom: float = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `related` is a second place in the source, with what it is."""

    code: str
    severity: str
    message: str
    layer: str | None
    place: Place | None = None
    related: tuple[tuple[str, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class NotChecked:
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What `kreglint.verify` found. True where nothing is wrong.

    `stated_tolerance` is the user's, None where the tolerances are derived.
    """

    target: str
    keras: str
    backend: str
    penalties: tuple[Penalty, ...]
    total: Total
    training: Check
    prediction: Check
    findings: tuple[Fault, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    survival: Check = field(default=Check(NOT_CHECKED, ""))
    stated_tolerance: float | None = None

    @property
    def ok(self) -> bool:
        """True if there is no finding of a warning or an error."""
        return not any(fault.severity != Severity.INFO.value for fault in self.findings)

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        from kreglint.runtime.summary import summary

        return summary(self)

    def _repr_html_(self) -> str:
        from kreglint.runtime.page import table

        return table(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole as JSON can hold it; `from_dict` gives it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Verification:
        """Return the inverse of `to_dict`. Raises TypeError or KeyError for anything else."""
        return cls(
            target=data["target"],
            keras=data["keras"],
            backend=data["backend"],
            penalties=tuple(map(_penalty, data["penalties"])),
            total=Total(**data["total"]),
            training=Check(**data["training"]),
            prediction=Check(**data["prediction"]),
            survival=Check(**data["survival"]),
            findings=tuple(map(_fault, data["findings"])),
            not_checked=tuple(NotChecked(**each) for each in data["not_checked"]),
            stated_tolerance=data["stated_tolerance"],
        )


def _penalty(data: dict[str, Any]) -> Penalty:
    place = data["place"]
    return Penalty(**{**data, "place": Place(**place) if place else None})


def _fault(data: dict[str, Any]) -> Fault:
    place = data["place"]
    return Fault(
        code=data["code"],
        severity=data["severity"],
        message=data["message"],
        layer=data["layer"],
        place=Place(**place) if place else None,
        related=tuple((message, Place(**where)) for message, where in data["related"]),
    )
