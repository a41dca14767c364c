"""What Keras does with values: strings, classes, factors, and things that are no regularizer.

Each is given to a Dense layer whose kernel is [[1, -2], [3, -4]], so that Σ|w| = 10 and Σw² = 30.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from tools.catalog import introspection, samples
from tools.catalog.observation import KerasObject, described, keras_errors, message, rounded

KERNEL = [[1.0, -2.0], [3.0, -4.0]]
REGULARIZERS = ("L1", "L2", "L1L2", "OrthogonalRegularizer")
UNKNOWN_IDENTIFIERS = ("l3", "ridge", "none", "L1_l2", "l2 ", "orthogonal", "max_norm", "l2(0.01)", "0.01")
_MORE_IDENTIFIERS = ("l1", "l2", "l1_l2", "l1l2", "L1", "L2", "L1L2", "L1_L2", "regularizer", "Regularizer")


class ValueProbe:
    """Gives values to the layers and regularizers of one Keras and records what comes of them."""

    def __init__(self, keras: ModuleType) -> None:
        self._keras = keras
        self._errors = keras_errors()

    def outcome(self, value: object, *, trained: bool = True) -> dict[str, Any]:
        """What comes of `value` as kernel_regularizer: the stage and exception, or what it became."""
        text = value if isinstance(value, str) and value.strip() else None
        stage = "constructor"
        try:
            layer = self._keras.layers.Dense(2, use_bias=False, kernel_regularizer=value, name="dense")
            stage = "build"
            self._build_and_call(layer)
            stage = "losses"
            penalty = _sum(layer.losses)
            stage = "training"
            if trained:
                self._train(layer)
        except self._errors as error:
            return {"stage": stage, "exception": type(error).__name__, "message": message(error, text)}
        return {"stage": "none", "penalty": penalty, **self._described(layer.kernel_regularizer)}

    def identifiers(self) -> dict[str, dict[str, Any]]:
        """The strings that become a regularizer, with what they give."""
        candidates = self._candidates("regularizers") | set(_MORE_IDENTIFIERS)
        found = {}
        for identifier in sorted(candidates):
            given = self.outcome(identifier, trained=False)
            if given["stage"] == "none" and "kind" in given:
                del given["stage"], given["penalty"]
                found[identifier] = given | {"trains": self.outcome(identifier)["stage"] == "none"}
        return found

    def unknown_identifier(self) -> dict[str, Any]:
        """What an unknown string does.

        Raises:
            RuntimeError: not all of the tried strings did the same.
        """
        outcomes = [self.outcome(identifier) for identifier in UNKNOWN_IDENTIFIERS]
        if any(outcome != outcomes[0] for outcome in outcomes):
            raise RuntimeError(f"expected one outcome of all unknown identifiers, got {outcomes}")
        return outcomes[0]

    def regularizer_classes(self) -> dict[str, dict[str, Any]]:
        """Every exported regularizer by name: signature, factors without arguments, the keyword `l`."""
        names = introspection.names_exported_by(self._keras.regularizers)
        return {name: self._regularizer_class(getattr(self._keras.regularizers, name)) for name in names}

    def _regularizer_class(self, regularizer: KerasObject) -> dict[str, Any]:
        try:
            regularizer(l=0.02)
            accepts_l = True
        except self._errors:
            accepts_l = False
        signature = introspection.signature(regularizer)
        return {"signature": signature, "accepts_l": accepts_l, **described(regularizer())}

    def uncalled(self) -> dict[str, dict[str, Any]]:
        """What each exported regularizer does when it is passed without being called."""
        names = introspection.names_exported_by(self._keras.regularizers)
        return {name: _judged(self.outcome(getattr(self._keras.regularizers, name))) for name in names}

    def not_a_regularizer(self) -> dict[str, dict[str, Any]]:
        """What values of another kind do as a weight regularizer."""
        values = samples.values(self._keras)
        return {kind: _judged(self.outcome(value), kind in samples.MEANINGFUL_VALUES) for kind, value in values.items()}

    def factors(self) -> dict[str, dict[str, Any]]:
        """What each kind of factor does in L2, and in the other classes where they do something else."""
        record = {}
        for kind, value in samples.factors().items():
            usual = record[kind] = self._factor("L2", kind, value)
            for name in REGULARIZERS:
                outcome = self._factor(name, kind, value)
                if _essence(outcome) != _essence(usual):
                    record[f"{name}:{kind}"] = outcome
        return record

    def _factor(self, name: str, kind: str, value: object) -> dict[str, Any]:
        regularizer_class = getattr(self._keras.regularizers, name)
        arguments = (value, value) if name == "L1L2" else (value,)
        text = value if isinstance(value, str) else None
        try:
            regularizer = regularizer_class(*arguments)
        except self._errors as error:
            failure = {"exception": type(error).__name__, "message": message(error, text)}
            return {"stage": "constructor", "subject": "regularizer", **failure}
        return _judged(self.outcome(regularizer, trained=False), kind in samples.MEANINGFUL_FACTORS)

    def accepted(self, module_name: str, works: Callable[[KerasObject], bool]) -> list[str]:
        """The strings that a module's `get` turns into something that works.

        One that it knows and cannot make without an optional package (SciPy for "stft") counts.
        """
        get = getattr(self._keras, module_name).get
        found = []
        for identifier in sorted(self._candidates(module_name)):
            try:
                known = works(get(identifier))
            except ImportError:
                known = True
            except self._errors:
                known = False
            found += [identifier] if known else []
        return found

    def constraint_identifiers(self) -> list[str]:
        constraint = self._keras.constraints.Constraint
        return self.accepted("constraints", lambda found: isinstance(found, constraint))

    def initializer_identifiers(self) -> list[str]:
        return self.accepted("initializers", self._is_initializer)

    def activation_identifiers(self) -> list[str]:
        return self.accepted("activations", _is_activation)

    def _is_initializer(self, found: KerasObject) -> bool:
        """Keras 2 has some of TensorFlow's own, which are told by what they do."""
        base = self._keras.initializers.Initializer
        if isinstance(found, base):
            return type(found) is not base
        return tuple(found((2, 2)).shape) == (2, 2)

    def _candidates(self, module_name: str) -> set[str]:
        """Names that could be identifiers: the module's public and internal ones and those of its registry.

        Keras 2 takes the names of activation layers too.
        """
        public = getattr(self._keras, module_name)
        internal = importlib.import_module(f"{self._keras.__name__}.src.{module_name}")
        names = {name for module in (public, internal) for name in dir(module) if not name.startswith("_")}
        registry = set(getattr(internal, "ALL_OBJECTS_DICT", ()))
        local = set(getattr(getattr(internal, "LOCAL", None), "ALL_OBJECTS", ()))
        layers = set(dir(self._keras.layers)) if module_name == "activations" else set()
        return names | registry | local | layers

    def _build_and_call(self, layer: KerasObject) -> None:
        numpy = importlib.import_module("numpy")
        layer.build((None, 2))
        layer.set_weights([numpy.array(KERNEL, dtype="float32")])
        layer(numpy.ones((1, 2), dtype="float32"))

    def _train(self, layer: KerasObject) -> None:
        numpy = importlib.import_module("numpy")
        ones = numpy.ones((2, 2), dtype="float32")
        model = self._keras.Sequential([self._keras.layers.Input((2,)), layer])
        model.compile(optimizer="sgd", loss="mse", jit_compile=False)
        model.train_on_batch(ones, ones)

    def _described(self, regularizer: object) -> dict[str, Any]:
        if isinstance(regularizer, self._keras.regularizers.Regularizer):
            return described(regularizer)
        return {}


def _sum(losses: Iterable[Any]) -> float | None:
    """The losses' sum; None where it is not finite or one of them is no scalar."""
    numpy = importlib.import_module("numpy")
    values = [numpy.asarray(loss, dtype="float64") for loss in losses]
    if any(value.ndim for value in values):
        return None
    return rounded(math.fsum(float(value) for value in values))


def _judged(outcome: dict[str, Any], meaningful: bool = False) -> dict[str, Any]:
    """Mark what Keras took without an exception although it means nothing."""
    silent = outcome["stage"] == "none" and not meaningful
    return outcome | ({"silent": True} if silent else {})


def _essence(outcome: dict[str, Any]) -> tuple[object, ...]:
    """What must agree for two classes to treat a factor alike."""
    factors = {outcome[name] for name in ("l1", "l2", "factor") if name in outcome}
    return (outcome["stage"], outcome.get("exception"), frozenset(factors), outcome.get("penalty") == 0)


def _is_activation(found: KerasObject) -> bool:
    """Whether it computes a tensor; `glu` halves the last axis, so that the shape may differ."""
    inputs = importlib.import_module("tensorflow").constant(KERNEL)
    outputs = found(inputs)
    return bool(outputs.dtype == inputs.dtype and len(outputs.shape) == len(inputs.shape))
