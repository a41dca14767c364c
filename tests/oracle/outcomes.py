"""What Keras did with a program, and how to say it in words."""

import math
import re
from dataclasses import dataclass, field
from typing import Any

_STAGES = {
    "syntax": "on parsing",
    "import": "on import",
    "constructor": "in the constructor",
    "build": "when the layer is built",
    "losses": "when its losses are read",
    "train": "in training",
}
_LONGEST = 160
_ADDRESS = r" at 0x[0-9a-f]+"
_ARRAY = r",? numpy= ?array\(.*?dtype=\w+\)"
_FILE_IN_BRACKETS = r" \((?:/|[A-Z]:\\)[^)]*\)"
_FOLDERS = r"(?<![\w.:/])(?:/[\w.+-]+){2,}/"
_ACCIDENTS = (_ADDRESS, _ARRAY, _FILE_IN_BRACKETS, _FOLDERS)


@dataclass(frozen=True, slots=True)
class Failure:
    """Keras raised. `message` is on one line, without addresses and paths."""

    stage: str
    exception: str
    message: str

    def words(self, formula: str | None = None) -> str:
        short = self.message if len(self.message) <= _LONGEST else self.message[:_LONGEST].rstrip() + " …"
        return f"{self.exception} {_STAGES[self.stage]}: {short}"


@dataclass(frozen=True, slots=True)
class Working:
    """Keras ran the program. `penalty` is the sum of its losses, None where it makes nothing that has losses.

    Where it was `trained`, `penalty` is by how much one step on zeros moved the weights.
    """

    penalty: float | None
    terms: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    trained: bool = False

    def words(self, formula: str | None = None) -> str:
        if self.trained:
            return self._words_of_training(formula)
        if self.penalty is None:
            return "it runs"
        if self.penalty == 0:
            return "penalty 0: nothing is added"
        equals = "" if formula is None else f" = {formula}"
        return f"penalty {self.penalty:.4g}{equals}"

    def _words_of_training(self, formula: str | None) -> str:
        if self.penalty == 0:
            return "a training step moves no weight: no penalty is trained"
        equals = "" if formula is None else f" = {formula}"
        return f"a training step moves the weights by {self.penalty:.4g}{equals}"


Observation = Failure | Working


def observation(answer: dict[str, Any]) -> Observation:
    """Read the answer of a Keras process."""
    if "exception" in answer:
        return Failure(answer["stage"], answer["exception"], plain(answer["message"]))
    return Working(answer["penalty"], answer["terms"], answer["values"], answer.get("trained", False))


def plain(message: str) -> str:
    """A message of Keras on one line, without what differs from run to run or machine to machine."""
    text = " ".join(message.split())
    for pattern in _ACCIDENTS:
        text = re.sub(pattern, "", text)
    return text


def same_penalty(one: float, other: float, tolerance: float = 1e-5) -> bool:
    """Whether two penalties agree to a relative tolerance; 0 agrees with 0 alone, nan with nan."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=0.0)
