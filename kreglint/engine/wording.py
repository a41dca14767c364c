"""The sentence of a finding: what is there, what was probably meant, and what each version of Keras does with it."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.outcomes import Effect, Fails, FillsIn, Outcome, Stage, TakenAs
from kreglint.records import replace

_RAISED: dict[Stage, str] = {  # after "raises TypeError"
    "": "",
    "constructor": " when the {subject} is constructed",
    "build": " when the {subject} is built",
    "by losses": ", at the latest when losses are read",
    "step": " in training",
}
_FAILED: dict[Stage, str] = {
    "losses": "fails with {error} when losses are first read",
    "training": "fails with {error} when the model is trained",
    "fit": "fails with {error} in fit",
    "computation": "fails when it is computed",
}
_EFFECTS = {
    Effect.IGNORED: "ignores it",
    Effect.CONVERTED: "converts it, with a warning",
    Effect.NEVER_READ: "never reads it",
    Effect.NEVER_APPLIED: "never applies it",
    Effect.APPLIED_INSIDE: "applies it to the outputs of its inner layers too, so several penalties are added",
    Effect.SET_AND_NEVER_READ: "sets an attribute that nothing reads",
    Effect.ADDS_NOTHING: "adds nothing",
    Effect.ADDS_WHAT_IT_RETURNS: "adds whatever it returns",
    Effect.ADDS_WHAT_MEANS_NOTHING: "adds a meaningless penalty without an error",
    Effect.CALLED_WITH_THE_LAST_TURN: "calls it with the last iteration's value every time",
    Effect.NOT_FINITE: "makes the penalty infinite or NaN without an error",
    Effect.NAN: "makes the penalty NaN",
    Effect.REWARDS_LARGE_WEIGHTS: "rewards large weights",
    Effect.COUNTS_AS_0: "counts it as 0",
    Effect.COUNTS_AS_1: "counts it as 1",
    Effect.SUMMED_OVER_BATCH: "sums it over the batch",
    Effect.DIVIDED_BY_BATCH: "divides it by the batch size",
    Effect.OUTPUT_IS_ONE_NUMBER: "reduces the layer's output to one number and adds no penalty",
    Effect.IS_THE_ACTIVATION: "uses it as the activation, so the output is one number and no penalty is added",
    Effect.SWITCHES_BIAS_ON: "treats it as use_bias=True and adds no penalty",
    Effect.STAYS_IN_THE_LOSS: "keeps its penalty in the reported loss",
    Effect.DROPPED: "drops its penalty",
    Effect.LEFT_OUT_OF_THE_LOSS: "leaves the penalties out of the loss",
    Effect.LOST_ON_LOADING: "calls it, but a saved model cannot be loaded again",
    Effect.ADDED_PER_CALL: "adds it once more with every call of the layer",
    Effect.FORGOTTEN: "forgets it at the next call of the layer, so it is never trained",
    Effect.WITHOUT_GRADIENT: "logs it and never trains it, on TensorFlow",
    Effect.NO_FUNCTION: "does not accept a function and raises ValueError",
}


def sentence(message: str, meant: str, outcomes: Sequence[tuple[str, Outcome]]) -> str:
    """Return the whole message: `outcomes` are what Keras does, each after the versions that do it, as "Keras 2"."""
    told = f"{message}; did you mean {meant}?" if meant else message
    if not outcomes:
        return told
    does = _one_failure(outcomes) or "; ".join(f"{versions} {clause(outcome)}" for versions, outcome in outcomes)
    return f"{told} {does}" if meant else f"{told}: {does}"


def clause(outcome: Outcome) -> str:
    """Return what Keras does, with "Keras 3" or the like as its subject."""
    match outcome:
        case Effect():
            return _EFFECTS[outcome]
        case Fails(stage=stage, error=error) if stage in _RAISED:
            return f"raises {error}{_when(outcome)}"
        case Fails(stage=stage, error=error):
            return _FAILED[stage].format(error=error) + _on(outcome)
        case TakenAs(factors=None):
            return f"uses it as {outcome.what}"
        case TakenAs(factors=factors):
            return f"treats it as {outcome.what}({', '.join(f'{name}={value}' for name, value in factors or ())})"
        case FillsIn():
            return f"uses {outcome.parameter}={outcome.value:g}"


def _one_failure(outcomes: Sequence[tuple[str, Outcome]]) -> str | None:
    """Return one clause for versions that raise at the same moment, each another exception, or None for any other."""
    raised = [(versions, each) for versions, each in outcomes if isinstance(each, Fails) and each.stage in _RAISED]
    if len(raised) < max(2, len(outcomes)) or len({replace(each, error="") for _, each in raised}) > 1:
        return None
    (versions, first), *rest = raised
    each_raises = [f"{versions} raises {first.error}", *(f"{versions} {each.error}" for versions, each in rest)]
    return f"{' and '.join(each_raises)}{_when(first)}"


def _when(fails: Fails) -> str:
    return _RAISED[fails.stage].format(subject=fails.subject) + _on(fails)


def _on(fails: Fails) -> str:
    return f", on {fails.backend}" if fails.backend else ""
