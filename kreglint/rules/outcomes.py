"""From what the catalog saw of a version of Keras to what a rule says that this Keras does."""

from __future__ import annotations

from kreglint.catalog.model import Tried
from kreglint.facts.meaning import FACTORS
from kreglint.outcomes import Effect, Fails, Outcome, TakenAs
from kreglint.records import replace


def outcome_of(tried: Tried) -> Outcome:
    """Return what Keras did with a value that was tried."""
    fails = failure_of(tried)
    if fails is not None:
        return fails
    if tried.penalty == 0:
        return Effect.ADDS_NOTHING
    if tried.kind is None:
        return Effect.ADDS_WHAT_MEANS_NOTHING if tried.silent else Effect.ADDS_WHAT_IT_RETURNS
    if tried.penalty is None:
        return Effect.NOT_FINITE
    given = ((name, getattr(tried, name)) for name in FACTORS)
    return TakenAs(tried.kind, tuple((name, value) for name, value in given if value is not None))


def failure_of(tried: Tried) -> Fails | None:
    """Return what Keras fails with at a value that was tried, or None if it does not."""
    if tried.stage == "none" or tried.exception is None:
        return None
    return Fails(tried.exception, tried.stage, tried.subject if tried.stage == "constructor" else "layer")


def failure_of_factor(tried: Tried | None) -> Fails | None:
    """Return the same of a λ. To compute with λ fails on TensorFlow, which was asked, alone."""
    fails = failure_of(tried) if tried is not None else None
    return fails if fails is None or fails.stage == "constructor" else replace(fails, backend="TensorFlow")
