"""Calls in which a fault is none: on purpose, for another version of Keras, or never made."""

from __future__ import annotations

from kreglint.analysis.keras.versioned import asks_version
from kreglint.analysis.semantic.sites import AttributeSite, CallSite, ImportedName
from kreglint.analysis.values.infer import hold
from kreglint.analysis.values.module import Module
from kreglint.facts.values import Provenance


def is_spared(site: CallSite | AttributeSite | ImportedName, module: Module) -> bool:
    """True if it is provoked, for some versions, or below a condition that never holds: `if DECAY:` and DECAY = 0."""
    if site.provoked or asks_version(site.guards, module):
        return True
    holds, provenance = hold(site.guards, module.of(site))
    return holds is False and provenance <= Provenance.CROSS_FILE


def is_beyond_defaults(site: CallSite, module: Module) -> bool:
    """True if a condition around it does not hold with the defaults, or with what the calls of this file pass."""
    holds, provenance = hold(site.guards, module.of(site))
    return holds is False and provenance > Provenance.CROSS_FILE
