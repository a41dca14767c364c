"""What each version of Keras is: a read-only view of the catalog that `tools.catalog.generate` wrote.

Nothing here imports Keras. Public paths start with `keras.` in every version, whatever the package's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from kreglint.catalog.storage import JsonValue, read
from kreglint.records import field, record
from kreglint.versions import MAJORS, Version, nearest, newest, parse

__all__ = ["MAJORS", "Identifier", "Keras", "Layer", "Parameter", "RegularizerClass", "Tried", "load"]


@record(kw_only=True)
class Parameter:
    """A constructor's parameter. `index` counts from 0 without self; None means keyword only.

    `default` is None where it has no JSON form; `required` says that there is no default at all.
    """

    name: str
    index: int | None
    default: JsonValue = None
    required: bool = False


@record(kw_only=True)
class RegularizerParameter:
    """A layer's `*_regularizer` parameter and what it did on a built and called layer.

    `weights` are the names of the variables that it penalizes, ("output",) for an activity regularizer.
    `switch` is the parameter, with the value, that takes the weight away, as ("use_bias", False).
    `effect` is "penalty", "none" (observed: no loss), or "unknown" where the layer could not be probed.
    `terms` is the number of losses that it added. `ranks` are the ranks of the tensors it penalizes.
    """

    name: str
    index: int | None
    weights: tuple[str, ...] = ()
    switch: tuple[str, bool] | None = None
    effect: str = "penalty"
    terms: int = 1
    ranks: tuple[int, ...] = ()


@record(eq=False, kw_only=True)
class Layer:
    """A public layer class.

    `aliases` are its other public class names, `exports` its public paths, `module` where it is defined.
    `undeclared` maps every other `*_regularizer` keyword of this Keras to what the layer does with it:
    "ignored", or the exception's name ("TypeError", "ValueError"); it is "unknown" where the layer could
    not be tried, and then `unprobed` says why and `has_weights` is False.
    """

    name: str
    aliases: tuple[str, ...]
    exports: tuple[str, ...]
    module: str
    parameters: tuple[Parameter, ...]
    regularizers: Mapping[str, RegularizerParameter]
    undeclared: Mapping[str, str]
    has_weights: bool
    unprobed: str | None = None

    def index(self, parameter: str) -> int | None:
        """The 0-based position of a parameter; None if it is keyword only or not there."""
        return next((known.index for known in self.parameters if known.name == parameter), None)

    def parameter_at(self, index: int) -> Parameter | None:
        """The parameter that a positional argument at this 0-based index sets."""
        return next((known for known in self.parameters if known.index == index), None)


@record(kw_only=True)
class Identifier:
    """What a string gives as a weight regularizer. A factor is None where the kind has none.

    `trains` is False where the model with it builds but cannot be trained (the base class, Keras 3.15).
    """

    name: str
    kind: str
    trains: bool = True
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None

    @property
    def inert(self) -> bool:
        """Whether it adds nothing: all of its factors are zero, or it has none."""
        return not (self.l1 or self.l2 or self.factor)


@record(kw_only=True)
class RegularizerClass:
    """An exported regularizer by one of its names, with the factors it has when called without arguments.

    `accepts_l` says that it takes the legacy keyword `l`.
    """

    name: str
    kind: str
    parameters: tuple[Parameter, ...]
    accepts_l: bool = False
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None

    @property
    def inert(self) -> bool:
        """Whether it adds nothing when called without arguments."""
        return not (self.l1 or self.l2 or self.factor)


@record(kw_only=True)
class Tried:
    """What Keras did with a value, tried on a Dense layer whose kernel is [[1, -2], [3, -4]].

    `stage` is where it failed: "constructor", "build", "losses", "training", or "none".
    `subject` is what the constructor makes: "layer" or "regularizer". `message` is the exception's first
    line, with `{value}` for the value. What did not fail has the `kind` and factors that it became, and
    its `penalty` (Σ|w| = 10, Σw² = 30; None where it is no finite number).
    `silent` says that Keras took a meaningless value without an exception.
    """

    stage: Literal["constructor", "build", "losses", "training", "none"]
    subject: Literal["layer", "regularizer"] = "layer"
    exception: str | None = None
    message: str | None = None
    kind: str | None = None
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None
    penalty: float | None = None
    silent: bool = False


@record(eq=False, kw_only=True)
class Keras:
    """One version of Keras as installed when the catalog was generated. `number` is its version to compare by.

    `package` is "tf_keras" or "keras", `backend` as "tensorflow 2.21.0". `identifiers` holds the strings
    that become a regularizer when given as a weight regularizer; `unknown_identifier` is what happens to
    all others. `uncalled` says what a class does when it is passed without being called, `factors` what
    accepting a factor does by its kind ("negative", "none", …; "L1:none" where a class differs from L2).
    `module_paths` are the public dotted paths below the root, as "layers.Conv2D". `unprobed` maps each
    layer that could not be tried to the reason.
    """

    version: str
    number: Version
    major: int
    package: str
    backend: str
    layer_names: frozenset[str]
    identifiers: Mapping[str, Identifier]
    regularizers: Mapping[str, RegularizerClass]
    constraint_names: frozenset[str]
    initializer_names: frozenset[str]
    constraint_identifiers: frozenset[str]
    initializer_identifiers: frozenset[str]
    activation_identifiers: frozenset[str]
    regularizer_keywords: frozenset[str]
    unknown_identifier: Tried
    uncalled: Mapping[str, Tried]
    not_a_regularizer: Mapping[str, Tried]
    factors: Mapping[str, Tried]
    module_paths: frozenset[str]
    unprobed: Mapping[str, str]
    _records: Mapping[str, Mapping[str, Any]] = field(repr=False)
    _canonical_names: Mapping[str, str] = field(repr=False)
    _layers: dict[str, Layer] = field(default_factory=dict, repr=False)

    def layer(self, name: str) -> Layer | None:
        """The layer of this class name or alias; None if this Keras has none."""
        canonical = self._canonical_names.get(name, name)
        if canonical not in self._records:
            return None
        if canonical not in self._layers:
            self._layers[canonical] = _layer(canonical, self._records[canonical], self)
        return self._layers[canonical]

    def factor(self, regularizer: str, kind: str) -> Tried | None:
        """What this Keras does with a factor of a kind, given to a regularizer of a kind (as "L1")."""
        return self.factors.get(f"{regularizer}:{kind}", self.factors.get(kind))

    def __reduce__(self) -> tuple[object, tuple[Version]]:
        return load, (self.number,)


def load(version: int | str | Version) -> Keras:
    """The catalog of a major (its newest), or the one that speaks for an exact version: `load(3)`, `load("3.13.2")`.

    Raises:
        ValueError: no version of this major is known.
    """
    if isinstance(version, int):
        return _load(newest(version))
    return _load(nearest(parse(version) if isinstance(version, str) else version))


@cache
def _load(version: Version) -> Keras:
    return _keras(read(version))


def _keras(data: Mapping[str, Any]) -> Keras:
    records = data["layers"]
    aliases = {alias: name for name, record in records.items() for alias in record["aliases"]}
    return Keras(
        version=data["version"],
        number=parse(data["version"]),
        major=data["major"],
        package=data["package"],
        backend=data["backend"],
        layer_names=frozenset(records) | frozenset(aliases),
        identifiers={name: Identifier(name=name, **given) for name, given in data["identifiers"].items()},
        regularizers={name: _regularizer(name, record) for name, record in data["regularizers"].items()},
        unknown_identifier=Tried(**data["unknown_identifier"]),
        uncalled=_tried(data["uncalled"]),
        not_a_regularizer=_tried(data["not_a_regularizer"]),
        factors=_tried(data["factors"]),
        constraint_names=frozenset(data["constraint_names"]),
        initializer_names=frozenset(data["initializer_names"]),
        constraint_identifiers=frozenset(data["constraint_identifiers"]),
        initializer_identifiers=frozenset(data["initializer_identifiers"]),
        activation_identifiers=frozenset(data["activation_identifiers"]),
        regularizer_keywords=frozenset(data["regularizer_keywords"]),
        module_paths=frozenset(data["module_paths"]),
        unprobed=data["unprobed"],
        _records=records,
        _canonical_names=aliases,
    )


def _tried(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Tried]:
    return {kind: Tried(**record) for kind, record in data.items()}


def _regularizer(name: str, record: Mapping[str, Any]) -> RegularizerClass:
    fields = {key: value for key, value in record.items() if key != "signature"}
    return RegularizerClass(name=name, parameters=_parameters(record["signature"]), **fields)


def _parameters(signature: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """Parameters in order, from the names, those without a default and those that are keyword only."""
    keyword_only, required = signature["keyword_only"], signature["required"]
    return tuple(
        Parameter(
            name=name,
            index=None if name in keyword_only else index,
            default=signature["defaults"].get(name),
            required=name in required,
        )
        for index, name in enumerate(signature["names"])
    )


def _layer(name: str, record: Mapping[str, Any], keras: Keras) -> Layer:
    parameters = _parameters(record["signature"])
    indices = {parameter.name: parameter.index for parameter in parameters}
    observed = record["regularizers"]
    in_order = [*(name for name in indices if name in observed), *(k for k in observed if k not in indices)]
    regularizers = {k: _regularizer_parameter(k, indices.get(k), observed[k]) for k in in_order}
    return Layer(
        name=name,
        aliases=tuple(record["aliases"]),
        exports=tuple(record["exports"]),
        module=record["module"],
        parameters=parameters,
        regularizers=regularizers,
        undeclared=_undeclared(record, keras.regularizer_keywords - set(regularizers)),
        has_weights=record["has_weights"],
        unprobed=keras.unprobed.get(name),
    )


def _undeclared(record: Mapping[str, Any], keywords: frozenset[str]) -> dict[str, str]:
    """One word for each keyword: the catalog names those that differ from the layer's usual one."""
    usual, others = record["undeclared"]["usual"], record["undeclared"]["others"]
    return {keyword: others.get(keyword, usual) for keyword in sorted(keywords)}


def _regularizer_parameter(name: str, index: int | None, observed: Mapping[str, Any]) -> RegularizerParameter:
    switch = observed["switch"]
    return RegularizerParameter(
        name=name,
        index=index,
        weights=tuple(observed["weights"]),
        switch=(switch[0], switch[1]) if switch else None,
        effect=observed["effect"],
        terms=observed["terms"],
        ranks=tuple(observed["ranks"]),
    )
