"""Checks 1, 3 and 8 of a layer's output: the penalty that its activity regularizer adds in a call."""

from __future__ import annotations

import math

from kreglint.runtime import faults
from kreglint.runtime.activities import Activity, claimed_terms, expected_total
from kreglint.runtime.book import Book
from kreglint.runtime.regularizers import Asked, asked
from kreglint.runtime.result import INERT, MATCH, MISMATCH, NOT_CHECKED


def judge_output(activity: Activity, book: Book) -> None:
    slot, live = activity.slot, book.live
    wanted = asked(slot.configured, live.keras)
    terms = claimed_terms(activity, live, lambda one, other: book.close(activity, wanted.formula, one, other))
    book.claim(terms)
    if activity.unreadable:
        book.output(activity, wanted, NOT_CHECKED, None, None)
        book.leave(f"the activity penalty of {slot.node.name!r}", "its layer compiles its own call")
    elif wanted.formula is None and wanted.kind != "Regularizer" and terms:
        book.output(activity, wanted, NOT_CHECKED, None, math.fsum(map(live.total, terms)))
        book.leave(f"the size of the activity penalty of {slot.node.name!r}", f"{wanted.label} has no known formula")
    elif not terms or wanted.does_nothing:
        book.output(activity, wanted, INERT, None, 0.0)
        book.say_inert(slot, wanted, "every λ is 0" if wanted.does_nothing else _why_silent(activity))
    else:
        _compare(activity, wanted, math.fsum(map(live.total, terms)), book)


def _why_silent(activity: Activity) -> str:
    if activity.calls:
        return "a layer around it drops what it adds"
    return "a call of the model does not come to it"


def _compare(activity: Activity, wanted: Asked, actual: float, book: Book) -> None:
    expected = expected_total(activity)
    layer = f"{activity.slot.node.name!r} ({activity.slot.node.kind})"
    finite = math.isfinite(actual)
    close = finite and book.close(activity, wanted.formula, expected, actual)
    book.output(activity, wanted, MATCH if close else MISMATCH, expected, actual)
    if not finite:
        text = f"{layer} {wanted.label} of the output adds {actual} in {activity.dtype}"
        book.say(faults.NOT_FINITE, text, activity.slot)
    elif not close:
        text = f"{layer}: {wanted.label} of the output should add {expected:.6g}, Keras adds {actual:.6g}"
        book.say(faults.MISMATCH, text, activity.slot)
