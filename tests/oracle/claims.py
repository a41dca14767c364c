"""Holds what an example claims against what Keras did."""

from kreglint.diagnostics import Safety
from kreglint.rules.examples import Claim, Logged, Penalty, Raises, Trained
from tests.oracle.formula import FormulaError, evaluate
from tests.oracle.outcomes import Failure, Observation, Working, same_penalty


def measured(claim: Claim, seen: Observation) -> Observation:
    """What was seen of that which a claim speaks of."""
    return seen.as_logged() if isinstance(claim, Logged) and isinstance(seen, Working) else seen


def fault(claim: Claim, seen: Observation) -> str | None:
    """What is wrong with a claim, in words; None where Keras bears it out."""
    seen = measured(claim, seen)
    if isinstance(claim, Raises):
        return _fault_of_raises(claim, seen)
    return _fault_of_penalty(claim, seen)


def fault_of_fix(safety: Safety, bad: Observation, fixed: Observation, older: Observation | None = None) -> str | None:
    """What is wrong with a fix of this safety, in words; None where Keras bears it out.

    `older` is what Keras 2 did with the bad code, given for a fix on Keras 3: a safe fix of a crash must bring
    back that penalty, where there was one. A fix for display is not applied, so nothing is asked of it.
    """
    if safety is Safety.DISPLAY:
        return None
    if isinstance(fixed, Failure):
        return f"expected code that works after the fix, received {fixed.words()}"
    if isinstance(bad, Failure):
        return _fault_of_mending(fixed, older) if safety is Safety.SAFE else None
    same = _same(bad, fixed)
    if same == (safety is Safety.SAFE):
        return None
    wanted = "the same penalty after a safe fix" if safety is Safety.SAFE else "another penalty after an unsafe fix"
    return f"expected {wanted}, received {bad.words()} before and {fixed.words()} after"


def _fault_of_raises(claim: Raises, seen: Observation) -> str | None:
    if (
        isinstance(seen, Failure)
        and (seen.exception, seen.stage) == (claim.exception, claim.stage)
        and claim.match in seen.message
    ):
        return None
    match = f" with {claim.match!r}" if claim.match else ""
    stage = f" [stage {seen.stage}]" if isinstance(seen, Failure) else ""
    return f"expected {claim.exception} at stage {claim.stage}{match}, received {seen.words()}{stage}"


def _fault_of_penalty(claim: Penalty, seen: Observation) -> str | None:
    expected = f"expected a penalty of {claim.formula}"
    if isinstance(seen, Failure):
        return f"{expected}, received {seen.words()}"
    if isinstance(claim, Trained) != seen.trained:
        return f"{expected}, received a program that is {'not ' if not seen.trained else ''}trained"
    if seen.penalty is None:
        return f"{expected}, received a program that makes no layer, model or regularizer"
    try:
        value = evaluate(claim.formula, seen.values)
    except FormulaError as error:
        return str(error)
    if same_penalty(value, seen.penalty):
        return None
    return f"{expected} ({value:.7g}), received {seen.penalty:.7g} in {seen.terms} terms"


def _fault_of_mending(fixed: Working, older: Observation | None) -> str | None:
    if not isinstance(older, Working) or _same(older, fixed):
        return None
    return f"expected what Keras 2 did, {older.words()}, received {fixed.words()}"


def _same(one: Working, other: Working) -> bool:
    if one.penalty is None or other.penalty is None:
        return one.penalty is other.penalty
    return same_penalty(one.penalty, other.penalty)
