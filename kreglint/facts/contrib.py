"""The regularizers of TensorFlow 1's contrib and of slim, which are no layers' of Keras.

Their L2 is `scale * tf.nn.l2_loss(w)`, that is scale·Σw²/2: half of what Keras adds for the same number. Their L1 is
scale·Σ|w|, as in Keras (tf_slim 1.1.0, tf_slim/layers/regularizers.py; tensorflow 1.15 has the same).
"""

from __future__ import annotations

from typing import NamedTuple

from kreglint.facts.values import Construct, Symbol, Value

_MODULES = (
    "tf_slim",
    "tf_slim.layers",
    "tensorflow.contrib.layers",
    "tensorflow.contrib.slim",
    "tensorflow.contrib.framework",
)


class Share(NamedTuple):
    """A factor as it is given, and what part of it is λ."""

    factor: str
    given: Value | None
    part: float


_KINDS: dict[str, tuple[str, tuple[tuple[str, str, float], ...]]] = {
    "l1_regularizer": ("L1", (("l1", "scale", 1.0),)),
    "l2_regularizer": ("L2", (("l2", "scale", 0.5),)),
    "l1_l2_regularizer": ("L1L2", (("l1", "scale_l1", 1.0), ("l2", "scale_l2", 0.5))),
}


def contrib_factory(symbol: Symbol) -> str | None:
    """Return the name of a function of contrib or slim that makes a regularizer, or None for any other."""
    module, _, name = symbol.path.rpartition(".")
    return name if module in _MODULES and name in _KINDS else None


def is_halved(path: str) -> bool:
    """True if it is a function of contrib or slim whose L2 counts half of Σw²."""
    module, _, name = path.rpartition(".")
    return module in _MODULES and any(part != 1 for *_, part in _KINDS.get(name, ("", ()))[1])


def contrib_regularizer(value: Construct) -> tuple[str, tuple[Share, ...]] | None:
    """Return the kind of a regularizer of contrib or slim with its factors, or None for any other call."""
    name = contrib_factory(value.symbol)
    if name is None or value.has_star:
        return None
    kind, parameters = _KINDS[name]
    given = dict(zip((parameter for _, parameter, _ in parameters), value.positional, strict=False))
    for _, parameter, _ in parameters:
        by_keyword = value.keyword(parameter)
        if by_keyword is not None:
            given[parameter] = by_keyword
    shares = (Share(factor, given[name].value if name in given else None, part) for factor, name, part in parameters)
    return kind, tuple(shares)
