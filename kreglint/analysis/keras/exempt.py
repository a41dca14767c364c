"""Calls in which a fault is none: on purpose, for another version of Keras, or never made."""

from __future__ import annotations

from kreglint.analysis.keras.versioned import asks_version
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.values.evaluate import Evaluator
from kreglint.facts.values import Resolution


def is_spared(site: CallSite | AttributeSite, evaluator: Evaluator) -> bool:
    """Whether it is provoked, for some versions, or below a condition that never holds: `if DECAY:` and DECAY = 0."""
    if site.provoked or asks_version(site.guards):
        return True
    holds, resolution = evaluator.hold(site.guards)
    return holds is False and resolution <= Resolution.CROSS_FILE


def is_beyond_defaults(site: CallSite, evaluator: Evaluator) -> bool:
    """Whether a condition around it does not hold with the defaults, or with what the calls of this file pass."""
    holds, resolution = evaluator.hold(site.guards)
    return holds is False and resolution > Resolution.CROSS_FILE
