"""In which dtype a layer computes and keeps its weights: as its own `dtype` says, or the policy that the file sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kreglint.facts.calls import ApiCall
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Const, Construct, Symbol, Value

USUAL = "float32"

_HALF = ("float16", "bfloat16")
_WHOLE = (*_HALF, USUAL, "float64")
_MIXED = "mixed_"
_POLICIES = frozenset(
    (
        "keras.DTypePolicy",
        "keras.FloatDTypePolicy",
        "keras.dtype_policies.DTypePolicy",
        "keras.dtype_policies.FloatDTypePolicy",
        "keras.mixed_precision.DTypePolicy",
        "keras.mixed_precision.Policy",
        "keras.mixed_precision.experimental.Policy",
    )
)
_SET_FLOATX = frozenset(("keras.backend.set_floatx", "keras.config.set_floatx"))
_SET_POLICY = frozenset(
    (
        "keras.config.set_dtype_policy",
        "keras.mixed_precision.experimental.set_policy",
        "keras.mixed_precision.set_dtype_policy",
        "keras.mixed_precision.set_global_policy",
        "keras.mixed_precision.set_policy",
    )
)
_PARAMETERS = ("policy", "value")


class Precision(NamedTuple):
    """A policy by its name, with the dtype of what a layer gives out and that of its weights."""

    policy: str
    outputs: str
    weights: str


def precision(value: Value) -> Precision | None:
    """Return what a value given as `dtype` or as a policy means, or None if that is not certain.

    >>> from kreglint.diagnostics import Span
    >>> precision(Const(span=Span(0, 0), value="mixed_float16"))
    Precision(policy='mixed_float16', outputs='float16', weights='float32')
    """
    name = _name(value)
    if name in _WHOLE:
        return Precision(name, name, name)
    outputs = name.removeprefix(_MIXED)
    return Precision(name, outputs, USUAL) if outputs in _HALF and name == _MIXED + outputs else None


def precision_of(layer: LayerCall, calls: Iterable[ApiCall]) -> Precision | None:
    """Return the precision of a Keras layer, or of a weight from `add_weight`, or None if it is not certain."""
    given = layer.keyword("dtype")
    of_keras = layer.layer is not None
    if given is not None and not _is_none(given.value):
        return precision(given.value) if of_keras or layer.kind == "weight" else None
    return _set_for(layer, calls) if of_keras and not layer.has_star else None


def sets_floatx(calls: Iterable[ApiCall]) -> bool:
    """True if the file sets the dtype that all of Keras computes losses in."""
    return any(call.path in _SET_FLOATX for call in calls)


def _set_for(layer: LayerCall, calls: Iterable[ApiCall]) -> Precision | None:
    """Return what the only call that sets a policy says, where it is certainly made before the layer."""
    setters = [call for call in calls if call.path in _SET_POLICY | _SET_FLOATX]
    if len(setters) != 1 or setters[0].holds is None:
        return None
    holds, argument = setters[0].holds, _argument(setters[0])
    inside = holds.start <= layer.span.start < holds.end
    return precision(argument.value) if inside and argument is not None else None


def _argument(call: ApiCall) -> Argument | None:
    named = (call.keyword(name) for name in _PARAMETERS)
    return call.positional[0] if call.positional else next((each for each in named if each is not None), None)


def _name(value: Value) -> str:
    if not value.is_exact:
        return ""
    match value:
        case Const(value=str() as text):
            return text
        case Symbol(path=path) if path.startswith(("numpy.", "tensorflow.")):
            return path.rpartition(".")[2]
        case Construct(symbol=Symbol(canonical=canonical)) if canonical in _POLICIES:
            given = value.positional[0] if value.positional else value.keyword("name")
            return _name(given.value) if given is not None else ""
        case _:
            return ""


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None
