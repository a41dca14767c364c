"""The findings of a verification, in words."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.runtime.places import place_of
from kreglint.runtime.result import Fault, Place
from kreglint.runtime.slots import Slot

MISMATCH, INERT, NOT_TRAINED, TWICE = "KRG801", "KRG802", "KRG803", "KRG804"
IN_PREDICTION, LOST_ON_SAVE, DOMINANT, NOT_FINITE, STATIC = "KRG805", "KRG806", "KRG807", "KRG808", "KRG809"


def fault(
    code: str,
    message: str,
    slot: Slot | None = None,
    severity: Severity = Severity.ERROR,
    related: tuple[tuple[str, Place], ...] = (),
) -> Fault:
    """Return a finding about a slot's layer, or about the model as a whole."""
    layer = None if slot is None else slot.node.name
    place = None if slot is None else place_of(slot.node)
    return Fault(code, severity.value, message, layer, place, related)


def weight_of(slot: Slot) -> str:
    """Return how a message names what is regularized: `'conv1' (Conv2D) kernel`."""
    return f"{slot.node.name!r} ({slot.node.kind}) {slot.what}"
