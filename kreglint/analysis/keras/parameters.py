"""What becomes of the activity regularizers and the λ that a program's own layers, models and functions are given."""

from __future__ import annotations

import re

from kreglint.analysis.keras.own_activity import ACTIVITY, dropped_activities
from kreglint.analysis.keras.own_layers import OwnLayers
from kreglint.analysis.keras.reader import View
from kreglint.analysis.keras.repeated_activity import RepeatedActivities
from kreglint.analysis.keras.strengths import dropped_strengths, ignored_strengths
from kreglint.facts.parameters import STRENGTH_TRIGGERS, ParameterFacts

_STRENGTHS = "|".join(STRENGTH_TRIGGERS)


def parameter_facts(view: View) -> ParameterFacts:
    """Return those of one program."""
    activity = ACTIVITY in view.text
    strength = "_regularizer" in view.text or re.search(_STRENGTHS, view.text) is not None
    if not activity and not strength:
        return ParameterFacts()
    layers = OwnLayers(view)
    return ParameterFacts(
        dropped=tuple(dropped_activities(layers)) if activity else (),
        repeated=tuple(RepeatedActivities(layers).found()) if activity else (),
        strengths=tuple(dropped_strengths(layers)) if strength else (),
        ignored=tuple(ignored_strengths(layers)) if strength else (),
    )
