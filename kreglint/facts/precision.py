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
_QUANTIZED = frozenset(("keras.QuantizedDTypePolicy", "keras.dtype_policies.QuantizedDTypePolicy"))
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


def policy_of(layer: LayerCall, calls: Iterable[ApiCall]) -> str:
    """Return the name of a Keras layer's policy, be it known or not; empty if that is not certain."""
    given = layer.keyword("dtype")
    if given is not None and not _is_none(given.value):
        return _name(given.value)
    argument = None if layer.has_star else _argument_set_for(layer, calls)
    return _name(argument.value) if argument is not None else ""


def sets_floatx(calls: Iterable[ApiCall]) -> bool:
    """True if the file sets the dtype that all of Keras computes losses in."""
    return any(call.path in _SET_FLOATX for call in calls)


def _set_for(layer: LayerCall, calls: Iterable[ApiCall]) -> Precision | None:
    """Return what a policy means that is set for a layer."""
    argument = _argument_set_for(layer, calls)
    return precision(argument.value) if argument is not None else None


def _argument_set_for(layer: LayerCall, calls: Iterable[ApiCall]) -> Argument | None:
    """Return what the only call that sets a policy is given, where it is certainly made before the layer."""
    setters = [call for call in calls if call.path in _SET_POLICY | _SET_FLOATX]
    if len(setters) != 1 or setters[0].holds is None:
        return None
    holds = setters[0].holds
    return _argument(setters[0]) if holds.start <= layer.span.start < holds.end else None


def _argument(call: ApiCall) -> Argument | None:
    named = (call.keyword(name) for name in _PARAMETERS)
    return call.positional[0] if call.positional else next((each for each in named if each is not None), None)


def _name(value: Value) -> str:
    if not value.is_exact:
        return ""
    match value:
        case Const(value=str() as text):
            return text
        case Construct(symbol=Symbol(canonical=canonical)) if canonical in _QUANTIZED:
            return _quantized_name(value)
        case Symbol(path=path) if path.startswith(("numpy.", "tensorflow.")):
            return path.rpartition(".")[2]
        case Construct(symbol=Symbol(canonical=canonical)) if canonical in _POLICIES:
            given = value.positional[0] if value.positional else value.keyword("name")
            return _name(given.value) if given is not None else ""
        case _:
            return ""


def _quantized_name(policy: Construct) -> str:
    """Return the name that Keras gives a policy of a mode: `int8_from_float32`."""
    given = policy.positional[0] if policy.positional else policy.keyword("mode")
    source = policy.positional[1] if len(policy.positional) > 1 else policy.keyword("source_name")
    mode, origin = (_name(each.value) if each is not None else "" for each in (given, source))
    return f"{mode}_from_{origin}" if mode and origin else ""


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None
