"""What one version of Keras makes of a regularizer that a layer is given, in the contract's words."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Literal, TypeAlias

from kreglint.catalog.model import Keras, Layer, RegularizerParameter
from kreglint.facts.binding import argument_for
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import Meaning
from kreglint.facts.values import Const, Value
from kreglint.versions import within

Effect: TypeAlias = Literal["applied", "ignored", "rejected", "unknown"]

KERAS_1_KEYWORDS = MappingProxyType(
    {
        "W_regularizer": ("kernel_regularizer", "embeddings_regularizer"),
        "b_regularizer": ("bias_regularizer",),
        "U_regularizer": ("recurrent_regularizer",),
    }
)
KERAS_1_CONVERTED = ">=2.0,<2.4"  # standalone Keras, which takes these for what they are called now
_RAISED = ("TypeError", "ValueError")  # what else the catalog has came of calling the layer, or was not tried
_MATRIX = 2
FACTORS_OF = {"L1": ("l1",), "L2": ("l2",), "L1L2": ("l1", "l2"), "OrthogonalRegularizer": ("factor",)}


def keyword_today(keyword: str, layer: Layer | None) -> str:
    """Return what a layer calls a keyword of Keras 1 since."""
    names = KERAS_1_KEYWORDS[keyword]
    return next((name for name in names if layer is not None and name in layer.regularizers), names[0])


def effect_on_layer(call: LayerCall | None, layer: Layer, keyword: str, found: Meaning, keras: Keras) -> Effect:
    """Return what comes of a regularizer, as it is `found` to be, by a keyword of a layer's call, if that is known."""
    parameter = _parameter(layer, keyword, keras)
    if parameter is None:
        return _of_unknown_keyword(layer, keyword, found)
    if found.kind not in ("invalid", "none") and _is_without_weight(call, layer, parameter):
        return "ignored"
    if found.kind == "OrthogonalRegularizer" and parameter.ranks and _MATRIX not in parameter.ranks:
        return "rejected"
    effect = effect_on_weight(found)
    if effect != "applied" or parameter.effect == "penalty":
        return effect
    # What was not observed on a layer that can be made is known by the signature alone.
    return "ignored" if parameter.effect == "none" else "applied" if layer.unprobed is None else "unknown"


def effect_on_weight(found: Meaning) -> Effect:
    """Return what comes of a regularizer that a weight has, as it is `found` to be."""
    if found.alternatives:
        return common(effect_on_weight(each) for _, each in found.alternatives)
    match found.kind:
        case "none":
            return "ignored"
        case "unknown":
            return "unknown"
        case "invalid":
            return "rejected" if found.outcome is None or found.outcome.exception is not None else "unknown"
    factors = [getattr(found, name) for name in FACTORS_OF.get(found.kind, ())]
    return "ignored" if factors and all(factor == 0 for factor in factors) else "applied"


def common(effects: Iterable[Effect]) -> Effect:
    """Return what several have in common."""
    found = set(effects)
    return found.pop() if len(found) == 1 else "unknown"


def _parameter(layer: Layer, keyword: str, keras: Keras) -> RegularizerParameter | None:
    known = layer.regularizers.get(keyword)
    if known is None and keyword in KERAS_1_KEYWORDS and within(keras.number, KERAS_1_CONVERTED):
        return layer.regularizers.get(keyword_today(keyword, layer))
    return known


def _of_unknown_keyword(layer: Layer, keyword: str, found: Meaning) -> Effect:
    observed = layer.undeclared.get(keyword)
    if observed == "ignored":
        return "ignored" if found.kind != "invalid" else "unknown"
    return "rejected" if layer.unprobed is None and (observed is None or observed in _RAISED) else "unknown"


def _is_without_weight(call: LayerCall | None, layer: Layer, parameter: RegularizerParameter) -> bool:
    """True if the call switches the weight off that is to be regularized."""
    if parameter.switch is None or call is None:
        return False
    name, absent = parameter.switch
    setting = argument_for(call, layer, name)
    return setting is not None and _is_exactly(setting.value, absent)


def _is_exactly(value: Value, wanted: bool) -> bool:
    return isinstance(value, Const) and value.value is wanted and value.is_exact
