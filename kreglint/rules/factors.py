"""The base of the rules that judge a factor λ, in every call of a regularizer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from kreglint.catalog.model import RegularizerClass
from kreglint.diagnostics import Finding
from kreglint.facts.binding import bound_arguments, layer_of
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


def layer_factors(layer: LayerCall, context: Context) -> Iterator[tuple[str, Argument]]:
    """Yield the factors that `ActivityRegularization(l1=…, l2=…)` is given, each with its parameter's name."""
    known = layer_of(layer, context.keras) if layer.layer == "ActivityRegularization" else None
    for name, argument in bound_arguments(layer, known) if known is not None else ():
        if name in FACTORS:
            yield name, argument


_OF_ANY_LAYER = frozenset(  # keywords that some version takes for every layer; a misspelt one is KRG402's
    "name dtype trainable autocast activity_regularizer input_shape batch_input_shape batch_shape input_dim batch_size "
    "input_length input_dtype weights dynamic experimental_autocast implementation dtype_policy".split()
)


def foreign_factors(layer: LayerCall) -> Iterator[Argument]:
    """Yield the keyword arguments of `ActivityRegularization` that it does not have, whatever they are meant for."""
    for argument in layer.arguments if layer.layer == "ActivityRegularization" else ():
        keyword = argument.keyword
        if keyword is not None and keyword not in (*FACTORS, *_OF_ANY_LAYER) and argument.keyword_span is not None:
            yield argument


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
        known = context.keras.regularizers.get("L1L2")
        for name, argument in layer_factors(layer, context) if known is not None else ():
            if known is not None:
                yield from self._check_factor(name, argument, known, context)

    def _check_factor(
        self, name: str, argument: Argument, known: RegularizerClass, context: Context
    ) -> Iterator[Finding]:
        def fault_of(value: Value) -> Fault | None:
            return self.fault(value, Factor(name, argument, known), context)

        yield from judge(argument, "λ", fault_of, defaults=self.judges_defaults)

    @abstractmethod
    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        """Return what is wrong with `value` as a factor, or None if nothing is."""
