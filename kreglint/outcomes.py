"""What Keras does with what a rule found, as data. `kreglint.engine.wording` says it in words, at output."""

from __future__ import annotations

from enum import Enum, auto
from typing import Literal, TypeAlias

from kreglint.records import record

Stage: TypeAlias = Literal[
    "",  # where the finding stands
    "constructor",
    "build",
    "by losses",  # when the losses are read, or before
    "losses",
    "training",
    "step",  # of training, once the model trains
    "fit",
    "computation",
]


_AT_ONCE: tuple[Stage, ...] = ("", "constructor", "build")


@record()
class Fails:
    """Keras fails with `error` at a stage; `backend` is the one on which it does, empty: all.

    `subject` is what the constructor makes. `error` is empty where it depends on the place.
    """

    error: str
    stage: Stage = ""
    subject: Literal["layer", "regularizer"] = "layer"
    backend: str = ""


@record()
class TakenAs:
    """Keras takes it as a regularizer of a kind with these factors, or as another parameter, which has none."""

    what: str
    factors: tuple[tuple[str, float], ...] | None = None


@record()
class FillsIn:
    """Keras gives a parameter that is left out a value."""

    parameter: str
    value: float


class Effect(Enum):
    """What Keras does without failing, where no more is to be said than what it is."""

    IGNORED = auto()
    CONVERTED = auto()  # with a warning
    NEVER_READ = auto()
    NEVER_APPLIED = auto()
    APPLIED_INSIDE = auto()  # to layers inside as well
    SET_AND_NEVER_READ = auto()
    ADDS_NOTHING = auto()
    ADDS_WHAT_IT_RETURNS = auto()
    ADDS_WHAT_MEANS_NOTHING = auto()
    CALLED_WITH_THE_LAST_TURN = auto()
    NOT_FINITE = auto()
    NAN = auto()
    REWARDS_LARGE_WEIGHTS = auto()
    COUNTS_AS_0 = auto()
    COUNTS_AS_1 = auto()
    SUMMED_OVER_BATCH = auto()
    DIVIDED_BY_BATCH = auto()
    OUTPUT_IS_ONE_NUMBER = auto()
    IS_THE_ACTIVATION = auto()  # and so the output is one number as well
    SWITCHES_BIAS_ON = auto()
    STAYS_IN_THE_LOSS = auto()
    DROPPED = auto()
    LEFT_OUT_OF_THE_LOSS = auto()
    LOST_ON_LOADING = auto()
    ADDED_PER_CALL = auto()  # once more with every call
    FORGOTTEN = auto()  # at the next call of the layer
    WITHOUT_GRADIENT = auto()  # in the logged loss, on TensorFlow
    NO_FUNCTION = auto()  # a function is not taken, which is a ValueError


Outcome: TypeAlias = Fails | TakenAs | FillsIn | Effect


def raised_at_once(outcome: Outcome | None) -> str | None:
    """Return the error with which Keras fails where a finding stands, empty if that varies; None if it does not."""
    if outcome is Effect.NO_FUNCTION:
        return "ValueError"
    return outcome.error if isinstance(outcome, Fails) and outcome.stage in _AT_ONCE else None
