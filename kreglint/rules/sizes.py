"""Shapes of kernels, where the layers before tell them, and the penalty that follows from a shape."""

from __future__ import annotations

from math import prod, sqrt
from typing import NamedTuple

from kreglint.catalog.model import Keras
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Chain
from kreglint.facts.values import Const, Sequence, Value

_INPUTS = ("keras.Input", "keras.layers.Input", "keras.layers.InputLayer")
_SAME_WIDTH = frozenset(
    "Activation ActivityRegularization AlphaDropout BatchNormalization Dropout ELU GaussianDropout GaussianNoise "
    "LayerNormalization LeakyReLU PReLU ReLU Softmax SpatialDropout1D SpatialDropout2D".split()
)
_POOLING = frozenset("AveragePooling1D AveragePooling2D MaxPooling1D MaxPooling2D UpSampling1D UpSampling2D".split())
_GLOROT = ("glorot_uniform", "GlorotUniform")


class Kernel(NamedTuple):
    """The shape of a kernel by what it connects: `window` places, `inputs` and `outputs` channels at each."""

    inputs: int
    outputs: int
    window: int = 1

    def squares(self) -> float:
        """Return the expected Σw² after glorot_uniform: n·2/(fan in + fan out), with n weights."""
        return 2 * self.window * self.inputs * self.outputs / (self.window * (self.inputs + self.outputs))

    def absolutes(self) -> float:
        """Return the expected Σ|w| after glorot_uniform: half of n·√(6/(fan in + fan out))."""
        limit = sqrt(6 / (self.window * (self.inputs + self.outputs)))
        return self.window * self.inputs * self.outputs * limit / 2


def kernel_of(call: LayerCall, chain: Chain, keras: Keras) -> Kernel | None:
    """Return the kernel of a Dense or convolution as glorot_uniform makes it, or None if its shape is not certain."""
    layer = layer_of(call, keras)
    if layer is None or call.has_star or layer.name not in ("Dense", "Conv1D", "Conv2D"):
        return None
    given = argument_for(call, layer, "kernel_initializer")
    if given is not None and not (isinstance(given.value, Const) and given.value.value in _GLOROT):
        return None
    inputs, outputs = _own_inputs(call) or _width_before(call, chain, keras), _outputs(call, keras)
    window = 1 if layer.name == "Dense" else _window(call, keras, int(layer.name[-2]))
    return Kernel(inputs, outputs, window) if inputs and outputs and window else None


def _width_before(call: LayerCall, chain: Chain, keras: Keras) -> int | None:
    """Return the number of channels that a layer gets from the layer before it."""
    for current in chain.before(call):
        if current.symbol is not None and current.symbol.canonical in _INPUTS:
            return _last_of_shape(current)
        if current.layer not in _SAME_WIDTH and current.layer not in _POOLING:
            return _outputs(current, keras)
        found = _own_inputs(current)
        if found:
            return found
    return None


def _own_inputs(call: LayerCall) -> int | None:
    """Return the channels that `input_dim` or `input_shape` of the layer itself tells."""
    given = call.keyword("input_dim")
    if given is not None:
        return _integer(given.value)
    given = call.keyword("input_shape")
    return _last(given.value) if given is not None else None


def _outputs(call: LayerCall, keras: Keras) -> int | None:
    layer = layer_of(call, keras)
    names = {"Dense": "units", "Conv1D": "filters", "Conv2D": "filters", "Embedding": "output_dim"}
    if layer is None or layer.name not in names:
        return None
    given = argument_for(call, layer, names[layer.name])
    return _integer(given.value) if given is not None else None


def _window(call: LayerCall, keras: Keras, rank: int) -> int | None:
    layer = layer_of(call, keras)
    given = argument_for(call, layer, "kernel_size") if layer is not None else None
    if given is None:
        return None
    if isinstance(given.value, Sequence):
        sizes = [_integer(item) for item in given.value.items]
        return prod(size for size in sizes if size) if len(sizes) == rank and all(sizes) else None
    size = _integer(given.value)
    return size**rank if size else None


def _last_of_shape(call: LayerCall) -> int | None:
    given = call.keyword("shape") or (call.positional[0] if call.positional else None)
    return _last(given.value) if given is not None else None


def _last(value: Value) -> int | None:
    return _integer(value.items[-1]) if isinstance(value, Sequence) and value.items else None


def _integer(value: Value) -> int | None:
    known = isinstance(value, Const) and type(value.value) is int and value.is_exact
    return value.value if known and isinstance(value, Const) and isinstance(value.value, int) else None
