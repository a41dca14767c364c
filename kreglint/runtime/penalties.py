"""Checks 1, 2, 3 and 8: each penalty against its formula, and the sum of `model.losses` against the parts."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.activities import Activity
from kreglint.runtime.book import SMALL, Book
from kreglint.runtime.faults import fault, weight_of
from kreglint.runtime.live import variable_name
from kreglint.runtime.outputs import judge_output
from kreglint.runtime.regularizers import Asked, asked
from kreglint.runtime.result import INERT, MATCH, MISMATCH, UNREGULARIZED, Total
from kreglint.runtime.slots import Slot
from kreglint.runtime.terms import Terms
from kreglint.runtime.weights import judge_weight


def judge_penalties(book: Book, initial: Terms, slots: Iterable[Slot], activities: Iterable[Activity]) -> None:
    """Judge every regularizer, then the loss terms that none of them made. `initial`: see `judge_weight`."""
    for activity in activities:
        judge_output(activity, book)
    for slot in slots:
        judge_weight(slot, book, initial)
    _judge_unclaimed(book)
    _list_unregularized(book)


def total_of(book: Book) -> Total:
    """Return the sum of `model.losses`, held against the parts that formulas explain and those of the user's own.

    Where they differ and no part says why, that is a finding.
    """
    custom = math.fsum(book.live.total(each) for each in book.unclaimed)
    rows = [each for each, _ in book.rows if each.status not in (INERT, UNREGULARIZED)]
    own = math.fsum(each.actual or 0.0 for each in rows if each.expected is None)
    expected = math.fsum(each.expected for each in rows if each.expected is not None) + own + custom
    scale = math.fsum(abs(each.expected or each.actual or 0.0) for each in rows) + abs(custom)
    actual = book.terms.total
    close = math.isfinite(actual) and abs(actual - expected) <= book.largest_tolerance() * scale + SMALL
    if not close and all(each.severity == Severity.INFO.value for each in book.faults):
        text = f"model.losses is {actual:.6g}, its parts are {expected:.6g}"
        book.faults.append(fault(faults.MISMATCH, text))
    return Total(expected, actual, MATCH if close else MISMATCH, own + custom)


def _judge_unclaimed(book: Book) -> None:
    """Judge terms that no regularizer made: one as large as a penalty that is there already is that one again."""
    left = []
    for value in map(book.live.total, book.unclaimed):
        again = _again(value, book)
        if again is None:
            left.append(value)
            continue
        text = f"{weight_of(again)}: model.losses has its penalty twice: once more as a loss of the model's own"
        book.say(faults.TWICE, text, again)
    for index, value in enumerate(left, 1):
        book.leave(f"custom loss {index} of {len(left)}: {value:.6g}", "no formula")


def _again(value: float, book: Book) -> Slot | None:
    for slot, expected in book.judged:
        formula = asked(slot.configured, book.live.keras).formula
        if expected and book.close(slot, formula, expected, value):
            return slot
    return None


def _list_unregularized(book: Book) -> None:
    """List the weights that train and that nothing regularizes, once each."""
    live = book.live
    seen = {id(slot.variable) for slot, _ in book.judged} | set(book.terms.by_variable)
    listed = {(each.path, each.variable) for each, _ in book.rows}
    for node in live.nodes:
        for variable in live.own_variables(node.layer):
            key = (node.path, variable_name(variable))
            if id(variable) in live.trainable_ids and id(variable) not in seen and key not in listed:
                seen.add(id(variable))
                book.weight(Slot(node, None, None, variable), Asked("none", "none"), UNREGULARIZED)
