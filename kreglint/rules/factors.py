"""The base of the rules that judge a factor λ, in every call of a regularizer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from kreglint.catalog.model import RegularizerClass
from kreglint.diagnostics import Finding
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.facts.meaning import FACTORS, regularizer_parameters
from kreglint.facts.values import Argument, Construct, Value
from kreglint.rules.base import Context, Rule
from kreglint.rules.faults import Fault, judge


def regularizer_class(value: Construct, context: Context) -> RegularizerClass | None:
    """Return the regularizer that a call makes, or None if this Keras has none of that name."""
    package, _, name = (value.symbol.canonical or "").rpartition(".")
    return context.keras.regularizers.get(name) if package == "keras.regularizers" else None


def factor_arguments(value: Construct, known: RegularizerClass) -> Iterator[tuple[str, Argument]]:
    """Yield the arguments that set a factor, each with its parameter's name; none where some are unpacked."""
    if not value.has_star:
        for name, argument in regularizer_parameters(value, known):
            if name in FACTORS:
                yield name, argument


class Factor(NamedTuple):
    """A factor as it is given: its parameter's name, the argument, and the regularizer that takes it."""

    name: str
    argument: Argument
    regularizer: RegularizerClass


class FactorRule(Rule, ABC):
    """Judges each factor that is given to a regularizer; a subclass says what is wrong with one value."""

    judges_defaults: ClassVar[bool] = False

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        known = regularizer_class(call.value, context)
        if known is not None and call.certain:
            for name, argument in factor_arguments(call.value, known):
                yield from self._check_factor(name, argument, known, context)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        """`ActivityRegularization(l1=…, l2=…)` is the one layer that takes factors itself: it makes an L1L2."""
        if layer.layer == "ActivityRegularization":
            known = context.keras.regularizers.get("L1L2")
            for argument in layer.arguments:
                if known is not None and argument.keyword in ("l1", "l2"):
                    yield from self._check_factor(argument.keyword, argument, known, context)

    def _check_factor(
        self, name: str, argument: Argument, known: RegularizerClass, context: Context
    ) -> Iterator[Finding]:
        def fault_of(value: Value) -> Fault | None:
            return self.fault(value, Factor(name, argument, known), context)

        yield from judge(argument, "λ", fault_of, defaults=self.judges_defaults)

    @abstractmethod
    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        """Return what is wrong with `value` as a factor, or None if nothing is."""
