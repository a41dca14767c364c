"""Which rules speak of a file, and which facts these read."""

from __future__ import annotations

from functools import cache

from kreglint.rules import RULES
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.settings.schema import Settings
from kreglint.settings.selection import fixable, ignored_for, resolve
from kreglint.source.noqa import Suppressions

_EVERY_CODE = frozenset(rule.code for rule in RULES)


def rules_on(filename: str, settings: Settings) -> frozenset[str]:
    """Return the codes to report in one file."""
    selected = selected_rules(settings)
    return selected - ignored_for(filename, settings, selected)


@cache
def selected_rules(settings: Settings) -> frozenset[str]:
    """Return the codes to report. Raises SettingsError for a selector that names no rule."""
    return resolve(settings, {rule.code: rule.default for rule in RULES})


@cache
def mended_rules(settings: Settings, selected: frozenset[str]) -> frozenset[str]:
    """Return the codes among those selected whose fixes are offered."""
    return fixable(settings, selected)


def codes_to_ask(selected: frozenset[str], comments: Suppressions) -> frozenset[str]:
    """Return the rules to ask: those selected, and every one where it is to be said which comments suppress nothing."""
    return _EVERY_CODE if comments.directives and UnusedNoqa.code in selected else selected


@cache
def facts_read(selected: frozenset[str]) -> frozenset[str]:
    """Return the facts computed on demand that the rules read; comments may require every rule to be asked."""
    codes = _EVERY_CODE if UnusedNoqa.code in selected else selected
    return frozenset(name for rule in RULES if rule.code in codes for name in rule.reads)
