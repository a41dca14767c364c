"""Calls as they are certainly made, where what the parameters around them are known to be does not lead there."""

from __future__ import annotations

from collections.abc import Iterable

from kreglint.facts.file import Choice, LayerCall, RegularizerCall
from kreglint.facts.values import Argument, Provenance, Symbol, Unknown
from kreglint.records import replace


def made_layers(layers: Iterable[LayerCall]) -> tuple[LayerCall, ...]:
    """Return the layer calls that are not provoked; what others than this call decide does not come to it then."""
    made = (layer for layer in layers if not layer.provoked)
    return tuple(
        replace(layer, arguments=_passed(layer.arguments)) if layer.beyond_defaults else layer for layer in made
    )


def chosen_layer(layer: LayerCall, choice: Choice) -> LayerCall:
    """Return the layer call as it is where a branch chooses the class."""
    symbol = Symbol(span=layer.callee_span, path=choice.path, canonical=f"keras.layers.{choice.layer}")
    return replace(layer, layer=choice.layer, symbol=symbol, reaches=(), stands_for=(), choices=())


def made_regularizers(calls: Iterable[RegularizerCall]) -> tuple[RegularizerCall, ...]:
    """Return the regularizer calls that are not provoked; the rest as for `made_layers`."""
    made = (call for call in calls if not call.provoked)
    return tuple(
        replace(call, value=replace(call.value, arguments=_passed(call.value.arguments)))
        if call.beyond_defaults
        else call
        for call in made
    )


def _passed(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    return tuple(_as_it_comes(argument) for argument in arguments)


def _as_it_comes(argument: Argument) -> Argument:
    value = argument.value
    ways = value.ways
    if all(way.provenance <= Provenance.CROSS_FILE for way in ways):
        return argument
    reason = "what is known of it does not come here"
    unknown = Unknown(span=value.span, reason=reason, provenance=Provenance.UNKNOWN)
    return replace(argument, value=unknown, keyword_span=None if argument.inherited else argument.keyword_span)
