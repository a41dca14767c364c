"""Values to give to Keras, by the names of their kinds in the catalog."""

from __future__ import annotations

import importlib
import math
from decimal import Decimal
from fractions import Fraction
from types import ModuleType

from tools.catalog.observation import KerasObject

_NUMBERS = frozenset({"above_one", "int", "int_zero", "negative_zero", "one", "zero"})
_REAL_NUMBERS = frozenset({"Fraction", "np.float16", "np.float32", "np.float64", "np.int32", "np.int64"})
MEANINGFUL_FACTORS = _NUMBERS | _REAL_NUMBERS
MEANINGFUL_VALUES = frozenset({"dict_of_alias", "dict_of_regularizer", "dict_without_config", "function"})


def factors() -> dict[str, object]:
    """One factor of each kind that people give to a regularizer."""
    return {**_python_numbers(), **_other_objects(), **_arrays()}


def values(keras: ModuleType) -> dict[str, object]:
    """Values that are not one of Keras' regularizers, as people give them to a layer."""
    return {**_plain_values(keras), **_dicts(), **_other_roles(keras)}


def _python_numbers() -> dict[str, object]:
    return {
        "above_one": 1.5,
        "bool_false": False,
        "bool_true": True,
        "huge": 1e39,
        "inf": math.inf,
        "int": 1,
        "int_zero": 0,
        "nan": math.nan,
        "negative": -0.01,
        "negative_zero": -0.0,
        "one": 1.0,
        "overflow": 1e38,
        "tiny": 1e-46,
        "zero": 0.0,
    }


def _other_objects() -> dict[str, object]:
    return {
        "bytes": b"0.01",
        "complex": 0.01 + 0j,
        "Decimal": Decimal("0.01"),
        "dict": {"l2": 0.01},
        "Fraction": Fraction(1, 100),
        "list": [0.01],
        "callable": _sum_of_squares,
        "none": None,
        "set": {0.01},
        "str": "0.01",
        "tuple": (0.01,),
    }


def _arrays() -> dict[str, object]:
    numpy = importlib.import_module("numpy")
    tensorflow = importlib.import_module("tensorflow")
    return {
        "np.array": numpy.array(0.01),
        "np.bool": numpy.bool_(True),
        "np.float16": numpy.float16(0.01),
        "np.float32": numpy.float32(0.01),
        "np.float64": numpy.float64(0.01),
        "np.int32": numpy.int32(1),
        "np.int64": numpy.int64(1),
        "tensor": tensorflow.constant(0.01),
        "variable": tensorflow.Variable(0.01),
    }


def _plain_values(keras: ModuleType) -> dict[str, object]:
    numpy = importlib.import_module("numpy")
    l2 = keras.regularizers.L2
    return {
        "bool": True,
        "bool_false": False,
        "bytes": b"l2",
        "call_text": "l2(0.01)",
        "empty_str": "",
        "float": 0.01,
        "function": _sum_of_squares,
        "int": 1,
        "int_zero": 0,
        "list": [l2(0.01)],
        "np.array": numpy.array(0.01),
        "np.float32": numpy.float32(0.01),
        "np.float64": numpy.float64(0.01),
        "set": {0.01},
        "tuple": (l2(0.01),),
    }


def _dicts() -> dict[str, object]:
    return {
        "dict_of_alias": {"class_name": "l1_l2", "config": {"l1": 0.02, "l2": 0.05}},
        "dict_of_regularizer": {"class_name": "L2", "config": {"l2": 0.02}},
        "dict_without_class_name": {"l2": 0.02},
        "dict_without_config": {"class_name": "L2"},
        "empty_dict": {},
    }


def _other_roles(keras: ModuleType) -> dict[str, object]:
    """Constraints, initializers and other parts of Keras, by class, by instance and by identifier."""
    constraints, initializers = keras.constraints, keras.initializers
    return {
        "activation": keras.activations.relu,
        "activation_identifier": "relu",
        "constraint_class": constraints.MaxNorm,
        "constraint_identifier": "max_norm",
        "initializer_class": initializers.GlorotUniform,
        "initializer_identifier": "glorot_uniform",
        "initializer_instance": initializers.GlorotUniform(seed=0),
        "layer": keras.layers.Dense(1),
        "MaxNorm": constraints.MaxNorm(2.0),
        "MinMaxNorm": constraints.MinMaxNorm(),
        "NonNeg": constraints.NonNeg(),
        "optimizer": keras.optimizers.SGD(),
        "UnitNorm": constraints.UnitNorm(),
    }


def _sum_of_squares(weights: KerasObject) -> KerasObject:
    return 0.01 * importlib.import_module("tensorflow").reduce_sum(weights * weights)
