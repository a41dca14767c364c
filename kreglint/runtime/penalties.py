"""Checks 1, 2, 3 and 8: each penalty against its formula, the sum against the parts, what is silent, what overflows."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.activities import Activity, claimed_terms, expected_total
from kreglint.runtime.faults import fault, weight_of
from kreglint.runtime.formulas import Formula, relative_error, tolerance
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live, variable_name
from kreglint.runtime.regularizers import Asked, asked
from kreglint.runtime.result import (
    INERT,
    MATCH,
    MISMATCH,
    NOT_CHECKED,
    UNREGULARIZED,
    Fault,
    NotChecked,
    Penalty,
    Total,
)
from kreglint.runtime.row import activity_row, weight_row
from kreglint.runtime.slots import Slot
from kreglint.runtime.terms import Terms, WeightTerms, concrete

_SMALL = 1e-30  # what is less than this is nothing, whatever it was to be


class PenaltyJudge:
    """Judges every slot against the loss terms. `stated` is the user's relative tolerance, None for the derived one."""

    def __init__(self, live: Live, terms: Terms, initial: Terms, seeded: frozenset[int], stated: float | None) -> None:
        self._live, self._terms, self._initial = live, terms, initial
        self._seeded, self._stated = seeded, stated
        self._others = concrete(terms)
        self.rows: list[tuple[Penalty, KerasObject | None]] = []
        self.faults: list[Fault] = []
        self.not_checked: list[NotChecked] = []
        self._judged: list[tuple[Slot, float, float]] = []

    @property
    def penalties(self) -> list[Penalty]:
        return [penalty for penalty, _ in self.rows]

    def judge(self, slots: Iterable[Slot], activities: Iterable[Activity]) -> None:
        for activity in activities:
            self._judge_activity(activity)
        for slot in slots:
            self._judge_weight(slot)
        self._judge_others()
        self._list_unregularized()

    def total(self) -> Total:
        """The sum of `model.losses`, held against the parts that formulas explain and those of the user's own."""
        custom = math.fsum(self._live.total(each) for each in self._others)
        rows = [each for each in self.penalties if each.status not in (INERT, UNREGULARIZED)]
        own = math.fsum(each.actual or 0.0 for each in rows if each.expected is None)
        expected = math.fsum(each.expected for each in rows if each.expected is not None) + own + custom
        actual = self._terms.total
        scale = math.fsum(abs(each.expected or each.actual or 0.0) for each in rows) + abs(custom)
        allowed = (self._stated or max((each.tolerance or 0.0 for each in rows), default=0.0)) * scale
        found = math.isfinite(actual) and abs(actual - expected) <= allowed + _SMALL
        return Total(expected, actual, MATCH if found else MISMATCH, own + custom)

    def _judge_weight(self, slot: Slot) -> None:
        wanted = asked(slot.configured, self._live.keras)
        found = self._terms.by_variable.get(id(slot.variable))
        if found is not None and found.error is not None:
            self._fail(slot, wanted, f"{weight_of(slot)}: {wanted.label} raises {found.error}")
        elif found is None or not found.values:
            self._judge_silent(slot, wanted)
        elif wanted.formula is None and wanted.kind != "Regularizer":
            self._leave_custom(slot, wanted, found)
        else:
            self._compare(slot, wanted, found)

    def _compare(self, slot: Slot, wanted: Asked, found: WeightTerms) -> None:
        actual = math.fsum(found.values)
        weights = self._live.array(slot.variable)
        expected = 0.0 if wanted.formula is None else wanted.formula.penalty(weights)
        if wanted.does_nothing and abs(actual) <= _SMALL:
            self._add(slot, wanted, INERT, 0.0, actual)
            why = "every λ is 0" if wanted.formula else "the base class adds nothing"
            self._say_inert(slot, wanted, why, Severity.WARNING)
            return
        initial = self._initial.by_variable.get(id(slot.variable), found)
        if not all(map(math.isfinite, [*found.values, *initial.values])):
            self._fail(slot, wanted, self._not_finite(slot, wanted, found, initial), faults.NOT_FINITE, actual=math.nan)
            return
        status = MATCH if self._close(slot, wanted.formula, expected, actual) else MISMATCH
        self._add(slot, wanted, status, expected, actual)
        self._judged.append((slot, expected, actual))
        if status == MISMATCH:
            self._say_mismatch(slot, wanted, expected, actual, found)

    def _say_mismatch(self, slot: Slot, wanted: Asked, expected: float, actual: float, found: WeightTerms) -> None:
        times = round(actual / expected) if expected else 0
        if times >= 2 and relative_error(times * expected, actual) <= self._tolerance(slot, wanted.formula):
            text = f"{weight_of(slot)}: {wanted.label} is {times} times in model.losses"
            self.faults.append(fault(faults.TWICE, text, slot))
            return
        held = asked(slot.acting, self._live.keras)
        why = f"; Keras holds {held.label} for this weight" if held.label != wanted.label else ""
        text = f"{weight_of(slot)}: {wanted.label} should add {expected:.6g}, Keras adds {actual:.6g}{why}"
        self.faults.append(fault(faults.MISMATCH, text, slot))

    def _not_finite(self, slot: Slot, wanted: Asked, found: WeightTerms, initial: WeightTerms) -> str:
        values = [each for each in [*initial.values, *found.values] if not math.isfinite(each)]
        dtype = self._live.dtype(slot.variable)
        return f"{weight_of(slot)}: {wanted.label} adds {values[0]} in {dtype}"

    def _judge_silent(self, slot: Slot, wanted: Asked) -> None:
        """Nothing in `model.losses` is this weight's; a layer may have added the penalty itself, with `add_loss`."""
        for variable in self._candidates(slot) if wanted.formula is not None else ():
            expected = _penalty_or_none(wanted.formula, self._live.array(variable))
            for term in self._others if expected else ():
                if self._close(Slot(slot.node, None, None, variable), wanted.formula, expected, self._live.total(term)):
                    self._others = [each for each in self._others if each is not term]
                    added = Slot(slot.node, slot.attribute, slot.configured, variable)
                    self._add(added, wanted, MATCH, expected, self._live.total(term))
                    self._judged.append((added, expected or 0.0, self._live.total(term)))
                    return
        self._add(slot, wanted, INERT, None, 0.0)
        self._say_inert(slot, wanted, *self._why_silent(slot))

    def _candidates(self, slot: Slot) -> list[KerasObject]:
        return [slot.variable] if slot.variable is not None else self._live.own_variables(slot.node.layer)

    def _why_silent(self, slot: Slot) -> tuple[str, Severity]:
        live = self._live
        if slot.variable is None:
            return "no weight of the layer has it", Severity.ERROR
        if getattr(slot.node.layer, "lora_enabled", False):
            return "the layer's LoRA weights have it in its place", Severity.INFO
        if live.major == 3 and slot.acting is not None and id(slot.variable) not in live.trainable_ids:
            return "the weight is frozen, and Keras 3 leaves out the penalties of frozen weights", Severity.WARNING
        if slot.acting is None:
            return "it was set after the weight was made, or never given to add_weight", Severity.ERROR
        return "model.losses leaves it out", Severity.ERROR

    def _say_inert(self, slot: Slot, wanted: Asked, why: str, severity: Severity = Severity.ERROR) -> None:
        text = f"{slot.node.name!r} ({slot.node.kind}) {slot.asked_as} is {wanted.label} and adds nothing: {why}"
        self.faults.append(fault(faults.INERT, text, slot, severity))

    def _judge_activity(self, activity: Activity) -> None:
        slot, live = activity.slot, self._live
        wanted = asked(slot.configured, live.keras)
        terms = claimed_terms(
            activity, live, lambda one, other: self._close(slot, wanted.formula, one, other, activity)
        )
        self._others = [each for each in self._others if not any(each is term for term in terms)]
        if activity.unreadable or wanted.formula is None:
            why = "its layer compiles its own call" if activity.unreadable else f"{wanted.label} has no known formula"
            self.not_checked.append(NotChecked(f"the activity penalty of {slot.node.name!r}", why))
        elif not terms or wanted.does_nothing:
            why = "every λ is 0" if wanted.does_nothing else self._why_inactive(activity)
            self._add_activity(activity, wanted, INERT, None, 0.0)
            self._say_inert(slot, wanted, why)
        else:
            self._compare_activity(activity, wanted, math.fsum(map(live.total, terms)))

    def _why_inactive(self, activity: Activity) -> str:
        if activity.expected:
            return "a layer around it drops what it adds"
        return "a call of the model does not come to it"

    def _compare_activity(self, activity: Activity, wanted: Asked, actual: float) -> None:
        expected = expected_total(activity)
        if not math.isfinite(actual):
            self._add_activity(activity, wanted, MISMATCH, expected, actual)
            text = f"{activity.slot.node.name!r} ({activity.slot.node.kind}) {wanted.label} of the output adds {actual}"
            self.faults.append(fault(faults.NOT_FINITE, f"{text} in {activity.dtype}", activity.slot))
            return
        found = self._close(activity.slot, wanted.formula, expected, actual, activity)
        self._add_activity(activity, wanted, MATCH if found else MISMATCH, expected, actual)
        if not found:
            text = f"{wanted.label} of the output should add {expected:.6g}, Keras adds {actual:.6g}"
            place = f"{activity.slot.node.name!r} ({activity.slot.node.kind})"
            self.faults.append(fault(faults.MISMATCH, f"{place}: {text}", activity.slot))

    def _judge_others(self) -> None:
        """Terms that no regularizer made: one as large as a penalty that is there already is that penalty again."""
        left = []
        for term in self._others:
            again = self._again(self._live.total(term))
            if again is None:
                left.append(term)
                continue
            text = f"{weight_of(again)}: model.losses has its penalty twice: once more as a loss of the model's own"
            self.faults.append(fault(faults.TWICE, text, again))
        for index, term in enumerate(left):
            value = self._live.total(term)
            self.not_checked.append(NotChecked(f"custom loss {index + 1} of {len(left)}: {value:.6g}", "no formula"))

    def _again(self, value: float) -> Slot | None:
        for slot, expected, _ in self._judged:
            formula = asked(slot.configured, self._live.keras).formula
            if expected and self._close(slot, formula, expected, value):
                return slot
        return None

    def _leave_custom(self, slot: Slot, wanted: Asked, found: WeightTerms) -> None:
        self._add(slot, wanted, NOT_CHECKED, None, math.fsum(found.values))
        self.not_checked.append(NotChecked(f"the size of {weight_of(slot)}", f"{wanted.label} has no known formula"))
        if found.shape:
            text = f"{weight_of(slot)}: {wanted.label} gives a tensor of shape {found.shape}, expected a number"
            self.faults.append(fault(faults.MISMATCH, text, slot))

    def _fail(
        self, slot: Slot, wanted: Asked, text: str, code: str = faults.MISMATCH, actual: float | None = None
    ) -> None:
        self._add(slot, wanted, MISMATCH, None, actual)
        self.faults.append(fault(code, text, slot))

    def _close(
        self, slot: Slot, formula: Formula | None, expected: float, actual: float, activity: Activity | None = None
    ) -> bool:
        allowed = self._tolerance(slot, formula, activity)
        return relative_error(expected, actual) <= allowed or abs(actual - expected) <= _SMALL

    def _tolerance(self, slot: Slot, formula: Formula | None, activity: Activity | None = None) -> float:
        if self._stated is not None:
            return self._stated
        if activity is not None:
            return tolerance(activity.dtype, activity.size, formula)
        variable: KerasObject = slot.variable
        return tolerance(self._live.dtype(variable), math.prod(variable.shape), formula)

    def _add(self, slot: Slot, wanted: Asked, status: str, expected: float | None, actual: float | None) -> None:
        known = slot.variable is not None and expected is not None
        compared = (expected, actual, self._tolerance(slot, wanted.formula) if known else None)
        seeded = id(slot.variable) in self._seeded
        row = weight_row(slot, wanted, self._live, status, compared, seeded=seeded)
        self.rows.append((row, slot.variable))

    def _add_activity(
        self, activity: Activity, wanted: Asked, status: str, expected: float | None, actual: float
    ) -> None:
        allowed = None if expected is None else self._tolerance(activity.slot, wanted.formula, activity)
        self.rows.append((activity_row(activity, wanted, status, (expected, actual, allowed)), None))

    def _list_unregularized(self) -> None:
        """The weights that train and that nothing regularizes, once each."""
        seen = {id(slot.variable) for slot, _, _ in self._judged}
        seen |= set(self._terms.by_variable)
        listed = {(each.path, each.variable) for each in self.penalties}
        nothing = Asked("none", "none")
        for node in self._live.nodes:
            for variable in self._live.own_variables(node.layer):
                key = (node.path, variable_name(variable))
                if id(variable) in self._live.trainable_ids and id(variable) not in seen and key not in listed:
                    seen.add(id(variable))
                    self._add(Slot(node, None, None, variable), nothing, UNREGULARIZED, None, None)


def _penalty_or_none(formula: Formula | None, weights: KerasObject) -> float:
    try:
        return formula.penalty(weights) if formula is not None else 0.0
    except ValueError:
        return 0.0
