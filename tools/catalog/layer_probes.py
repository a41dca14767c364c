"""What each layer does with regularizers, tried on real Keras.

A layer is built and called on small whole numbers, its weights are set to distinct numbers, and every loss
is held against λ·Σw² of every weight: that tells which weights a parameter penalizes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from tools.catalog import introspection
from tools.catalog.observation import KerasObject, keras_errors, message
from tools.catalog.recipes import NOT_BUILT, NOT_CALLED, Recipe, recipe

LAMBDA = 0.5
_TOLERANCE = 1e-4
_ACTIVITY = "activity_regularizer"


class ProbeError(Exception):
    """A recipe that cannot show what it is for."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight of a built layer: its shortest unambiguous name, its rank, and λ·Σw²."""

    name: str
    rank: int
    penalty: float


@dataclass(frozen=True, slots=True)
class Observation:
    """A called layer: its weights and the losses that are not zero."""

    weights: tuple[Weight, ...]
    losses: tuple[float, ...]

    def penalized(self) -> list[Weight]:
        return [weight for weight in self.weights if any(_close(weight.penalty, x) for x in self.losses)]


class LayerProbe:
    """Builds one layer class in many ways. `name` is its canonical name."""

    def __init__(self, keras: ModuleType, name: str, layer_class: type) -> None:
        self._keras = keras
        self._name = name
        self._class = layer_class
        self._recipe: Recipe = recipe(name)
        self._errors = keras_errors()

    def record(self, keywords: Iterable[str]) -> dict[str, Any]:
        """What the layer does with each of this Keras' regularizer keywords, and whether it has weights."""
        declared = introspection.declared_regularizers(self._class)
        reason = self.unprobed
        regularizers = {keyword: self._regularizer(keyword, reason) for keyword in declared}
        undeclared = {keyword: self._undeclared(keyword, reason) for keyword in set(keywords) - set(declared)}
        for keyword in [keyword for keyword, word in undeclared.items() if word == "penalty"]:
            regularizers[keyword] = self._regularizer(keyword, reason)
            del undeclared[keyword]
        self._find_switches(regularizers)
        return {
            "has_weights": False if reason else bool(self._observe({}).weights),
            "regularizers": regularizers,
            "undeclared": _compact(undeclared),
        }

    @cached_property
    def unprobed(self) -> str | None:
        """Why the layer cannot be tried; None where it can."""
        return self._unbuilt or NOT_CALLED.get(self._name) or self._refusal(self._observe)

    @cached_property
    def _unbuilt(self) -> str | None:
        """Why the layer cannot even be constructed; None where it can."""
        return NOT_BUILT.get(self._name) or self._refusal(self._construct)

    def _refusal(self, attempt: Callable[[dict[str, Any]], object]) -> str | None:
        try:
            attempt({})
        except self._errors as error:
            return f"{type(error).__name__}: {message(error)}"
        return None

    def _regularizer(self, keyword: str, reason: str | None) -> dict[str, Any]:
        if reason:
            return _regularizer_record("unknown")
        observation = self._observe({keyword: self._keras.regularizers.L2(LAMBDA)})
        if not observation.losses:
            return _regularizer_record("none")
        if keyword == _ACTIVITY:
            return _regularizer_record("penalty", ["output"], terms=len(observation.losses))
        penalized = observation.penalized()
        return _regularizer_record(
            "penalty",
            [weight.name for weight in penalized],
            terms=len(observation.losses),
            ranks=[weight.rank for weight in penalized],
        )

    def _undeclared(self, keyword: str, reason: str | None) -> str:
        """What a keyword does that the signature does not name: an exception, "ignored" or "penalty"."""
        if self._unbuilt:
            return "unknown"
        try:
            self._construct({keyword: self._keras.regularizers.L2(LAMBDA)})
        except self._errors as error:
            return type(error).__name__
        if reason:
            return "unknown"
        return self._effect_of_undeclared(keyword)

    def _effect_of_undeclared(self, keyword: str) -> str:
        try:
            observation = self._observe({keyword: self._keras.regularizers.L2(LAMBDA)})
        except self._errors as error:
            return type(error).__name__
        return "penalty" if observation.losses else "ignored"

    def _find_switches(self, regularizers: dict[str, dict[str, Any]]) -> None:
        """Note for each weight's regularizer which boolean parameter takes the weight away."""
        acting = {k: r for k, r in regularizers.items() if r["effect"] == "penalty" and k != _ACTIVITY}
        if not acting:
            return
        for parameter, default in introspection.boolean_parameters(self._class).items():
            remaining = self._penalized_with(parameter, not default, acting)
            for record in acting.values():
                if remaining is not None and not remaining & set(record["weights"]):
                    record["switch"] = record["switch"] or [parameter, not default]

    def _penalized_with(self, parameter: str, value: bool, keywords: Iterable[str]) -> set[str] | None:
        """The weights that the keywords penalize when a parameter has a value; None if Keras refuses it."""
        given = {keyword: self._keras.regularizers.L2(LAMBDA) for keyword in keywords}
        try:
            observation = self._observe({parameter: value, **given})
        except self._errors:
            return None
        return {weight.name for weight in observation.penalized()}

    def _observe(self, arguments: dict[str, Any]) -> Observation:
        self._keras.utils.set_random_seed(0)  # a random image layer may give zeros or not
        layer = self._construct(arguments)
        if not self._recipe.shapes:
            return Observation((), tuple(map(float, layer.losses)))
        inputs = self._recipe.call(_inputs(self._recipe))
        layer(*inputs)
        weights = _set_to_distinct_numbers(layer)
        outputs = layer(*inputs)
        losses = tuple(loss for loss in map(float, layer.losses) if loss)
        if _ACTIVITY in arguments and not losses and _all_zero(outputs):
            raise ProbeError(f"the recipe of {self._name} gives zeros, of which no activity penalty shows")
        return Observation(weights, losses)

    def _construct(self, arguments: dict[str, Any]) -> KerasObject:
        return self._class(**{**self._recipe.arguments(self._keras), **arguments})


def _inputs(recipe: Recipe) -> list[KerasObject]:
    """One array for each of a recipe's shapes: of 1, then of 2 and so on, so that no difference is zero."""
    tensorflow = importlib.import_module("tensorflow")
    numbers = range(1, len(recipe.shapes) + 1)
    fillings = [str(number) for number in numbers] if recipe.dtype == "string" else numbers
    return [
        tensorflow.fill(shape, tensorflow.constant(filling, recipe.dtype))
        for shape, filling in zip(recipe.shapes, fillings, strict=True)
    ]


def _all_zero(outputs: KerasObject) -> bool:
    tensorflow = importlib.import_module("tensorflow")
    return not any(bool(tensorflow.reduce_any(output != 0)) for output in tensorflow.nest.flatten(outputs))


def _set_to_distinct_numbers(layer: KerasObject) -> tuple[Weight, ...]:
    """Give every float weight numbers of its own, from 0.5 to 1.5, so that no two penalties are equal."""
    numpy = importlib.import_module("numpy")
    random = numpy.random.default_rng(0)
    variables = [variable for variable in layer.weights if "float" in str(variable.dtype)]
    names = _names([_path(variable) for variable in variables])
    weights = []
    for name, variable in zip(names, variables, strict=True):
        value = random.uniform(0.5, 1.5, size=tuple(variable.shape)).astype("float32")
        variable.assign(value)
        weights.append(Weight(name, value.ndim, LAMBDA * float((value.astype("float64") ** 2).sum())))
    return tuple(weights)


def _path(variable: KerasObject) -> list[str]:
    """The variable's scoped name, as ["query", "kernel"]; Keras 3 calls it `path`."""
    scoped: str = getattr(variable, "path", variable.name)
    return scoped.partition(":")[0].split("/")


def _names(paths: list[list[str]]) -> list[str]:
    """The last part of each path, with the part before it where the last alone is ambiguous."""
    last = [path[-1] for path in paths]
    return ["/".join(path[-2:]) if last.count(path[-1]) > 1 else path[-1] for path in paths]


def _close(expected: float, actual: float) -> bool:
    return abs(expected - actual) <= _TOLERANCE * expected


def _regularizer_record(
    effect: str, weights: Iterable[str] = (), *, terms: int = 0, ranks: Iterable[int] = ()
) -> dict[str, Any]:
    return {
        "effect": effect,
        "weights": list(weights),
        "terms": terms,
        "ranks": sorted(set(ranks)),
        "switch": None,
    }


def _compact(undeclared: dict[str, str]) -> dict[str, Any]:
    """The most frequent word once, and the keywords for which another one holds."""
    words = sorted(undeclared.values())
    usual = max(words, key=words.count) if words else None
    return {"usual": usual, "others": {k: word for k, word in undeclared.items() if word != usual}}
