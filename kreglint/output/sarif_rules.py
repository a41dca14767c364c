"""What a SARIF log tells of a rule: the text of its page, for the viewers that show it beside a result."""

from __future__ import annotations

from collections.abc import Mapping

from kreglint.diagnostics import Severity
from kreglint.output.json_shape import JsonObject
from kreglint.output.links import rule_page
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.explain import page, summary


def rule_object(code: str, levels: Mapping[Severity, str]) -> JsonObject:
    """Return the reporting descriptor of a rule. `levels` are SARIF's words for severities."""
    rule = next(rule for rule in RULES if rule.code == code)
    short = summary(rule)
    return {
        "id": rule.code,
        "name": _pascal_case(rule.name),
        "shortDescription": {"text": short},
        "fullDescription": {"text": short},
        "help": {"text": rule.explanation(), "markdown": page(rule)},
        "helpUri": rule_page(rule.code),
        "defaultConfiguration": {"level": levels[rule.severity], "enabled": rule.default},
        "properties": {"problem.severity": _problem_severity(rule), "tags": ["keras", "regularization"]},
    }


def _pascal_case(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def _problem_severity(rule: type[Rule]) -> str:
    """Return the word that GitHub's code scanning reads."""
    return "recommendation" if rule.severity is Severity.INFO else rule.severity.value
