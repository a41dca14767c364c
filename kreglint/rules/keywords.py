"""What Keras does with a keyword that a layer does not have."""

from __future__ import annotations

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Note
from kreglint.facts.values import Argument
from kreglint.outcomes import Effect, Fails, Outcome

CERTAIN = ("ignored", "TypeError", "ValueError")  # what else was observed came of calling the layer, or was not tried


def effect(observed: str) -> Outcome:
    """Return what the catalog's word for it says: "ignored", or the exception."""
    return Effect.IGNORED if observed == "ignored" else Fails(observed, "constructor")


def refusal(keras: Keras) -> Outcome | None:
    """Return the same for a keyword that no layer has: what Dense does with another layer's, which it takes none of."""
    dense = keras.layer("Dense")
    return effect(dense.undeclared["gamma_regularizer"]) if dense is not None else None


def written(argument: Argument) -> tuple[Note, ...]:
    """Return the related places of a finding at a keyword that is written elsewhere: in dicts or another file."""
    return tuple(Note(each.span, "the keyword is written here", each.elsewhere) for each in argument.keyword_origin)
