"""What is found out about the penalties of a model while they are judged one after another."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.activities import Activity
from kreglint.runtime.faults import fault
from kreglint.runtime.formulas import Formula, relative_error, tolerance
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live
from kreglint.runtime.regularizers import Asked
from kreglint.runtime.result import Fault, NotChecked, Penalty
from kreglint.runtime.row import activity_row, weight_row
from kreglint.runtime.slots import Slot
from kreglint.runtime.terms import Terms, concrete

SMALL = 1e-30  # what is less than this is nothing, whatever it was to be


class Book:
    """The rows, the findings, and which loss terms no regularizer has claimed yet.

    `stated` is the user's relative tolerance, None for the derived one. `judged` are the weights whose penalty was
    held against its formula, with what was expected.
    """

    def __init__(self, live: Live, terms: Terms, seeded: frozenset[int], stated: float | None) -> None:
        self.live, self.terms = live, terms
        self._seeded, self._stated = seeded, stated
        self.unclaimed = concrete(terms)
        self.rows: list[tuple[Penalty, KerasObject | None]] = []
        self.faults: list[Fault] = []
        self.not_checked: list[NotChecked] = []
        self.judged: list[tuple[Slot, float]] = []

    def claim(self, terms: Iterable[KerasObject]) -> None:
        """Take terms from those that nobody has explained."""
        claimed = set(map(id, terms))
        self.unclaimed = [each for each in self.unclaimed if id(each) not in claimed]

    def weight(
        self, slot: Slot, wanted: Asked, status: str, expected: float | None = None, actual: float | None = None
    ) -> None:
        """Add a row for the penalty of a weight."""
        known = slot.variable is not None and expected is not None
        compared = (expected, actual, self.tolerance(slot, wanted.formula) if known else None)
        row = weight_row(slot, wanted, self.live, status, compared, seeded=id(slot.variable) in self._seeded)
        self.rows.append((row, slot.variable))

    def output(
        self, activity: Activity, wanted: Asked, status: str, expected: float | None, actual: float | None
    ) -> None:
        """Add a row for the penalty of a layer's output."""
        allowed = None if expected is None else self.tolerance(activity, wanted.formula)
        self.rows.append((activity_row(activity, wanted, status, (expected, actual, allowed)), None))

    def say(self, code: str, message: str, slot: Slot, severity: Severity = Severity.ERROR) -> None:
        """Add a finding about a slot's layer."""
        self.faults.append(fault(code, message, slot, severity))

    def say_inert(self, slot: Slot, wanted: Asked, why: str, severity: Severity = Severity.ERROR) -> None:
        """Add the finding that a regularizer is configured and adds nothing."""
        text = f"{slot.node.name!r} ({slot.node.kind}) {slot.asked_as} is {wanted.label} and adds nothing: {why}"
        self.say(faults.INERT, text, slot, severity)

    def leave(self, what: str, why: str) -> None:
        """Note what cannot be judged, and why."""
        self.not_checked.append(NotChecked(what, why))

    def close(self, of: Slot | Activity, formula: Formula | None, expected: float, actual: float) -> bool:
        """True if a penalty is what its formula says."""
        allowed = self.tolerance(of, formula)
        return relative_error(expected, actual) <= allowed or abs(actual - expected) <= SMALL

    def tolerance(self, of: Slot | Activity, formula: Formula | None) -> float:
        if self._stated is not None:
            return self._stated
        if isinstance(of, Activity):
            return tolerance(of.dtype, of.size, formula)
        variable: KerasObject = of.variable
        return tolerance(self.live.dtype(variable), math.prod(variable.shape), formula)

    def largest_tolerance(self) -> float:
        if self._stated is not None:
            return self._stated
        return max((each.tolerance or 0.0 for each, _ in self.rows), default=0.0)
