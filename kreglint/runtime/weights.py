"""Checks 1, 3 and 8 of a weight: its penalty against the formula, whether it is silent, whether it overflows."""

from __future__ import annotations

import math

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.book import SMALL, Book
from kreglint.runtime.faults import weight_of
from kreglint.runtime.formulas import Formula, relative_error
from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import Live
from kreglint.runtime.regularizers import Asked, asked
from kreglint.runtime.result import INERT, MATCH, MISMATCH, NOT_CHECKED
from kreglint.runtime.slots import Slot
from kreglint.runtime.terms import Terms, WeightTerms


def judge_weight(slot: Slot, book: Book, initial: Terms) -> None:
    """`initial` are the losses at the model's own weights, where others were put in their place."""
    wanted = asked(slot.configured, book.live.keras)
    found = book.terms.by_variable.get(id(slot.variable))
    if found is not None and found.error is not None:
        book.weight(slot, wanted, MISMATCH)
        book.say(faults.MISMATCH, f"{weight_of(slot)}: {wanted.label} raises {found.error}", slot)
    elif found is None or not found.values:
        _judge_silent(slot, wanted, book)
    elif wanted.formula is None and wanted.kind != "Regularizer":
        _leave_custom(slot, wanted, found, book)
    else:
        _compare(slot, wanted, found, book, initial.by_variable.get(id(slot.variable), found))


def _compare(slot: Slot, wanted: Asked, found: WeightTerms, book: Book, initial: WeightTerms) -> None:
    actual = math.fsum(found.values)
    expected = 0.0 if wanted.formula is None else wanted.formula.penalty(book.live.array(slot.variable))
    if wanted.does_nothing and abs(actual) <= SMALL:
        book.weight(slot, wanted, INERT, 0.0, actual)
        why = "every λ is 0" if wanted.formula else "the base class adds nothing"
        book.say_inert(slot, wanted, why, Severity.WARNING)
        return
    endless = [each for each in (*initial.values, *found.values) if not math.isfinite(each)]
    if endless:
        book.weight(slot, wanted, MISMATCH, None, math.nan)
        text = f"{weight_of(slot)}: {wanted.label} adds {endless[0]} in {book.live.dtype(slot.variable)}"
        book.say(faults.NOT_FINITE, text, slot)
        return
    close = book.close(slot, wanted.formula, expected, actual)
    book.weight(slot, wanted, MATCH if close else MISMATCH, expected, actual)
    book.judged.append((slot, expected))
    if not close:
        _say_mismatch(slot, wanted, expected, actual, book)


def _say_mismatch(slot: Slot, wanted: Asked, expected: float, actual: float, book: Book) -> None:
    times = round(actual / expected) if expected else 0
    if times >= 2 and relative_error(times * expected, actual) <= book.tolerance(slot, wanted.formula):
        book.say(faults.TWICE, f"{weight_of(slot)}: {wanted.label} is {times} times in model.losses", slot)
        return
    held = asked(slot.acting, book.live.keras)
    why = f"; Keras holds {held.label} for this weight" if held.label != wanted.label else ""
    text = f"{weight_of(slot)}: {wanted.label} should add {expected:.6g}, Keras adds {actual:.6g}{why}"
    book.say(faults.MISMATCH, text, slot)


def _judge_silent(slot: Slot, wanted: Asked, book: Book) -> None:
    """Nothing in `model.losses` is this weight's; a layer may have added the penalty itself, with `add_loss`."""
    for variable in _candidates(slot, book.live) if wanted.formula is not None else ():
        expected = _penalty_or_none(wanted.formula, book.live.array(variable))
        added = Slot(slot.node, slot.attribute, slot.configured, variable)
        for term in book.unclaimed if expected else ():
            actual = book.live.total(term)
            if book.close(added, wanted.formula, expected, actual):
                book.claim([term])
                book.weight(added, wanted, MATCH, expected, actual)
                book.judged.append((added, expected))
                return
    book.weight(slot, wanted, INERT, None, 0.0)
    book.say_inert(slot, wanted, *_why_silent(slot, book.live))


def _candidates(slot: Slot, live: Live) -> list[KerasObject]:
    return [slot.variable] if slot.variable is not None else live.own_variables(slot.node.layer)


def _penalty_or_none(formula: Formula | None, weights: KerasObject) -> float:
    try:
        return formula.penalty(weights) if formula is not None else 0.0
    except ValueError:
        return 0.0


def _why_silent(slot: Slot, live: Live) -> tuple[str, Severity]:
    if slot.variable is None:
        return "no weight of the layer has it", Severity.ERROR
    if getattr(slot.node.layer, "lora_enabled", False):
        return "the layer's LoRA weights have it in its place", Severity.INFO
    if live.major == 3 and slot.acting is not None and id(slot.variable) not in live.trainable_ids:
        return "the weight is frozen, and Keras 3 leaves out the penalties of frozen weights", Severity.WARNING
    if slot.acting is None:
        return "it was set after the weight was made, or never given to add_weight", Severity.ERROR
    return "model.losses leaves it out", Severity.ERROR


def _leave_custom(slot: Slot, wanted: Asked, found: WeightTerms, book: Book) -> None:
    book.weight(slot, wanted, NOT_CHECKED, None, math.fsum(found.values))
    book.leave(f"the size of {weight_of(slot)}", f"{wanted.label} has no known formula")
    if len(found.values) > 1:
        text = f"{weight_of(slot)}: {wanted.label} is {len(found.values)} times in model.losses"
        book.say(faults.TWICE, text, slot)
    if found.shape:
        text = f"{weight_of(slot)}: {wanted.label} gives a tensor of shape {found.shape}, expected a number"
        book.say(faults.MISMATCH, text, slot)
