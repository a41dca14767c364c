"""A call of a function of the user's own, while its body is worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreglint.analysis.scopes import Binding
from kreglint.analysis.sites import FunctionSite
from kreglint.facts.values import Value

if TYPE_CHECKING:
    from kreglint.analysis.evaluate import Evaluator


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What one call passes: the values of the parameters, and the frame in which the function was defined."""

    parameters: dict[Binding, Value]
    outer: Frame | None = None
    level: int = 1

    def value(self, parameter: Binding) -> Value | None:
        """What the parameter is in this call, or in one of those around the function; None where none tells."""
        frame: Frame | None = self
        while frame is not None:
            if parameter in frame.parameters:
                return frame.parameters[parameter]
            frame = frame.outer
        return None


@dataclass(frozen=True, slots=True)
class Body:
    """What a call of a function needs: its site, the frame in which it was defined, and the program it is of."""

    site: FunctionSite
    frame: Frame | None
    home: Evaluator
