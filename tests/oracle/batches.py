"""A batch of a suitable shape for a layer or model, told from its class and configuration."""

import re
import zlib
from typing import Any

import numpy as np

BATCH, STEPS, SIDE, CHANNELS, FEATURES, WIDTH = 2, 5, 12, 4, 3, 8

_SEQUENCE_LAYERS = frozenset({"SimpleRNN", "GRU", "LSTM", "RNN"})
_QUERY_AND_VALUE = frozenset({"MultiHeadAttention", "GroupedQueryAttention"})
_LIST_OF_TWO = frozenset(
    {
        "Attention",
        "AdditiveAttention",
        "Add",
        "Average",
        "Concatenate",
        "Dot",
        "Maximum",
        "Minimum",
        "Multiply",
        "Subtract",
    }
)


def arguments(subject: Any) -> list[Any]:
    """The positional arguments to call a layer or model with: mostly one float32 batch of two samples."""
    pair = [_floats((STEPS, WIDTH)), _floats((STEPS, WIDTH))]
    if type(subject).__name__ in _QUERY_AND_VALUE:
        return pair
    if type(subject).__name__ in _LIST_OF_TWO:
        return [pair]
    first = _first_layer(subject)
    if type(first).__name__ == "Embedding":
        return [_indices(_known_shape(subject) or (STEPS,), first.input_dim)]
    shapes = _known_shape(subject) or shape(first)
    return [[_floats(each) for each in shapes] if isinstance(shapes, list) else _floats(shapes)]


def shape(layer: Any) -> tuple[int, ...]:
    """The shape of one sample."""
    name = type(layer).__name__
    if name == "TimeDistributed":
        return (STEPS, *shape(layer.layer))
    inner = getattr(layer, "forward_layer", None) or getattr(layer, "layer", None)
    if inner is not None:
        return shape(inner)
    if name == "EinsumDense":
        return (FEATURES,) * _einsum_rank(layer.equation)
    if name in _SEQUENCE_LAYERS:
        return (STEPS, CHANNELS)
    rank = re.search("([123])D", name)
    if rank:
        spatial = (SIDE,) * int(rank[1])
        return (STEPS, *spatial, CHANNELS) if name.startswith("ConvLSTM") else (*spatial, CHANNELS)
    return (FEATURES,)


def _first_layer(subject: Any) -> Any:
    layers = [each for each in getattr(subject, "layers", ()) if type(each).__name__ != "InputLayer"]
    return _first_layer(layers[0]) if layers else subject


def _known_shape(subject: Any) -> Any:
    """The sample shape that a model or a built layer states, or a list of them; None where it states none."""
    inputs = getattr(subject, "inputs", None) if subject.built else None  # Keras 3.0 to 3.5 raise before that
    if inputs:
        shapes = [_sample(each.shape) for each in inputs]
        return shapes if len(shapes) > 1 else shapes[0]
    built = (subject.get_build_config() or {}).get("input_shape") if subject.built else None
    return _sample(built) if built and all(size is None or isinstance(size, int) for size in built) else None


def _sample(shape: Any) -> tuple[int, ...]:
    return tuple(size or STEPS for size in shape[1:])


def _einsum_rank(equation: str) -> int:
    letters = equation.partition(",")[0].strip()
    return len(letters.replace("...", "")) - (0 if letters.startswith("...") else 1)


def _floats(sample: tuple[int, ...]) -> Any:
    seed = zlib.crc32(repr(sample).encode())
    return np.random.default_rng(seed).uniform(-1, 1, (BATCH, *sample)).astype("float32")


def _indices(sample: tuple[int, ...], size: int) -> Any:
    full = (BATCH, *sample)
    return (np.arange(np.prod(full)) % size).reshape(full).astype("int32")
