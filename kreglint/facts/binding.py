"""Which parameter an argument sets, by the order of parameters that a version of Keras has."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras, Layer
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument


def layer_of(call: LayerCall, keras: Keras) -> Layer | None:
    """Return the catalog's layer that a call constructs, or None if it is no layer of this Keras."""
    return keras.layer(call.layer) if call.layer is not None else None


def bound_arguments(call: LayerCall, layer: Layer) -> Iterator[tuple[str, Argument]]:
    """Yield each argument with the name of the parameter that it sets; keywords also where the layer has no such."""
    for index, argument in enumerate(call.positional):
        parameter = layer.parameter_at(index)
        if parameter is not None:
            yield parameter.name, argument
    for argument in call.arguments:
        if argument.keyword is not None:
            yield argument.keyword, argument


def regularizer_arguments(call: LayerCall, keras: Keras) -> Iterator[tuple[str, Argument]]:
    """Yield the arguments that set a regularizer of a Keras layer, also through code of the user's own."""
    layer = layer_of(call, keras)
    if layer is None:
        yield from _reaching(call, keras)
        return
    for name, argument in bound_arguments(call, layer):
        if name in layer.regularizers:
            yield name, argument


def _reaching(call: LayerCall, keras: Keras) -> Iterator[tuple[str, Argument]]:
    for reach in call.reaches:
        layers = [keras.layer(name) for name in reach.layers]
        argument = call.keyword(reach.keyword)
        if argument is not None and all(layer and reach.parameter in layer.regularizers for layer in layers):
            yield reach.parameter, argument


def argument_for(call: LayerCall, layer: Layer, parameter: str) -> Argument | None:
    """Return the argument that sets a parameter, or None if the call leaves it at its default."""
    return next((argument for name, argument in bound_arguments(call, layer) if name == parameter), None)
