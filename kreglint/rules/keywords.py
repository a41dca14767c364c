"""What Keras does with a keyword that a layer does not have."""

from __future__ import annotations

from kreglint.catalog.model import Keras

CERTAIN = ("ignored", "TypeError", "ValueError")  # what else was observed came of calling the layer, or was not tried


def effect(observed: str) -> str:
    """The catalog's word for it ("ignored", or the exception) as a clause of a message."""
    return "ignores it" if observed == "ignored" else f"raises {observed} when the layer is constructed"


def refusal(keras: Keras) -> str:
    """The same for a keyword that no layer has: what Dense does with another layer's, which it takes none of."""
    dense = keras.layer("Dense")
    return effect(dense.undeclared["gamma_regularizer"]) if dense is not None else ""
