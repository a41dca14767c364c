"""Which versions of Keras a file is judged by."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kreglint.facts.file import FileFacts
from kreglint.records import record
from kreglint.rules.base import Rule
from kreglint.settings.commands import told_by
from kreglint.settings.schema import Settings
from kreglint.source.text import Source
from kreglint.versions import MAJORS, RELEASED, Version, newest, within

if TYPE_CHECKING:
    from kreglint.engine.run import Run
    from kreglint.settings.detected import Detected

_NEW = 3
_KERAS_1_KEYWORDS = frozenset({"W_regularizer", "U_regularizer", "b_regularizer"})


@record()
class Targets:
    """The versions that a file may run on. `told`: it is known which, and not merely that it is Keras 3.

    `old` are versions by whose names only some of them go, whatever else they can.
    """

    versions: tuple[Version, ...]
    told: bool
    old: tuple[Version, ...] = ()

    @property
    def spelled(self) -> tuple[Version, ...]:
        """The versions that must have every name that a fix writes."""
        return (*self.old, *self.versions)

    def of(self, rule: type[Rule]) -> tuple[Version, ...]:
        """Return the versions to ask a rule for: the targets, or the newest of each major with the rule's ranges."""
        if self.told or not rule.ranges:
            return self.versions
        majors = {version.major for version in self.versions}
        further = {version for each in rule.ranges for version in newest_within(each) if version.major in majors}
        return tuple(sorted({*self.versions, *further}))


def targets(facts: FileFacts, settings: Settings, source: Source, run: Run | None = None) -> Targets:
    """Return the versions that the settings name, or else those that the file's project declares and the file allows.

    Without a run nothing beside the file is read.
    """
    if settings.version is not None:
        return Targets((settings.version,), told=True)
    detected = _detected(source, run) if _concerns_keras(facts) else None
    declared, old = (detected.versions, detected.old) if detected is not None else ((), ())
    if len(facts.majors) == 1:
        [major] = facts.majors
        known = tuple(v for v in declared if v.major == major)
        return Targets(known or (newest(major),), bool(known) or major < _NEW, old if major < _NEW else ())
    if not facts.majors and _is_old(facts):
        return Targets(tuple(v for v in declared if v.major < _NEW) or declared or (newest(_NEW - 1),), True, old)
    return Targets(declared or tuple(map(newest, MAJORS)), bool(declared), old)


def _detected(source: Source, run: Run | None) -> Detected | None:
    """Return what the file says itself of the Keras that it runs with, or else the project around it."""
    told = told_by(source.commands, source.text, source.kernel)
    return told if told is not None or run is None else run.detected_keras(source.path)


@cache
def newest_within(ranges: str) -> tuple[Version, ...]:
    """Return the newest released version with a catalog in a range; empty if none is released yet."""
    return tuple(version for version in RELEASED if within(version, ranges))[-1:]


def _concerns_keras(facts: FileFacts) -> bool:
    of_keras = (facts.layers, facts.regularizer_calls, facts.regularizer_names, facts.attribute_assignments)
    of_own = (facts.weights, facts.custom.regularizers, facts.custom.arithmetic, facts.custom.called_numbers)
    return any(of_keras) or any(of_own) or bool(facts.late.assignments or facts.halves.penalties)


def _is_old(facts: FileFacts) -> bool:
    """True if the file has keywords of Keras 1, or the switch that makes tf.keras Keras 2: it is not of Keras 3."""
    keywords = (argument.keyword for call in facts.layers if call.layer for argument in call.arguments)
    return facts.sets_legacy_keras or not _KERAS_1_KEYWORDS.isdisjoint(keywords)
