"""The base of the rules that judge what is given as a layer's regularizer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Note, Span
from kreglint.facts.binding import regularizer_arguments
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.facts.joins import Placed
from kreglint.facts.meaning import Meaning, meaning
from kreglint.facts.values import Argument, Const, Mapping, Provenance, Sequence, Value
from kreglint.rules.base import Context, Rule
from kreglint.rules.faults import Fault, judge


def asks_for_penalty(value: Value, keras: Keras) -> bool:
    """True if a penalty is certainly wanted: what may be None says nothing, and λ = 0 wants none."""
    return value.is_exact and _wants(meaning(value, keras))


def asked_of_all(value: Value, keras: Keras) -> bool:
    """True if a penalty is wanted whatever the callers that are seen pass."""
    return value.provenance <= Provenance.CALLERS and all(_wants(meaning(way, keras)) for way in value.ways)


def _wants(found: Meaning) -> bool:
    return found.kind not in ("none", "unknown", "invalid") and (not found.factors or any(found.factors.values()))


def certainly_adds(value: Value, keras: Keras) -> bool:
    """True if a value of another file is a penalty, of a λ that is known where it has one."""
    found = meaning(value, keras)
    known = bool(found.factors) or found.reason is None
    return known and not found.alternatives and found.provenance <= Provenance.CROSS_FILE and _wants(found)


def regularizes(context: Context) -> bool:
    """True if some layer of the file certainly has a penalty."""
    return any(asks_for_penalty(argument.value, context.keras) for _, argument, _ in context.slots)


def regularized(context: Context) -> Placed[LayerCall]:
    """Return the layers that certainly have a penalty, by their places."""
    slots = context.slots
    return Placed(
        (layer.span, layer) for _, argument, layer in slots if asks_for_penalty(argument.value, context.keras)
    )


def penalized_elsewhere(layers: Iterable[FarLayer], context: Context, *, of_weights: bool = False) -> list[FarLayer]:
    """Return those of several layers of other files that certainly have a penalty; `of_weights`: one of a weight."""
    return [
        layer
        for layer in layers
        if any(
            certainly_adds(argument.value, context.keras)
            for name, argument in regularizer_arguments(layer.call, context.keras)
            if not (of_weights and name == "activity_regularizer")
        )
    ]


def far_notes(layers: list[FarLayer], at: Span) -> tuple[Note, ...]:
    """Return what a finding shows beside itself of layers of other files that have a penalty: the first of them."""
    return tuple(Note(at, "this layer has a penalty", layer.place) for layer in layers[:1])


def given_to_get(call: RegularizerCall) -> Iterator[Argument]:
    """Yield what `regularizers.get` is given to interpret, if it stands in the call; other values may not get there."""
    if call.value.symbol.canonical == "keras.regularizers.get" and call.certain:
        for argument in call.value.positional[:1]:
            if isinstance(argument.value, Const | Sequence | Mapping) and not argument.value.origin:
                yield argument


class SlotRule(Rule, ABC):
    """Judges each regularizer argument by its value; a subclass says what is wrong with one value.

    It speaks only where every value that the argument may have is at fault.
    """

    judges_defaults: ClassVar[bool] = True

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        yield from judge(
            argument, "the value", partial(self._fault_of, argument, context), defaults=self.judges_defaults
        )

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        """`regularizers.get("l2")` reads what it is given as a layer does."""
        for argument in given_to_get(call):
            yield from judge(argument, "the value", partial(self._fault_of, argument, context), defaults=False)

    def _fault_of(self, argument: Argument, context: Context, value: Value) -> Fault | None:
        return self.fault(value, argument, context)

    @abstractmethod
    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        """Return what is wrong with `value` as a regularizer, or None if nothing is."""
