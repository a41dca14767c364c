"""What one version of Keras makes of a value that is given as a regularizer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.catalog.model import Keras, RegularizerClass, Tried
from kreglint.facts.contrib import Share, contrib_regularizer
from kreglint.facts.factors import factor_kind, number
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Function,
    Mapping,
    OneOf,
    Provenance,
    Sequence,
    Symbol,
    Unknown,
    Value,
)
from kreglint.records import record, replace

FACTORS = ("l1", "l2", "factor")
_PREFIX = "keras.regularizers."


@record(kw_only=True)
class Meaning:
    """A regularizer as Keras has it: its kind in the contract's words, and its factors λ.

    A factor is None if the kind has none or it is not known; then `reason` says why. `outcome` is what Keras
    does with a value that it rejects. `alternatives` are the meanings of the values that branches leave open.
    """

    kind: str
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None
    provenance: Provenance = Provenance.EXACT
    reason: str | None = None
    outcome: Tried | None = None
    alternatives: tuple[tuple[Value, Meaning], ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether it is one meaning on every path, of a value in this file."""
        return self.provenance is Provenance.EXACT and not self.alternatives

    @property
    def word(self) -> str:
        """How the value was found, in the contract's words."""
        if not self.alternatives:
            return self.provenance.word
        return self.provenance.word if self.provenance is Provenance.CALLERS else "branches"

    @property
    def factors(self) -> dict[str, float]:
        """The factors that are known, by their parameter's name."""
        named = {name: getattr(self, name) for name in FACTORS}
        return {name: factor for name, factor in named.items() if factor is not None}


def meaning(value: Value, keras: Keras) -> Meaning:
    """Return what `keras` makes of `value` as a weight regularizer."""
    found = _meaning(value, keras)
    if isinstance(value, OneOf) and not found.alternatives:
        return found  # which is as sure as the least sure of what they all mean
    found = found if found.provenance >= value.provenance else replace(found, provenance=value.provenance)
    is_form_field = found.provenance is Provenance.FORM_FIELD and found.reason is None
    return replace(found, reason="form field") if is_form_field else found


def _meaning(value: Value, keras: Keras) -> Meaning:
    match value:
        case Const(value=None):
            return Meaning(kind="none")
        case Const(value=str(identifier)):
            return _of_identifier(identifier, keras)
        case Const() | Sequence():
            return _invalid(_of_constant(value, keras))
        case Mapping():
            return _of_config(value, keras)
        case Symbol():
            return _of_symbol(value, keras)
        case Construct():
            return _of_call(value, keras)
        case Function(kind="class"):
            return _unknown(f"the class '{value.name}', not called")
        case Function():
            return Meaning(kind="custom")
        case OneOf(alternatives=alternatives):
            return _of_alternatives([(way, meaning(way, keras)) for way in alternatives], value.provenance)
        case Unknown(reason=reason):
            return _unknown(reason)
    return _unknown("not followed")


def _unknown(reason: str) -> Meaning:
    return Meaning(kind="unknown", provenance=Provenance.UNKNOWN, reason=reason)


def _invalid(outcome: Tried) -> Meaning:
    return Meaning(kind="invalid", outcome=outcome)


def _of_alternatives(ways: list[tuple[Value, Meaning]], provenance: Provenance) -> Meaning:
    """Return the meaning of one of several values; the common one, if Keras makes the same of all."""
    contents = {(found.kind, found.l1, found.l2, found.factor, found.reason) for _, found in ways}
    if len(contents) == 1 and ways[0][1].kind != "unknown":
        least = max(found.provenance for _, found in ways)
        return replace(ways[0][1], provenance=max(provenance, least))
    return Meaning(kind="unknown", provenance=provenance, alternatives=tuple(ways))


def _of_identifier(identifier: str, keras: Keras) -> Meaning:
    known = keras.identifiers.get(identifier)
    if known is None:
        return _invalid(keras.unknown_identifier)
    return Meaning(kind=known.kind, l1=known.l1, l2=known.l2, factor=known.factor)


def _of_constant(value: Const | Sequence, keras: Keras) -> Tried:
    kind = value.kind if isinstance(value, Sequence) else type(value.value).__name__
    return keras.not_a_regularizer.get(kind, keras.not_a_regularizer["int"])


def _of_config(value: Mapping, keras: Keras) -> Meaning:
    """Return a dict as `regularizers.deserialize` reads it: a class name and a config."""
    if not value.complete:
        return _unknown("a dict that is not known whole")
    name = value.get("class_name")
    config = value.get("config")
    if name is None:
        return _invalid(keras.not_a_regularizer["dict_without_class_name" if value.entries else "empty_dict"])
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return _unknown("a dict config whose class is not known")
    if name.value not in keras.identifiers:
        alias = keras.not_a_regularizer["dict_of_alias"]  # of Keras 2, and refused by Keras 3 as any unknown class
        exception = alias.exception if config is not None and alias.exception else "ValueError"
        return _invalid(replace(keras.unknown_identifier, stage="constructor", exception=exception))
    if any(key not in ("class_name", "config") for key, _ in value.entries) and not _is_of_keras(value):
        return _unknown("a dict config of a registered class or another module")
    if config is None:
        outcome = keras.not_a_regularizer["dict_without_config"]
        return _invalid(outcome) if outcome.exception else _of_identifier(name.value, keras)
    if not isinstance(config, Mapping) or not config.complete:
        return _unknown("a dict config that is not known whole")
    known = keras.regularizers.get(name.value) or keras.regularizers.get(keras.identifiers[name.value].kind)
    if known is None:
        return _of_identifier(name.value, keras)
    return _of_factors(known, _named(known, config), keras)


def _named(known: RegularizerClass, config: Mapping) -> Iterator[tuple[str, Value]]:
    """Yield the entries of a config with the parameters that they set: `l`, if accepted, is the only factor."""
    for key, factor in sorted(config.entries, key=lambda entry: entry[0] == "l"):
        yield known.parameters[0].name if key == "l" and known.accepts_l else str(key), factor


def _is_of_keras(value: Mapping) -> bool:
    """True if a dict in the form that Keras 3 serializes to names a class of Keras' own."""
    further = {key: entry for key, entry in value.entries if key not in ("class_name", "config")}
    expected = {"module": "keras.regularizers", "registered_name": None}
    return "module" in further and all(
        key in expected and isinstance(entry, Const) and entry.value == expected[str(key)]
        for key, entry in further.items()
    )


def _of_symbol(value: Symbol, keras: Keras) -> Meaning:
    canonical = value.canonical or ""
    if canonical.startswith(_PREFIX):
        outcome = keras.uncalled.get(canonical[len(_PREFIX) :])
        if outcome is None:
            return _unknown(f"'{value.name}' is no regularizer of Keras {keras.major}")
        if outcome.exception is not None:
            return _invalid(outcome)
        return Meaning(kind=outcome.kind or "custom", l1=outcome.l1, l2=outcome.l2, factor=outcome.factor)
    module = value.path.rpartition(".")[0]
    return _unknown(f"'{value.name}' is " + ("Python's own" if module == "builtins" else f"imported from '{module}'"))


def _of_call(value: Construct, keras: Keras) -> Meaning:
    canonical = value.symbol.canonical or ""
    if canonical.startswith(_PREFIX) and len(value.arguments) == 1 and not value.has_star:
        handed = value.arguments[0].value
        if _hands_through(canonical[len(_PREFIX) :], handed):
            return meaning(handed, keras)
    found = contrib_regularizer(value)
    if found is not None:
        return _of_contrib(*found)
    if canonical.startswith(_PREFIX):
        known = keras.regularizers.get(canonical[len(_PREFIX) :])
        if known is None:
            exists = canonical.partition(".")[2] in keras.module_paths
            return _unknown(f"returned by '{canonical}'" if exists else f"Keras {keras.major} has no '{canonical}'")
        return _of_regularizer_call(value, known, keras)
    if canonical.startswith(("keras.constraints.", "keras.initializers.")):
        return _of_other_role(value, keras)
    return _unknown(f"returned by '{value.symbol.path}'")


def _hands_through(function: str, given: Value) -> bool:
    """True if a function of `keras.regularizers` stands for the very regularizer that it is given."""
    if function == "deserialize":
        return isinstance(given, Mapping) or _is_call_of(given, "serialize")
    if function == "serialize":
        is_none = isinstance(given, Const) and given.value is None
        return is_none or _is_call_of(given, "")
    return function == "get"


def _is_call_of(value: Value, name: str) -> bool:
    """True if it is made by a function or class of `keras.regularizers` whose name starts so."""
    return isinstance(value, Construct) and (value.symbol.canonical or "").startswith(_PREFIX + name)


def _of_contrib(kind: str, shares: Iterable[Share]) -> Meaning:
    found = Meaning(kind=kind)
    for share in shares:
        scale = 1.0 if share.given is None else number(share.given)
        found = _replace_factor(found, share.factor, None if scale is None else scale * share.part)
        if scale is None and share.given is not None:
            described = f"'{share.factor}' is {_describe(share.given)}"
            reason = share.given.reason if isinstance(share.given, Unknown) else described
            found = replace(found, provenance=Provenance.UNKNOWN, reason=reason)
        elif share.given is not None:
            found = replace(found, provenance=max(found.provenance, share.given.provenance))
    return found


def _of_other_role(value: Construct, keras: Keras) -> Meaning:
    fallback = "MaxNorm" if "constraints" in str(value.symbol.canonical) else "initializer_instance"
    outcome = keras.not_a_regularizer.get(value.symbol.name, keras.not_a_regularizer[fallback])
    return _invalid(outcome) if outcome.exception else Meaning(kind="custom", outcome=outcome)


def _of_regularizer_call(value: Construct, known: RegularizerClass, keras: Keras) -> Meaning:
    if value.has_star:
        return _unknown("arguments that are unpacked")
    if len(value.positional) > len([p for p in known.parameters if p.index is not None]):
        return _invalid(wrong_arguments())
    given = [(name, argument.value) for name, argument in regularizer_parameters(value, known)]
    if len({name for name, _ in given}) < len(given):
        return _invalid(wrong_arguments())
    return _of_factors(known, given, keras)


def wrong_arguments() -> Tried:
    """Return what Python does with a call that has an argument too many, or one by a name that is not there."""
    return Tried(stage="constructor", subject="regularizer", exception="TypeError")


def regularizer_parameters(value: Construct, known: RegularizerClass) -> Iterator[tuple[str, Argument]]:
    """Yield each argument of a regularizer's call with its parameter's name; `l` is the only factor if accepted."""
    for parameter, argument in zip(known.parameters, value.positional, strict=False):
        yield parameter.name, argument
    for argument in value.arguments:
        if argument.keyword == "l" and known.accepts_l:
            yield known.parameters[0].name, argument
        elif argument.keyword is not None:
            yield argument.keyword, argument


def _of_factors(known: RegularizerClass, given: Iterable[tuple[str, Value]], keras: Keras) -> Meaning:
    """Return a regularizer of a kind, its default factors replaced by those that are given."""
    names = {parameter.name for parameter in known.parameters}
    found = Meaning(kind=known.kind, l1=known.l1, l2=known.l2, factor=known.factor)
    for name, value in given:
        if name not in names:
            return _invalid(wrong_arguments())
        if name in FACTORS:
            found = _with_factor(found, name, value, keras)
        if found.outcome is not None:
            return found
    return found


def _with_factor(found: Meaning, name: str, value: Value, keras: Keras) -> Meaning:
    if isinstance(value, Unknown):
        unknown = replace(found, provenance=Provenance.UNKNOWN, reason=value.reason)
        return _replace_factor(unknown, name, None)
    kind = factor_kind(value)
    outcome = keras.factor(found.kind, kind) if kind is not None else None
    if isinstance(value, Const) and type(value.value) is int:
        outcome = keras.factors.get(f"{found.kind}:int", outcome)  # a class that takes floats alone
    if outcome is not None and outcome.exception is not None:
        return _invalid(outcome)
    factor = _accepted_factor(value, kind, outcome)
    provenance = max(found.provenance, value.provenance if factor is not None else Provenance.UNKNOWN)
    reason = found.reason if factor is not None else f"'{name}' is {_describe(value)}"
    return _replace_factor(replace(found, provenance=provenance, reason=reason), name, factor)


def _replace_factor(found: Meaning, name: str, factor: float | None) -> Meaning:
    match name:
        case "l1":
            return replace(found, l1=factor)
        case "l2":
            return replace(found, l2=factor)
        case _:
            return replace(found, factor=factor)


def _accepted_factor(value: Value, kind: str | None, outcome: Tried | None) -> float | None:
    if kind == "none" and outcome is not None:
        return outcome.l1 if outcome.l1 is not None else outcome.l2
    return number(value)


def _describe(value: Value) -> str:
    match value:
        case Construct(symbol=symbol):
            return f"returned by '{symbol.path}'"
        case Symbol(path=path):
            return f"imported as '{path}'"
        case _:
            return "not a number that is known"
