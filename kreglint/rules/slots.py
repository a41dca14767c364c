"""The base of the rules that judge what is given as a layer's regularizer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from kreglint.diagnostics import Finding
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Value
from kreglint.rules.base import Context, Rule
from kreglint.rules.faults import Fault, judge


class SlotRule(Rule, ABC):
    """Judges each regularizer argument by its value; a subclass says what is wrong with one value.

    It speaks only where every value that the argument may have is at fault.
    """

    judges_defaults: ClassVar[bool] = True

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        def fault_of(value: Value) -> Fault | None:
            return self.fault(value, argument, context)

        yield from judge(argument, "the value", fault_of, defaults=self.judges_defaults)

    @abstractmethod
    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        """What is wrong with `value` as a regularizer; None where nothing is."""
