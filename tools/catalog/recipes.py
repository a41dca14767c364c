"""How to build and call each public layer: constructor arguments and inputs, just large enough to work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tools.catalog.observation import KerasObject

Shape = tuple[int, ...]

VECTOR: Shape = (2, 3)
SEQUENCE: Shape = (2, 6, 3)
IMAGE: Shape = (2, 6, 6, 3)
VOLUME: Shape = (2, 6, 6, 6, 3)
STATE: Shape = (2, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """`arguments` makes fresh constructor arguments from the Keras package.

    The shapes become arrays of `dtype`, the first of 1, the next of 2 and so on; without any, the layer is
    not called. `call` turns the arrays into the call's arguments.
    """

    arguments: Callable[[ModuleType], dict[str, Any]]
    shapes: tuple[Shape, ...]
    dtype: str
    call: Callable[[list[Any]], tuple[Any, ...]]


NOT_BUILT = {
    "AbstractRNNCell": "abstract: a subclass has to define the state",
    "DenseFeatures": "needs TensorFlow feature columns",
    "DynamicEmbedding": "needs a vocabulary that changes",
    "DynamicLookup": "needs a vocabulary that changes",
    "FlaxLayer": "needs JAX and Flax",
    "JaxLayer": "needs JAX",
    "STFTSpectrogram": "needs SciPy",
    "TFSMLayer": "needs a SavedModel on disk",
    "TorchModuleWrapper": "needs PyTorch",
}

NOT_CALLED = {
    "Layer": "the base class computes nothing",
    "MaxNumBoundingBoxes": "works on bounding boxes",
    "PreprocessingLayer": "the base class computes nothing",
    "Wrapper": "the base class computes nothing",
}

_CONVOLUTION = {"filters": 2, "kernel_size": 2}
_DEPTHWISE = {"kernel_size": 2}
_POOLING = {"output_size": 2}
_UNITS = {"units": 2}
_RATE = {"rate": 0.5}
_RANDOM = {"factor": 0.5}
_SIZE = {"height": 4, "width": 4}
_HEADS = {"num_heads": 2, "key_dim": 2}
_GROUPED_HEADS = {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 2}
_RANGE = {"value_range": (0, 1)}

_ARGUMENTS: dict[str, dict[str, Any]] = {
    "Activation": {"activation": "relu"},
    "AdaptiveAveragePooling1D": _POOLING,
    "AdaptiveAveragePooling2D": _POOLING,
    "AdaptiveAveragePooling3D": _POOLING,
    "AdaptiveMaxPooling1D": _POOLING,
    "AdaptiveMaxPooling2D": _POOLING,
    "AdaptiveMaxPooling3D": _POOLING,
    "AlphaDropout": _RATE,
    "AugMix": _RANGE,
    "AveragePooling1D": {"pool_size": 2},
    "AveragePooling2D": {"pool_size": 2},
    "AveragePooling3D": {"pool_size": 2},
    "CategoryEncoding": {"num_tokens": 3},
    "CenterCrop": _SIZE,
    "Conv1D": _CONVOLUTION,
    "Conv1DTranspose": _CONVOLUTION,
    "Conv2D": _CONVOLUTION,
    "Conv2DTranspose": _CONVOLUTION,
    "Conv3D": _CONVOLUTION,
    "Conv3DTranspose": _CONVOLUTION,
    "ConvLSTM1D": _CONVOLUTION,
    "ConvLSTM2D": _CONVOLUTION,
    "ConvLSTM3D": _CONVOLUTION,
    "Dense": _UNITS,
    "DepthwiseConv1D": _DEPTHWISE,
    "DepthwiseConv2D": _DEPTHWISE,
    "Discretization": {"bin_boundaries": [0.0, 2.0]},
    "Dot": {"axes": 1},
    "Dropout": _RATE,
    "EinsumDense": {"equation": "ab,bc->ac", "output_shape": 2, "bias_axes": "c"},
    "Embedding": {"input_dim": 4, "output_dim": 2},
    "GRU": _UNITS,
    "GRUCell": _UNITS,
    "GaussianDropout": _RATE,
    "GaussianNoise": {"stddev": 0.1},
    "GroupNormalization": {"groups": 1},
    "GroupQueryAttention": _GROUPED_HEADS,
    "GroupedQueryAttention": _GROUPED_HEADS,
    "HashedCrossing": {"num_bins": 1000},
    "Hashing": {"num_bins": 1000},
    "IntegerLookup": {"vocabulary": [1, 2]},
    "LSTM": _UNITS,
    "LSTMCell": _UNITS,
    "LocallyConnected1D": _CONVOLUTION,
    "LocallyConnected2D": _CONVOLUTION,
    "MaxNumBoundingBoxes": {"max_number": 2},
    "MelSpectrogram": {"fft_length": 8, "sequence_stride": 4, "num_mel_bins": 4, "sampling_rate": 16},
    "MultiHeadAttention": _HEADS,
    "Normalization": {"mean": 0.5, "variance": 2.0},
    "Permute": {"dims": (2, 1)},
    "RandAugment": _RANGE,
    "RandomBrightness": {"factor": 0.5, "value_range": (0, 1)},
    "RandomColorDegeneration": {"factor": 0.5, "value_range": (0, 1)},
    "RandomColorJitter": _RANGE,
    "RandomContrast": _RANDOM,
    "RandomCrop": _SIZE,
    "RandomFourierFeatures": {"output_dim": 2},
    "RandomHeight": _RANDOM,
    "RandomHue": {"factor": 0.5, "value_range": (0, 1)},
    "RandomPosterization": {"factor": 4, "value_range": (0, 1)},
    "RandomRotation": _RANDOM,
    "RandomSaturation": _RANDOM,
    "RandomSharpness": {"factor": 0.5, "value_range": (0, 1)},
    "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "RandomWidth": _RANDOM,
    "RandomZoom": {"height_factor": 0.1},
    "RepeatVector": {"n": 2},
    "Rescaling": {"scale": 0.5},
    "Reshape": {"target_shape": (3, 1)},
    "Resizing": _SIZE,
    "ReversibleEmbedding": {"input_dim": 4, "output_dim": 2},
    "SeparableConv1D": _CONVOLUTION,
    "SeparableConv2D": _CONVOLUTION,
    "SimpleRNN": _UNITS,
    "SimpleRNNCell": _UNITS,
    "SpatialDropout1D": _RATE,
    "SpatialDropout2D": _RATE,
    "SpatialDropout3D": _RATE,
    "StringLookup": {"vocabulary": ["1"]},
    "TernaryDense": _UNITS,
    "TextVectorization": {"vocabulary": ["1"]},
    "ThresholdedReLU": {"theta": 0.5},
}

_NESTED: dict[str, Callable[[ModuleType], dict[str, Any]]] = {
    "Bidirectional": lambda keras: {"layer": keras.layers.LSTM(2)},
    "InputLayer": lambda keras: {_input_shape_keyword(keras): (3,)},
    "Lambda": lambda keras: {"function": _same},
    "Pipeline": lambda keras: {"layers": [keras.layers.Rescaling(0.5)]},
    "RNN": lambda keras: {"cell": keras.layers.SimpleRNNCell(2)},
    "SpectralNormalization": lambda keras: {"layer": keras.layers.Dense(2)},
    "StackedRNNCells": lambda keras: {"cells": [keras.layers.SimpleRNNCell(2)]},
    "TimeDistributed": lambda keras: {"layer": keras.layers.Dense(2)},
    "Wrapper": lambda keras: {"layer": keras.layers.Dense(2)},
}

_DTYPES = {
    "HashedCrossing": "int64",
    "Hashing": "int64",
    "IntegerLookup": "int64",
    "StringLookup": "string",
    "TextVectorization": "string",
}

_SHAPES: dict[str, tuple[Shape, ...]] = {
    "Add": (VECTOR, VECTOR),
    "AdditiveAttention": (SEQUENCE, SEQUENCE),
    "Attention": (SEQUENCE, SEQUENCE),
    "Average": (VECTOR, VECTOR),
    "Bidirectional": (SEQUENCE,),
    "Concatenate": (VECTOR, VECTOR),
    "ConvLSTM1D": (IMAGE,),
    "ConvLSTM2D": (VOLUME,),
    "ConvLSTM3D": ((2, 2, 4, 4, 4, 3),),
    "Dot": (VECTOR, VECTOR),
    "GRU": (SEQUENCE,),
    "GRUCell": (VECTOR, STATE),
    "GroupQueryAttention": (SEQUENCE, SEQUENCE),
    "GroupedQueryAttention": (SEQUENCE, SEQUENCE),
    "HashedCrossing": ((2,), (2,)),
    "InputLayer": (),
    "LSTM": (SEQUENCE,),
    "LSTMCell": (VECTOR, STATE, STATE),
    "Masking": (SEQUENCE,),
    "Maximum": (VECTOR, VECTOR),
    "MelSpectrogram": ((2, 32),),
    "Minimum": (VECTOR, VECTOR),
    "MultiHeadAttention": (SEQUENCE, SEQUENCE),
    "Multiply": (VECTOR, VECTOR),
    "Permute": (SEQUENCE,),
    "RNN": (SEQUENCE,),
    "SimpleRNN": (SEQUENCE,),
    "TextVectorization": ((2,),),
    "SimpleRNNCell": (VECTOR, STATE),
    "StackedRNNCells": (VECTOR, STATE),
    "Subtract": (VECTOR, VECTOR),
    "TimeDistributed": (SEQUENCE,),
}

_IMAGE_LAYERS = frozenset(
    {
        "AugMix",
        "AutoContrast",
        "CenterCrop",
        "ContrastLimitedAdaptiveHistogramEqualization",
        "CutMix",
        "Equalization",
        "MixUp",
        "Mosaic",
        "Pipeline",
        "RandAugment",
        "Resizing",
        "Solarization",
    }
)
_SEVERAL_ARGUMENTS = frozenset({"GroupQueryAttention", "GroupedQueryAttention", "MultiHeadAttention"})


def recipe(name: str) -> Recipe:
    """The recipe of a public layer class; a layer that is in no table takes no arguments and a vector."""
    plain = _ARGUMENTS.get(name, {})
    return Recipe(
        arguments=_NESTED.get(name, lambda keras: dict(plain)),
        shapes=_shapes(name),
        dtype=_DTYPES.get(name, "float32"),
        call=_call(name),
    )


def _shapes(name: str) -> tuple[Shape, ...]:
    if name in _SHAPES:
        return _SHAPES[name]
    if name in _IMAGE_LAYERS or (name.startswith("Random") and name != "RandomFourierFeatures"):
        return (IMAGE,)
    dimensions = {"1D": SEQUENCE, "2D": IMAGE, "3D": VOLUME}
    return (next((shape for mark, shape in dimensions.items() if mark in name), VECTOR),)


def _call(name: str) -> Callable[[list[Any]], tuple[Any, ...]]:
    if name in _SEVERAL_ARGUMENTS:
        return tuple
    if name.endswith(("Cell", "Cells")):
        return lambda arrays: (arrays[0], arrays[1:])
    return lambda arrays: (arrays if len(arrays) > 1 else arrays[0],)


def _same(inputs: KerasObject) -> KerasObject:
    return inputs


def _input_shape_keyword(keras: ModuleType) -> str:
    return "input_shape" if keras.__version__.startswith("2") else "shape"
